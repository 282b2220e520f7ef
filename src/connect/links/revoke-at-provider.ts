import { detached } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { toAdapterLink } from './to-adapter-link.ts'

/** Asks a link's provider to take it back; `undefined`: it cannot. */
export const revokeAtProvider = (
  { providers }: ConnectContext,
  link: ConnectLinkRow,
): Promise<boolean> | undefined =>
  providers.byAccountKey(link.accountKey)?.adapter.revokeLink?.(toAdapterLink(link, null), detached())

/**
 * Takes links that have ended here back at their provider, where it can. Nobody waits for it: the gateway's own door is
 * closed already, and what is made through the provider's link all the same is looked after.
 */
export function revokeAtProviderInBackground(
  context: ConnectContext,
  links: readonly ConnectLinkRow[],
): void {
  for (const link of links) {
    const work = revokeAtProvider(context, link)?.then((taken) =>
      updateLink(context.db, link.id, { revokedAtProvider: taken }),
    )
    if (work) context.background('taking back a link', work)
  }
}
