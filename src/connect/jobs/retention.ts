import { trimAuditEvents } from '../../store/audit-chain.ts'
import { deleteConfigSchemas } from '../../store/config-schemas.ts'
import { deleteExpiredKeys } from '../../store/idempotency-keys.ts'
import { deleteStaleInstances } from '../../store/link-checks.ts'
import { deleteExpiredReservations } from '../../store/link-reservations.ts'
import { deleteRateLimitsBefore } from '../../store/rate-limits.ts'
import { deleteDisconnected, deleteEndedLinks } from '../../store/retention.ts'
import { deleteRevocations } from '../../store/session-revocations.ts'
import { deleteDeliveries } from '../../store/webhook-deliveries.ts'
import { deleteMessages } from '../../store/webhook-messages.ts'
import type { ConnectContext } from '../context.ts'
import { windowMs } from '../util/rate-limiter.ts'

const dayMs = 86_400_000
/** No provider retries a delivery for longer. */
const deliveryRetentionMs = 7 * dayMs
/** How long messages can be sent again. */
const messageRetentionMs = 30 * dayMs
/** Longer than a session of an earlier time can be valid. */
const revocationRetentionMs = dayMs + 3_600_000

/**
 * Deletes ended links, disconnected connections and cached config schemas after `retentionDays`, webhook deliveries
 * after 7 days, messages to webhook endpoints after 30 days, revocations of sessions after 25 hours, audit events after `auditRetentionDays`, expired idempotency keys,
 * link reservations and rate limits, and instances whose lease expired a day ago.
 */
export async function applyRetention({
  db,
  now,
  retentionDays,
  auditRetentionDays,
}: ConnectContext): Promise<void> {
  const at = now()
  const before = new Date(at.getTime() - retentionDays * dayMs)
  await deleteEndedLinks(db, before)
  await deleteDisconnected(db, before)
  await deleteConfigSchemas(db, before)
  await trimAuditEvents(db, new Date(at.getTime() - auditRetentionDays * dayMs))
  await deleteDeliveries(db, new Date(at.getTime() - deliveryRetentionMs))
  await deleteMessages(db, new Date(at.getTime() - messageRetentionMs))
  await deleteExpiredKeys(db, at)
  await deleteExpiredReservations(db, at)
  await deleteRevocations(db, new Date(at.getTime() - revocationRetentionMs))
  await deleteRateLimitsBefore(db, new Date(at.getTime() - 2 * windowMs))
  await deleteStaleInstances(db, new Date(at.getTime() - dayMs))
}
