import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'

/** The key with which a gateway signs session tokens, derived from its encryption key. */
export function sessionKeyOf(encryptionKey: string): KeyObject {
  const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const seed = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'connect-gateway/sessions', 32))
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

/** The token with other claims, signed with `key` under the same key ID. */
export function resignToken(token: string, claims: Readonly<Record<string, unknown>>, key: KeyObject) {
  const { kid = '' } = decodeProtectedHeader(token)
  return new SignJWT({ ...decodeJwt(token), ...claims }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(key)
}

/** The token as HS256, signed with the public key as the HMAC secret (algorithm confusion). */
export function signedByPublicKey(token: string, key: KeyObject, format: 'pem' | 'der' | 'raw'): string {
  const { kid } = decodeProtectedHeader(token)
  const input = `${encoded({ alg: 'HS256', kid })}.${token.split('.')[1]}`
  const signature = createHmac('sha256', publicKeyAs(format, createPublicKey(key))).update(input)
  return `${input}.${signature.digest('base64url')}`
}

function publicKeyAs(format: 'pem' | 'der' | 'raw', key: KeyObject): string | Buffer {
  if (format === 'pem') return key.export({ format, type: 'spki' })
  const der = key.export({ format: 'der', type: 'spki' })
  return format === 'der' ? der : der.subarray(-32)
}

/** The token with `"alg": "none"` and no signature. */
export const unsignedToken = (token: string) => `${encoded({ alg: 'none' })}.${token.split('.')[1]}.`

export const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
export const decoded = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString())
