import type { Encryption } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** A URL of the gateway. The public URL may have a path. */
export const gatewayUrl = (publicUrl: URL, path: string): string =>
  `${publicUrl.origin}${publicUrl.pathname.replace(/\/$/, '')}/${path}`

/** Additional authenticated data of an encrypted column: the ciphertext decrypts only in its own row and column. */
export const encryptionContext = (
  linkId: string,
  column: 'token' | 'url' | 'redirect' | 'error-redirect' | `hand-over-${number}`,
): string => `connect-link/${linkId}/${column}`

/** Where the portal of a session is; the address contains the session's secret token. */
export const portalUrl = (publicUrl: URL, token: string): string => gatewayUrl(publicUrl, `portal/${token}/`)

/** A URL that contains a secret token. */
export const tokenUrl = (publicUrl: URL, route: 'connect' | 'return', token: string): string =>
  gatewayUrl(publicUrl, `${route}/${token}`)

/** The gateway's URL to send the end user to; `null`: the link was completed at once and has none. */
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

/** The provider's own URL, exactly as the provider returned it; `null`: there is none. */
export function providerUrl(link: ConnectLinkRow, encryption: Encryption): string | null {
  return (
    link.providerUrlEncrypted &&
    encryption.decrypt(link.providerUrlEncrypted, encryptionContext(link.id, 'url'))
  )
}
