import type { Secrets } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** An address of the gateway's own, below a public URL that may carry a path. */
export const gatewayUrl = (publicUrl: URL, path: string): string =>
  `${publicUrl.origin}${publicUrl.pathname.replace(/\/$/, '')}/${path}`

/** Sealed columns open only in their own row. */
export const sealPlace = (linkId: string, column: 'token' | 'url' | 'redirect' | 'error-redirect'): string =>
  `connect-link/${linkId}/${column}`

/** An address that only the holder of its token knows. */
export const tokenUrl = (publicUrl: URL, door: 'connect' | 'return', token: string): string =>
  gatewayUrl(publicUrl, `${door}/${token}`)

/** What to send the end user to; `null` when there never was anything to do. */
export function linkUrl(
  link: ConnectLinkRow,
  { secrets, publicUrl }: { secrets: Secrets; publicUrl: URL },
): string | null {
  if (link.token_sealed === null) return null
  return tokenUrl(publicUrl, 'connect', secrets.open(link.token_sealed, sealPlace(link.id, 'token')))
}

/** The provider's own link, byte for byte as it answered. */
export function providerUrl(link: ConnectLinkRow, secrets: Secrets): string | null {
  return link.provider_url_sealed && secrets.open(link.provider_url_sealed, sealPlace(link.id, 'url'))
}
