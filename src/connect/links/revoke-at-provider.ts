import { operation } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { providerUrl } from './link-url.ts'
import { toAdapterLink } from './to-adapter-link.ts'

/**
 * Revokes a link at its provider. Resolves to `false` if the provider no longer had it. `undefined`: the provider
 * cannot revoke links, or its account is not configured.
 */
export function revokeAtProvider(
  { providers, encryption }: ConnectContext,
  link: ConnectLinkRow,
): Promise<boolean> | undefined {
  const revokeLink = providers.byAccountKey(link.accountKey)?.adapter.revokeLink
  // Asynchronous: a URL that cannot be decrypted must not fail the change of the link.
  return (
    revokeLink &&
    Promise.resolve().then(() =>
      revokeLink({ ...toAdapterLink(link, null), url: providerUrl(link, encryption) }, operation()),
    )
  )
}

/**
 * Revokes ended links at their provider, where it can. Not awaited: the gateway's URL has stopped working already, and
 * later checks handle a connection that is still made through the provider's URL.
 */
export function revokeAtProviderInBackground(
  context: ConnectContext,
  links: readonly ConnectLinkRow[],
): void {
  for (const link of links) {
    const work = revokeAtProvider(context, link)?.then((isRevoked) =>
      updateLink(context.db, link.id, { revokedAtProvider: isRevoked }),
    )
    if (work) context.background('revoke a link at its provider', work)
  }
}
