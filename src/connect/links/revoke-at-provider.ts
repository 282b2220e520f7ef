import { uncancelled } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { toOpenLink } from './to-adapter-link.ts'

/** Asks a link's provider to take it back; `undefined`: it cannot. */
export const takeBack = ({ providers }: ConnectContext, link: ConnectLinkRow): Promise<boolean> | undefined =>
  providers.ofScope(link.scope)?.adapter.revokeLink?.(toOpenLink(link, null), uncancelled())

/**
 * Takes links that have ended here back at their provider, where it can. Nobody waits for it: the gateway's own door is
 * closed already, and what is made through the provider's link all the same is looked after.
 */
export function takeBackAtProvider(context: ConnectContext, links: readonly ConnectLinkRow[]): void {
  for (const link of links) {
    const work = takeBack(context, link)?.then((taken) =>
      updateLink(context.db, link.id, { revoked_at_provider: taken }),
    )
    if (work) context.inBackground('taking back a link', work)
  }
}
