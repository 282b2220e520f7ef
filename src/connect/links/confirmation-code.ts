import { createHmac } from 'node:crypto'
import type { Encryption } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/**
 * The six digits to show in a browser. Derived from the browser's cookie, so that a reload of the page shows the same code
 * although only a hash of it is stored.
 */
export function codeFor(encryption: Encryption, linkId: string, browserToken: string): string {
  const [key = ''] = encryption.derive('confirmation-code')
  const digest = createHmac('sha256', key).update(`${linkId} ${browserToken}`).digest()
  // 48 bits: the bias of the remainder is below one in 100 million.
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** What is stored of a code: an HMAC under the encryption key, different for each link. */
export const hashCode = (encryption: Encryption, linkId: string, code: string): string =>
  encryption.fingerprint(hashedText(linkId, code))

/** Compares in constant time. `false` if no code was shown. */
export const matchesCode = (
  encryption: Encryption,
  { id, confirmationHash }: Pick<ConnectLinkRow, 'id' | 'confirmationHash'>,
  code: string,
): boolean => confirmationHash !== null && encryption.matches(hashedText(id, code), confirmationHash)

const hashedText = (linkId: string, code: string) => `connect-link/${linkId}/code/${code}`
