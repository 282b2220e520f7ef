import { ProviderError } from '../domain/errors.ts'
import { parseUrl } from '../domain/parse-url.ts'
import type { ProviderKey } from '../domain/provider-key.ts'

export interface TrustedHosts {
  readonly provider: ProviderKey
  readonly name: string
  /** Each with its subdomains; `null` where the provider's hosts are not known. */
  readonly hosts: readonly string[] | null
  /** The sandbox's origins. */
  readonly origins: readonly string[]
}

/**
 * A link that a provider answered is where an end user will be sent to type credentials: only https on the
 * provider's own hosts is believed, so that a wrong or forged answer does not become an open redirect.
 */
export function assertTrustedUrl(link: string, believed: TrustedHosts): string {
  const url = parseUrl(link)
  if (url && isTrusted(url, believed)) return link
  throw new ProviderError(
    believed.provider,
    'PROVIDER_INVALID_RESPONSE',
    `${believed.name} answered a link that does not lead to one of its own https addresses.`,
  )
}

function isTrusted(url: URL, { hosts, origins }: TrustedHosts): boolean {
  if (url.username !== '' || url.password !== '') return false
  if (origins.includes(url.origin)) return true
  if (url.protocol !== 'https:') return false
  return hosts === null || hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
}
