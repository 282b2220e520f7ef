import { createHmac, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'

/** The key with which a gateway signs its sessions. */
export function sessionKeyOf(encryptionKey: string): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  const seed = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'connect-gateway/sessions', 32))
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' })
}

/** The session with other claims, signed under the same head by that key. */
export function resigned(token: string, claims: Readonly<Record<string, unknown>>, key: KeyObject) {
  const { kid = '' } = decodeProtectedHeader(token)
  return new SignJWT({ ...decodeJwt(token), ...claims }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(key)
}

/** The session, signed with what everybody may know of the key. */
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

/** The session under the head that asks for no signature. */
export const unsigned = (token: string) => `${encoded({ alg: 'none' })}.${token.split('.')[1]}.`

export const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
export const decoded = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString())
