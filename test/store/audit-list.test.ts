import { sql } from 'kysely'
import { expect } from 'vitest'
import { type AuditFilter, listAuditEvents } from '../../src/store/audit-list.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres, onEmbedded, onPostgres, testDatabase } from '../helpers/database.ts'
import { openExplaining } from './explain.ts'
import { later, startedAt } from './rows.ts'

const first = 20
const rows = 20_000

/** Each selects a common value, and one that only old events have. */
const filters: readonly AuditFilter[] = [
  {},
  { actorKind: 'API_KEY' },
  { actorKind: 'COMMAND_LINE' },
  { actorId: 'actor-1' },
  { actorId: 'rare' },
  { endUserId: 'user-1' },
  { endUserId: 'rare' },
  { organizationId: 'organization-1' },
  { organizationId: 'rare' },
  { operation: 'createConnectLink' },
  { operation: 'rare' },
  { outcome: 'SUCCESS' },
  { outcome: 'DENIED' },
  { since: later(rows - 5) },
  { since: later(100), until: later(200) },
  { until: later(30) },
]

onPostgres('a page reads a bounded number of events for each filter', async (server) => {
  const name = `gateway_audit_list_${process.env.VITEST_POOL_ID ?? '0'}`
  const { db, costOf, close } = openExplaining(await freshPostgres(server, name))
  await migrateToLatest(db)
  await sql`
    insert into audit_events (created_at, actor_kind, actor_id, end_user_id, organization_id, operation, outcome, targets, personal_digest)
    select ${startedAt}::timestamptz + n * interval '1 second',
      case when n < 50 then 'COMMAND_LINE' else 'API_KEY' end,
      case when n < 50 then 'rare' else 'actor-' || n % 3 end,
      case when n < 50 then 'rare' else 'user-' || n % 50 end,
      case when n < 50 then 'rare' else 'organization-' || n % 5 end,
      case when n < 50 then 'rare' else 'createConnectLink' end,
      case when n < 50 then 'DENIED' else 'SUCCESS' end, '{}', ''
    from generate_series(1, ${rows}::integer) n`.execute(db)
  await sql`analyze audit_events`.execute(db)
  const tooExpensive: object[] = []
  for (const after of [null, { createdAt: later(rows / 2), id: 1 }]) {
    for (const filter of filters) {
      const cost = await costOf(() => listAuditEvents(db, filter, { first, after }))
      // A value that every fifth event has may be found by scanning the newest events.
      if (cost.rows > first * 6) tooExpensive.push({ filter, after, ...cost })
    }
  }
  expect(tooExpensive).toEqual([])
  await close()
})

onEmbedded('each filter can be used on the embedded database', async () => {
  const db = await testDatabase()
  for (const filter of filters)
    expect(await listAuditEvents(db, filter, { first, after: null })).toMatchObject({ rows: [] })
})
