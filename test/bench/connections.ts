import type { ConnectionFilter } from '../../src/store/connection-groups.ts'
import { countConnections, listConnections } from '../../src/store/connection-list.ts'
import type { Position } from '../../src/store/keyset-pagination.ts'
import { type LinkFilter, listLinks } from '../../src/store/link-list.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres } from '../helpers/database.ts'
import { type Cost, openExplaining } from '../store/explain.ts'
import {
  accountKeys,
  connectionFilters,
  fillConnections,
  fillLinks,
  linkFilters,
} from '../store/many-rows.ts'
import { later } from '../store/rows.ts'

/**
 * Measures what a page of a list costs among 1,000,000 rows: rows read, blocks read, milliseconds. Creates the database
 * `gateway_bench` on the server of DATABASE_URL. Compile and run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench
 *     DATABASE_URL=… node node_modules/.cache/bench/test/bench/connections.js [rows]
 */
const count = Number(process.argv[2] ?? 1_000_000)
const { db, costOf, close } = openExplaining(
  await freshPostgres(process.env.DATABASE_URL ?? '', 'gateway_bench'),
)
await migrateToLatest(db)
await timed(`${count} connections`, () => fillConnections(db, count))
await timed(`${count / 5} links`, () => fillLinks(db, count / 5))

const first = 100
/** Position of page 10,000 or 90% into the list, whichever comes first; there is one row per second. */
const deepPosition: Position = {
  createdAt: later(-Math.min(first * 9_999, count * 0.9)),
  id: '00000000-0000-4000-8000-000000000000',
}

print('connections: page of 100 | first page | page 10,000 | count')
for (const filter of connectionFilters) {
  const page = (after: Position | null) => () =>
    listConnections(db, accountKeys, { filter, page: { first, after } })
  const costs = [
    await costOf(page(null)),
    await costOf(page(deepPosition)),
    await costOf(() => countConnections(db, accountKeys, filter)),
  ]
  report(filter, costs)
}
print('links: page of 100 | first page | 90% into the list')
for (const filter of linkFilters) {
  const page = (after: Position | null) => () => listLinks(db, filter, { first, after })
  report(filter, [
    await costOf(page(null)),
    await costOf(page({ ...deepPosition, createdAt: later(-count * 0.18) })),
  ])
}
await close()

function report(filter: ConnectionFilter | LinkFilter, costs: readonly Cost[]): void {
  const cells = costs.map(({ rows, blocks, ms }) => `${rows} rows ${blocks} blocks ${ms.toFixed(1)} ms`)
  print(`${JSON.stringify(filter)} | ${cells.join(' | ')}`)
}

async function timed(label: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  await work()
  print(`${label} inserted in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
