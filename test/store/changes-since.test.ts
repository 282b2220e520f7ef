import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { connectionsChangedSince } from '../../src/store/connection-list.ts'
import { findTransitionsSince } from '../../src/store/link-history.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres, onPostgres, testDatabase } from '../helpers/database.ts'
import { openExplaining } from './explain.ts'
import { fillConnections, fillLinks } from './many-rows.ts'
import { addLink, later, origin, saveOne, startedAt } from './rows.ts'

const rows = 20_000

test('the changes since a time include those at that time, and no earlier ones', async () => {
  const db = await testDatabase()
  const early = await addLink(db)
  await sql`update link_transitions set at = ${later(-1)} where link_id = ${early.id}`.execute(db)
  const link = await addLink(db)
  await saveOne(db, { remoteId: 'early' }, origin(later(-1)))
  const { id } = await saveOne(db, { remoteId: 'new' })

  expect(await findTransitionsSince(db, startedAt)).toEqual([{ linkId: link.id, number: 1 }])
  expect(await connectionsChangedSince(db, startedAt)).toMatchObject([{ id }])
})

onPostgres('reading the latest changes does not read the others', async (server) => {
  const name = `gateway_changes_${process.env.VITEST_POOL_ID ?? '0'}`
  const { db, costOf, close } = openExplaining(await freshPostgres(server, name))
  await migrateToLatest(db)
  await fillConnections(db, rows)
  await fillLinks(db, rows)
  await sql`
    insert into link_transitions (link_id, number, to_status, at, source)
    select id, 1, 'CREATED', created_at, 'GATEWAY' from connect_links`.execute(db)
  await sql`update connections set updated_at = created_at`.execute(db)
  await sql`analyze`.execute(db)

  expect((await costOf(() => findTransitionsSince(db, later(-60)))).rows).toBeLessThan(100)
  expect((await costOf(() => connectionsChangedSince(db, later(-60)))).rows).toBeLessThan(100)
  await close()
})
