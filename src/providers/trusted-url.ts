import { parseUrl } from '../domain/parse-url.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'

export interface TrustedHosts {
  readonly provider: ProviderKey
  readonly name: string
  /**
   * Host names, each including its subdomains; `null`: the provider's hosts are not known, any https host is
   * trusted.
   */
  readonly hosts: readonly string[] | null
  /** Additional trusted origins: those of the sandbox. */
  readonly origins: readonly string[]
}

/**
 * Returns the link unchanged if it is an https URL on the provider's own hosts; throws PROVIDER_INVALID_RESPONSE
 * otherwise. The end user enters credentials there, and a wrong or forged response must not become an open redirect.
 */
export function assertTrustedUrl(link: string, trusted: TrustedHosts): string {
  const url = parseUrl(link)
  if (url && link.length <= maxLinkLength && isTrusted(url, trusted)) return link
  throw new ProviderError(
    trusted.provider,
    'PROVIDER_INVALID_RESPONSE',
    `${trusted.name} returned a link that does not lead to one of its own https URLs, or is longer than 8 KB.`,
  )
}

/** Servers and proxies refuse longer URLs. */
const maxLinkLength = 8_192

function isTrusted(url: URL, { hosts, origins }: TrustedHosts): boolean {
  if (url.username !== '' || url.password !== '') return false
  if (origins.includes(url.origin)) return true
  if (url.protocol !== 'https:') return false
  return hosts === null || hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
}
