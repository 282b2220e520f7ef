import { expect, test } from 'vitest'
import { listLinks } from '../../src/store/connect-links.ts'
import { countConnections, listConnections } from '../../src/store/connection-list.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres, onPostgres, testDatabase } from '../helpers/database.ts'
import { openExplaining } from './explain.ts'
import { accountKeys, connectionFilters, fillConnections, fillLinks, linkFilters } from './many-rows.ts'
import { later } from './rows.ts'

const first = 20
const rows = 20_000
/** Of five accounts in two statuses a page each, and the page itself. */
const bound = 5 * 2 * (first + 1) + 2 * (first + 1)
const farIn = { createdAt: later(-rows / 2), id: '00000000-0000-4000-8000-000000000000' }

test('in pages a filter finds what it finds at once, each row once and as many as it counts', async () => {
  const db = await testDatabase()
  await fillConnections(db, 300)
  for (const filter of connectionFilters) {
    const whole = await listConnections(db, accountKeys, { filter, page: { first: 1_000, after: null } })
    const seen: string[] = []
    let after: Parameters<typeof listConnections>[2]['page']['after'] = null
    for (let isMore = true; isMore; ) {
      const page = await listConnections(db, accountKeys, { filter, page: { first, after } })
      seen.push(...page.rows.map(({ id }) => id))
      const last = page.rows.at(-1)
      after = last ? { createdAt: last.createdAt, id: last.id } : null
      isMore = page.hasNextPage
    }
    expect(seen).toEqual(whole.rows.map(({ id }) => id))
    expect(await countConnections(db, accountKeys, filter)).toBe(new Set(seen).size)
  }
})

onPostgres(
  'a page costs a handful of rows, whatever is asked for and however far in it lies',
  async (server) => {
    const name = `gateway_list_cost_${process.env.VITEST_POOL_ID ?? '0'}`
    const { db, costOf, close } = openExplaining(await freshPostgres(server, name))
    await migrateToLatest(db)
    await fillConnections(db, rows)
    await fillLinks(db, rows)
    const dear: object[] = []
    for (const after of [null, farIn]) {
      for (const filter of connectionFilters) {
        const cost = await costOf(() => listConnections(db, accountKeys, { filter, page: { first, after } }))
        if (cost.rows > bound) dear.push({ filter, after, ...cost })
      }
      for (const filter of linkFilters) {
        const cost = await costOf(() => listLinks(db, filter, { first, after }))
        if (cost.rows > bound) dear.push({ links: filter, after, ...cost })
      }
    }
    expect(dear).toEqual([])

    expect(await countConnections(db, accountKeys, {})).toBeNull()
    expect(await countConnections(db, accountKeys, { connectorKey: 'rare' })).toBe(50)
    await close()
  },
)
