import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must be stored and must not be readable in a copy of the database. */
export interface Encryption {
  /** `place` binds the sealed text to its row and column: moved elsewhere, it does not open. */
  encrypt(plain: string, place: string): string
  decrypt(sealed: string, place: string): string
  /** The same for equal texts, and telling nothing of them. */
  fingerprint(text: string): string
  /** A secret for one purpose, the same in every process with the same key: the present one first, then those of old keys. */
  derive(purpose: string): readonly string[]
  /** Whether a fingerprint is of that text, under any of the keys. */
  matches(text: string, fingerprint: string): boolean
}

const version = 'v1'

/**
 * AES-256-GCM. The first secret seals; all of them open, so that keys can be rotated by moving the old one to
 * `GATEWAY_ENCRYPTION_KEYS_OLD`. Sealed text names its key: `v1.<key id>.<nonce>.<ciphertext and tag>`.
 */
export function createEncryption(current: string, old: readonly string[] = []): Encryption {
  const keys = new Map([...old, current].map(deriveKey).map((key) => [keyId(key), key]))
  const sealing = deriveKey(current)
  return {
    fingerprint: (text) => hmac(sealing, text),
    derive: (purpose) =>
      [sealing, ...[...keys.values()].filter((key) => key !== sealing && !key.equals(sealing))].map((key) =>
        hmac(key, `derived/${purpose}`),
      ),
    matches: (text, fingerprint) => [...keys.values()].some((key) => hmac(key, text) === fingerprint),
    encrypt(plain, place) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return [version, keyId(sealing), nonce.toString('base64url'), body.toString('base64url')].join('.')
    },
    decrypt(sealed, place) {
      const [, id = '', nonce = '', text = ''] = sealed.split('.')
      const key = keys.get(id)
      if (key === undefined)
        throw new Error(`no encryption key "${id}": add it to GATEWAY_ENCRYPTION_KEYS_OLD`)
      const body = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(place))
        .setAuthTag(body.subarray(-16))
      return decipher.update(body.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

const deriveKey = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'connect-gateway/at-rest', 32))

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url')

const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8)

/** 256 random bits for a URL: nobody guesses it, and only its hash is looked up. */
export const newToken = () => randomBytes(32).toString('base64url')

export const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url')
