import { deleteConfigSchemas } from '../../store/config-schemas.ts'
import { deleteExpiredKeys } from '../../store/idempotency-keys.ts'
import { deleteStaleInstances } from '../../store/link-checks.ts'
import { deleteExpiredReservations } from '../../store/link-reservations.ts'
import { deleteRateLimitsBefore } from '../../store/rate-limits.ts'
import { deleteDisconnected, deleteEndedLinks } from '../../store/retention.ts'
import { deleteDeliveries } from '../../store/webhook-deliveries.ts'
import type { ConnectContext } from '../context.ts'
import { windowMs } from '../util/rate-limiter.ts'

const dayMs = 86_400_000
/** No provider retries a delivery for longer. */
const deliveryRetentionMs = 7 * dayMs

/**
 * Deletes ended links, disconnected connections and cached config schemas after `retentionDays`, webhook deliveries
 * after 7 days, expired idempotency keys, link reservations and rate limits, and instances whose lease expired a day ago.
 */
export async function applyRetention({ db, now, retentionDays }: ConnectContext): Promise<void> {
  const at = now()
  const before = new Date(at.getTime() - retentionDays * dayMs)
  await deleteEndedLinks(db, before)
  await deleteDisconnected(db, before)
  await deleteConfigSchemas(db, before)
  await deleteDeliveries(db, new Date(at.getTime() - deliveryRetentionMs))
  await deleteExpiredKeys(db, at)
  await deleteExpiredReservations(db, at)
  await deleteRateLimitsBefore(db, new Date(at.getTime() - 2 * windowMs))
  await deleteStaleInstances(db, new Date(at.getTime() - dayMs))
}
