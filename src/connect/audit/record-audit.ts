import type { AuditEvent, AuditOrigin } from '../../domain/audit.ts'
import { insertAuditEvents } from '../../store/audit-events.ts'
import { currentOrigin } from '../../store/audit-origin.ts'
import type { ConnectContext } from '../context.ts'

/**
 * Appends an event to the audit log, caused by `origin` where given, else by the caller of the running work. `db` is the
 * transaction of the change, if there is one. Input values other than IDs must not be passed.
 */
export async function recordAudit(
  { db, now }: Pick<ConnectContext, 'db' | 'now'>,
  event: AuditEvent,
  origin: Partial<AuditOrigin> = {},
): Promise<void> {
  const { call: _, ...current } = currentOrigin()
  await insertAuditEvents(db, [{ ...current, ...origin, ...event, at: now() }])
}
