import type { Viewer } from '../../domain/viewer.ts'
import type { RequestContext } from '../../http/http-types.ts'
import { findLinks } from '../../store/connect-links.ts'
import { findOverdueLinks, lockLinksForRead } from '../../store/link-checks.ts'
import { canReadLink, readAs } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { waitAtMost } from '../util/wait-at-most.ts'
import { checkLinks, checkLockMs } from './check-links.ts'
import { expireIfDue } from './end-link.ts'

const recheckAfterMs = 2_000
const overdueBatchSize = 50

/**
 * Checks an open link at its provider and reconciles it, unless it was checked in the last 2 s. Waits at most
 * `maxWaitMs`: a slower check goes on, and the next read returns its result. Does nothing for a link that the caller may not
 * read.
 */
export async function refreshOpenLink(
  context: ConnectContext,
  viewer: Viewer,
  { linkId, call }: { readonly linkId: string; readonly call: RequestContext },
): Promise<void> {
  const { accounts } = context.providers
  // While the circuit breaker of an account is open, its links are returned as they are stored.
  const accountKeys = context.providers.accountKeys.filter((key) => context.health.circuit(key) !== 'OPEN')
  const found = await readAs(context.db, viewer, (reader) => findLinks(reader, [linkId]))
  if (!found.some((link) => canReadLink(viewer, link))) return
  const now = context.now()
  const links = await lockLinksForRead(context.db, {
    accountKeys,
    now,
    lockExpiresAt: new Date(now.getTime() + checkLockMs),
    checkedBefore: new Date(now.getTime() - recheckAfterMs),
    limit: 1,
    linkId,
  })
  const work = accounts
    .filter((provider) => links.some(({ accountKey }) => accountKey === provider.accountKey))
    .map((provider) => checkLinks(context, provider, { links, source: 'PROVIDER_POLL', call }))
  await waitAtMost(context.maxWaitMs, Promise.all(work))
}

const graceMs = 3_600_000

/**
 * Expires links that are past `expiresAt` by an hour and whose provider has not answered since, or is not configured.
 */
export async function expireOverdueLinks(context: ConnectContext): Promise<void> {
  const { db, providers, now } = context
  const at = now()
  const before = new Date(at.getTime() - graceMs)
  const overdue = { now: at, before, accountKeys: providers.accountKeys, limit: overdueBatchSize }
  for (const link of await findOverdueLinks(db, overdue)) {
    await expireIfDue(context, { ...link, checkedAt: at })
  }
}
