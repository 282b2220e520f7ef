import type { Encryption } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** An address of the gateway's own, below a public URL that may carry a path. */
export const gatewayUrl = (publicUrl: URL, path: string): string =>
  `${publicUrl.origin}${publicUrl.pathname.replace(/\/$/, '')}/${path}`

/** Sealed columns open only in their own row. */
export const encryptionContext = (
  linkId: string,
  column: 'token' | 'url' | 'redirect' | 'error-redirect',
): string => `connect-link/${linkId}/${column}`

/** An address that only the holder of its token knows. */
export const tokenUrl = (publicUrl: URL, door: 'connect' | 'return', token: string): string =>
  gatewayUrl(publicUrl, `${door}/${token}`)

/** What to send the end user to; `null` when there never was anything to do. */
export function linkUrl(
  link: ConnectLinkRow,
  { encryption, publicUrl }: { encryption: Encryption; publicUrl: URL },
): string | null {
  if (link.tokenEncrypted === null) return null
  return tokenUrl(
    publicUrl,
    'connect',
    encryption.decrypt(link.tokenEncrypted, encryptionContext(link.id, 'token')),
  )
}

/** The provider's own link, byte for byte as it answered. */
export function providerUrl(link: ConnectLinkRow, secrets: Encryption): string | null {
  return (
    link.providerUrlEncrypted && secrets.decrypt(link.providerUrlEncrypted, encryptionContext(link.id, 'url'))
  )
}
