import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Derived from an encryption key. */
export interface SessionKey {
  /** Hash of the public key. */
  readonly id: string
  readonly sign: KeyObject
  readonly verify: KeyObject
}

/** DER prefix of an Ed25519 private key in PKCS #8, before its 32 bytes. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

export function deriveSessionKey(secret: string): SessionKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'connect-gateway/sessions', 32))
  const sign = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  const verify = createPublicKey(sign)
  const spki = verify.export({ format: 'der', type: 'spki' })
  return { id: createHash('sha256').update(spki).digest('hex').slice(0, 16), sign, verify }
}
