import { type LinkFilter, listLinks } from '../../src/store/connect-links.ts'
import { type ConnectionFilter, countConnections, listConnections } from '../../src/store/connection-list.ts'
import type { Position } from '../../src/store/keyset-pagination.ts'
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
 * What a page of a list costs among a million rows: rows looked at, pages of the store, milliseconds. In a database of its
 * own on the server that DATABASE_URL names. Compiled with the rest: npx tsc -p . --noEmit false --noCheck
 * --outDir node_modules/.cache/bench, then DATABASE_URL=… node node_modules/.cache/bench/test/bench/connections.js [rows]
 */
const count = Number(process.argv[2] ?? 1_000_000)
const { db, costOf, close } = openExplaining(
  await freshPostgres(process.env.DATABASE_URL ?? '', 'gateway_bench'),
)
await migrateToLatest(db)
await timed(`${count} connections`, () => fillConnections(db, count))
await timed(`${count / 5} links`, () => fillLinks(db, count / 5))

const first = 100
/** Ten thousand pages further on: a row a second. */
const farIn: Position = {
  createdAt: later(-Math.min(first * 9_999, count * 0.9)),
  id: '00000000-0000-4000-8000-000000000000',
}

print('connections: page of 100 | first page | page 10,000 | count')
for (const filter of connectionFilters) {
  const page = (after: Position | null) => () =>
    listConnections(db, accountKeys, { filter, page: { first, after } })
  const costs = [
    await costOf(page(null)),
    await costOf(page(farIn)),
    await costOf(() => countConnections(db, accountKeys, filter)),
  ]
  report(filter, costs)
}
print('links: page of 100 | first page | far in')
for (const filter of linkFilters) {
  const page = (after: Position | null) => () => listLinks(db, filter, { first, after })
  report(filter, [
    await costOf(page(null)),
    await costOf(page({ ...farIn, createdAt: later(-count * 0.18) })),
  ])
}
await close()

function report(filter: ConnectionFilter | LinkFilter, costs: readonly Cost[]): void {
  const cells = costs.map(({ rows, blocks, ms }) => `${rows} rows ${blocks} blocks ${ms.toFixed(1)} ms`)
  print(`${JSON.stringify(filter)} | ${cells.join(' | ')}`)
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  await work()
  print(`${what} written in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
