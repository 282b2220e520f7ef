import { updateLink } from '../store/connect-links.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'
import { toOpenLink } from './open-link.ts'

/**
 * Takes links that have ended here back at their provider, where it can. Nobody waits for it: the gateway's own door is
 * closed already, and what is made through the provider's link all the same is looked after.
 */
export function takeBackAtProvider(context: ConnectContext, links: readonly ConnectLinkRow[]): void {
  const call = { signal: new AbortController().signal }
  for (const link of links) {
    const provider = context.providers.configured.find(({ scope }) => scope === link.scope)
    const work = provider?.adapter
      .revokeLink?.(toOpenLink(link, null), call)
      .then((taken) => updateLink(context.db, link.id, { revoked_at_provider: taken }))
    if (work) context.inBackground('taking back a link', work)
  }
}
