import type { RequestContext } from '../../http/http-types.ts'
import { lockLinksForRead, overdueLinks } from '../../store/link-checks.ts'
import type { ConnectContext } from '../context.ts'
import { waitAtMost } from '../sync-scheduler.ts'
import { checkLinks, checkLockMs } from './check-links.ts'
import { expireIfDue } from './end-link.ts'

const recheckAfterMs = 2_000
const overdueAtOnce = 50

/** Which link a reader wants to see as it is now. */
export interface OpenLinkQuery {
  readonly linkId: string
  /** Only if it is that person's. */
  readonly endUserId?: string | null | undefined
}

/**
 * Asks the provider about a link that is open and has not been asked about for two seconds, and settles it if it is done. A
 * reader waits for it only so long; what takes longer is there at the next read.
 */
export async function refreshOpenLink(
  context: ConnectContext,
  { linkId, endUserId }: OpenLinkQuery,
  call: RequestContext,
): Promise<void> {
  const { configured, accountKeys } = context.providers
  const now = context.now()
  const links = await lockLinksForRead(context.db, {
    accountKeys,
    now,
    lockExpiresAt: new Date(now.getTime() + checkLockMs),
    checkedBefore: new Date(now.getTime() - recheckAfterMs),
    limit: 1,
    linkId,
    endUserId: endUserId ?? null,
  })
  const work = configured
    .filter((provider) => links.some(({ accountKey }) => accountKey === provider.accountKey))
    .map((provider) => checkLinks(context, provider, { links, source: 'PROVIDER_POLL', call }))
  await waitAtMost(context.maxWaitMs, Promise.all(work))
}

const graceMs = 3_600_000

/** A link whose provider could not answer for an hour after its end, or is no longer configured, ends all the same. */
export async function expireOverdueLinks(context: ConnectContext): Promise<void> {
  const { db, providers, now } = context
  const at = now()
  const before = new Date(at.getTime() - graceMs)
  const overdue = { now: at, before, accountKeys: providers.accountKeys, limit: overdueAtOnce }
  for (const link of await overdueLinks(db, overdue)) {
    await expireIfDue(context, { ...link, checkedAt: at })
  }
}
