import { expect, test } from 'vitest'
import { countConnections, listConnections } from '../../src/store/connection-list.ts'
import { listLinks } from '../../src/store/link-list.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres, onPostgres, testDatabase } from '../helpers/database.ts'
import { openExplaining } from './explain.ts'
import {
  accountKeys,
  connectionFilters,
  fillConnections,
  fillLinks,
  linkFilters,
  restrictedFilters,
} from './many-rows.ts'
import { later } from './rows.ts'

const first = 20
const rows = 20_000
/** Row limit: one page for each of five accounts in two statuses with two owners, and the page itself. */
const maxRows = 5 * 2 * 2 * (first + 1) + 2 * (first + 1)
/** The rows of an end user in other organizations are read too. */
const maxOrganizations = 3
const deepPosition = { createdAt: later(-rows / 2), id: '00000000-0000-4000-8000-000000000000' }

test('a filtered list returns the same rows page by page as in one page, and counts them', async () => {
  const db = await testDatabase()
  await fillConnections(db, 300)
  for (const filter of [...connectionFilters, ...restrictedFilters]) {
    const onePage = await listConnections(db, accountKeys, { filter, page: { first: 1_000, after: null } })
    const seen: string[] = []
    let after: Parameters<typeof listConnections>[2]['page']['after'] = null
    for (let isMore = true; isMore; ) {
      const page = await listConnections(db, accountKeys, { filter, page: { first, after } })
      seen.push(...page.rows.map(({ id }) => id))
      const last = page.rows.at(-1)
      after = last ? { createdAt: last.createdAt, id: last.id } : null
      isMore = page.hasNextPage
    }
    expect(seen).toEqual(onePage.rows.map(({ id }) => id))
    expect(await countConnections(db, accountKeys, filter)).toBe(new Set(seen).size)
  }
})

onPostgres(
  'a page reads a bounded number of rows for each filter, on the first page and deep in the list',
  async (server) => {
    const name = `gateway_list_cost_${process.env.VITEST_POOL_ID ?? '0'}`
    const { db, costOf, close } = openExplaining(await freshPostgres(server, name))
    await migrateToLatest(db)
    await fillConnections(db, rows)
    await fillLinks(db, rows)
    const tooExpensive: object[] = []
    for (const after of [null, deepPosition]) {
      for (const filter of connectionFilters) {
        for (const isGeneric of [false, true]) {
          const list = () => listConnections(db, accountKeys, { filter, page: { first, after } })
          const cost = await costOf(list, { isGeneric })
          if (cost.rows > maxRows || cost.isCompiled) tooExpensive.push({ filter, after, isGeneric, ...cost })
        }
      }
      for (const filter of linkFilters) {
        const cost = await costOf(() => listLinks(db, filter, { first, after }))
        if (cost.rows > maxRows || cost.isCompiled) tooExpensive.push({ links: filter, after, ...cost })
      }
    }
    expect(tooExpensive).toEqual([])

    const session = { endUserId: 'common-user', organizationId: 'acme', sharedOrganizationId: 'acme' }
    for (const filter of restrictedFilters) {
      const page = { first, after: null }
      for (const isGeneric of [false, true]) {
        const list = () => listConnections(db, accountKeys, { filter, page })
        const cost = await costOf(list, { access: session, isGeneric })
        if (cost.rows > maxRows * maxOrganizations || cost.isCompiled)
          tooExpensive.push({ session, filter, isGeneric, ...cost })
      }
    }
    const links = { within: [{ endUserId: 'common-user', organizationId: 'acme' }] }
    const cost = await costOf(() => listLinks(db, links, { first, after: null }), { access: session })
    expect(cost.rows).toBeLessThan(maxRows * maxOrganizations)
    expect(cost.isCompiled).toBe(false)
    expect(tooExpensive).toEqual([])

    expect(await countConnections(db, accountKeys, {})).toBeNull()
    expect(await countConnections(db, accountKeys, { connectorKey: 'rare' })).toBe(50)
    await close()
  },
)
