import type { Call } from '../http/client.ts'
import type { ProviderKey } from '../provider-key.ts'
import { overdueLinks, takeLinksToRead } from '../store/link-checks.ts'
import { busyMs, checkLinks } from './check-connect-links.ts'
import type { ConnectContext } from './context.ts'
import { expireIfDue } from './end-link.ts'
import { atMost } from './syncs.ts'

const recheckAfterMs = 2_000
const linksPerRead = 50

/** Which open links a reader is interested in. */
export interface LinkChoice {
  readonly linkId?: string
  readonly endUserId?: string | null | undefined
  readonly providers?: readonly ProviderKey[] | null | undefined
}

/**
 * Asks the providers about open links that have not been asked about for two seconds, and settles those that are
 * done. A reader waits for it only so long; what takes longer is there at the next read.
 */
export async function settleOpenLinks(
  context: ConnectContext,
  choice: LinkChoice,
  call: Call,
): Promise<void> {
  const now = context.now()
  const asked = context.providers.configured.filter(({ key }) => choice.providers?.includes(key) ?? true)
  const links = await takeLinksToRead(context.db, {
    scopes: asked.map(({ scope }) => scope),
    now,
    busyUntil: new Date(now.getTime() + busyMs),
    notSince: new Date(now.getTime() - recheckAfterMs),
    limit: linksPerRead,
    linkId: choice.linkId ?? null,
    endUserId: choice.endUserId ?? null,
  })
  const work = asked.map((provider) => {
    const own = links.filter(({ scope }) => scope === provider.scope)
    return checkLinks(context, provider, { links: own, source: 'PROVIDER_POLL', call })
  })
  await atMost(context.patienceMs, Promise.all(work))
  await expireOverdue(context)
}

const graceMs = 3_600_000

/** A link whose provider could not answer for an hour after its end, or is no longer configured, ends all the same. */
export async function expireOverdue(context: ConnectContext): Promise<void> {
  const { db, providers, now } = context
  const at = now()
  const before = new Date(at.getTime() - graceMs)
  const overdue = { now: at, before, scopes: providers.scopes, limit: linksPerRead }
  for (const link of await overdueLinks(db, overdue)) {
    await expireIfDue(context, { ...link, checked_at: at })
  }
}
