import { findOverdueHolds, takeDueRemovals } from '../../store/link-holds.ts'
import type { ConnectContext } from '../context.ts'
import { endLink } from '../links/end-link.ts'
import { rejectHeldConnection, removalRetryMs, removeUnconfirmed } from '../links/hold.ts'
import { isEnded } from '../links/status.ts'

const batchSize = 20

/**
 * Ends links whose connection was not confirmed in time, as FAILED with NOT_CONFIRMED, and removes unconfirmed connections
 * at their providers, also those whose removal failed before.
 */
export async function endOverdueHolds(context: ConnectContext): Promise<void> {
  const { db, providers, now } = context
  const at = now()
  for (const link of await findOverdueHolds(db, { now: at, limit: batchSize })) {
    const failure = { code: 'NOT_CONFIRMED', message: null } as const
    const end = { toStatus: 'FAILED', source: 'TIMEOUT', reason: 'NOT_CONFIRMED', failure } as const
    // A link that was ended by another operation at the moment it was held.
    if (isEnded(link.status))
      await db.transaction().execute((transaction) => rejectHeldConnection(transaction, link, at))
    else await endLink(context, link, end)
  }
  const retryAt = new Date(at.getTime() + removalRetryMs)
  const removals = { accountKeys: providers.accountKeys, now: at, retryAt, limit: batchSize }
  for (const link of await takeDueRemovals(db, removals)) await removeUnconfirmed(context, link)
}
