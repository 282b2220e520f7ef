import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** Encrypts stored secrets, so that a copy of the database does not reveal them. */
export interface Encryption {
  /**
   * `context` is authenticated (AAD) and binds the ciphertext to its row and column: in another context it does not
   * decrypt.
   */
  encrypt(plaintext: string, context: string): string
  /** Throws if the key is unknown, the context differs or the ciphertext was changed. */
  decrypt(encrypted: string, context: string): string
  /** HMAC under the current key: equal texts have equal fingerprints, and the text cannot be recovered. */
  fingerprint(text: string): string
  /**
   * Derives a secret for one purpose from each key: that of the current key first, then those of the old keys. The same
   * in every process with the same keys.
   */
  derive(purpose: string): readonly string[]
  /** Whether the fingerprint is that of the text under any of the keys; compared in constant time. */
  matches(text: string, fingerprint: string): boolean
}

const version = 'v1'

/**
 * AES-256-GCM. Encrypts with the current secret and decrypts with any of them, so that keys can be rotated by moving
 * the old one to `GATEWAY_ENCRYPTION_KEYS_OLD`. Format: `v1.<key id>.<nonce>.<ciphertext and tag>`.
 */
export function createEncryption(current: string, old: readonly string[] = []): Encryption {
  const keys = new Map([...old, current].map(deriveKey).map((key) => [keyId(key), key]))
  const currentKey = deriveKey(current)
  return {
    fingerprint: (text) => hmac(currentKey, text),
    derive: (purpose) =>
      [currentKey, ...[...keys.values()].filter((key) => key !== currentKey && !key.equals(currentKey))].map(
        (key) => hmac(key, `derived/${purpose}`),
      ),
    matches: (text, fingerprint) => [...keys.values()].some((key) => isEqual(hmac(key, text), fingerprint)),
    encrypt(plaintext, context) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return [version, keyId(currentKey), nonce.toString('base64url'), body.toString('base64url')].join('.')
    },
    decrypt(encrypted, context) {
      const [, id = '', nonce = '', text = ''] = encrypted.split('.')
      const key = keys.get(id)
      if (key === undefined)
        throw new Error(`no encryption key "${id}": add it to GATEWAY_ENCRYPTION_KEYS_OLD`)
      const body = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(body.subarray(-16))
      return decipher.update(body.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

const deriveKey = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'connect-gateway/at-rest', 32))

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url')

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8)

/** 256 random bits as base64url, for a URL: not guessable, and looked up by hash only. */
export const newToken = () => randomBytes(32).toString('base64url')

export const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url')
