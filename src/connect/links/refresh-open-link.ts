import type { Call } from '../../http/http-types.ts'
import { overdueLinks, takeLinksToRead } from '../../store/link-checks.ts'
import type { ConnectContext } from '../context.ts'
import { atMost } from '../sync-scheduler.ts'
import { busyMs, checkLinks } from './check-links.ts'
import { expireIfDue } from './end-link.ts'

const recheckAfterMs = 2_000
const overdueAtOnce = 50

/** Which link a reader wants to see as it is now. */
export interface LinkChoice {
  readonly linkId: string
  /** Only if it is that person's. */
  readonly endUserId?: string | null | undefined
}

/**
 * Asks the provider about a link that is open and has not been asked about for two seconds, and settles it if it is done. A
 * reader waits for it only so long; what takes longer is there at the next read.
 */
export async function settleOpenLink(
  context: ConnectContext,
  { linkId, endUserId }: LinkChoice,
  call: Call,
): Promise<void> {
  const { configured, scopes } = context.providers
  const now = context.now()
  const links = await takeLinksToRead(context.db, {
    scopes,
    now,
    busyUntil: new Date(now.getTime() + busyMs),
    notSince: new Date(now.getTime() - recheckAfterMs),
    limit: 1,
    linkId,
    endUserId: endUserId ?? null,
  })
  const work = configured
    .filter((provider) => links.some(({ scope }) => scope === provider.scope))
    .map((provider) => checkLinks(context, provider, { links, source: 'PROVIDER_POLL', call }))
  await atMost(context.patienceMs, Promise.all(work))
}

const graceMs = 3_600_000

/** A link whose provider could not answer for an hour after its end, or is no longer configured, ends all the same. */
export async function expireOverdue(context: ConnectContext): Promise<void> {
  const { db, providers, now } = context
  const at = now()
  const before = new Date(at.getTime() - graceMs)
  const overdue = { now: at, before, scopes: providers.scopes, limit: overdueAtOnce }
  for (const link of await overdueLinks(db, overdue)) {
    await expireIfDue(context, { ...link, checked_at: at })
  }
}
