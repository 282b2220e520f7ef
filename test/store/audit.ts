import { sql } from 'kysely'
import type { AuditEvent, AuditOrigin } from '../../src/domain/audit.ts'
import { sealAuditEvents } from '../../src/store/audit-chain.ts'
import { insertAuditEvents, type NewAuditEvent } from '../../src/store/audit-events.ts'
import type { Database } from '../../src/store/database.ts'
import { testDatabase } from '../helpers/database.ts'
import { later, startedAt } from './rows.ts'

export type EventChanges = Partial<AuditEvent & AuditOrigin & { readonly at: Date }>

/** An event of a hosted page. */
export const eventOf = (changes: EventChanges = {}): NewAuditEvent => ({
  operation: 'connectLink.opened',
  outcome: 'SUCCESS',
  endUserId: 'user-1',
  targets: [{ type: 'ConnectLink', id: 'link-1' }],
  actor: { kind: 'HOSTED_PAGE', id: 'link-1', name: null },
  organizationId: null,
  address: '192.0.2.1',
  userAgent: 'Browser "1", ünïcode',
  requestId: null,
  at: startedAt,
  ...changes,
})

/** Appends an event for each entry, and adds all to the hash chain. */
export async function appendEvents(db: Database, entries: readonly EventChanges[]): Promise<void> {
  await insertAuditEvents(db, entries.map(eventOf))
  await sealAuditEvents(db)
}

/** Runs statements that the trigger refuses. */
export const tamper = (db: Database, work: (transaction: Database) => Promise<unknown>): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    await sql`alter table audit_events disable trigger user`.execute(transaction)
    await work(transaction)
    await sql`alter table audit_events enable trigger user`.execute(transaction)
  })

/** An emptied database with that many events, one per second, each of another end user. */
export async function withEvents(count: number): Promise<Database> {
  const db = await testDatabase()
  await appendEvents(
    db,
    Array.from({ length: count }, (_, index) => ({ at: later(index), endUserId: `user-${index + 1}` })),
  )
  return db
}

/** All events in the order of the chain. */
export const eventsOf = (db: Database) => db.selectFrom('auditEvents').selectAll().orderBy('number').execute()
