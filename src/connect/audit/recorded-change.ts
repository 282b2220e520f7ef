import type { AuditEvent, AuditOrigin } from '../../domain/audit.ts'
import type { Database } from '../../store/database.ts'
import type { ConnectContext } from '../context.ts'
import { recordAudit } from './record-audit.ts'

/** The change of one object. */
export interface RecordedChange extends Partial<Pick<AuditOrigin, 'organizationId'>> {
  /** Such as "apiKey.created". */
  readonly operation: string
  readonly target: NonNullable<AuditEvent['targets']>[number]
}

/** Makes a change in a transaction, and records it there unless `make` returns a falsy value: it has changed nothing. */
export function recordedChange<Result>(
  { db, now }: Pick<ConnectContext, 'db' | 'now'>,
  { operation, target, ...origin }: RecordedChange,
  make: (transaction: Database) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    const result = await make(transaction)
    const event = { operation, outcome: 'SUCCESS', targets: [target] } as const
    if (result) await recordAudit({ db: transaction, now }, event, origin)
    return result
  })
}
