import { sql } from 'kysely'
import type { ConnectionFilter } from '../../src/store/connection-groups.ts'
import { listConnections } from '../../src/store/connection-list.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { listLinks } from '../../src/store/link-list.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { asViewer, type RowAccess } from '../../src/store/row-access.ts'
import { freshPostgres } from '../helpers/database.ts'
import { openExplaining } from '../store/explain.ts'
import { accountKeys, fillConnections, fillLinks, restrictedFilters } from '../store/many-rows.ts'

/**
 * Measures what row-level security costs among 100,000 connections and links: milliseconds and statements of a read with
 * and without the caller's setting and with the policies switched off, and rows read by its statement. Creates the
 * database `gateway_bench_security` on the server of DATABASE_URL. Compile and run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench
 *     DATABASE_URL=… node node_modules/.cache/bench/test/bench/row-security.js [rows]
 */
const count = Number(process.argv[2] ?? 100_000)
const rounds = 500
const url = await freshPostgres(process.env.DATABASE_URL ?? '', 'gateway_bench_security')
const explaining = openExplaining(url)
await migrateToLatest(explaining.db)
await fillConnections(explaining.db, count)
await fillLinks(explaining.db, count)

const session: RowAccess = { endUserId: 'common-user', organizationId: 'acme', sharedOrganizationId: 'acme' }
const page = { first: 20, after: null }
const connections = (filter: ConnectionFilter) => (db: Database) =>
  listConnections(db, accountKeys, { filter, page })
const own = { within: [{ endUserId: 'common-user', organizationId: 'acme' }] }
const reads: readonly (readonly [string, (db: Database) => Promise<unknown>])[] = [
  ['all connections', connections({})],
  ...restrictedFilters.map((filter) => [JSON.stringify(filter), connections(filter)] as const),
  ['own links', (db) => listLinks(db, own, page)],
]

const { db, close } = await openDatabase({ url })
print(`${count} rows, ${rounds} reads each: ms per read | rows read by the statement`)
for (const [name, read] of reads) {
  await setPolicies('disable')
  const withoutPolicies = await measure(() => read(db))
  await setPolicies('enable')
  const gateway = await measure(() => read(db))
  const inSession = await measure(() => asViewer(db, session, read))
  const unset = await explaining.costOf(() => read(explaining.db))
  const set = await explaining.costOf(() => read(explaining.db), { access: session })
  print(
    `${name}\n  no policies ${withoutPolicies} | gateway ${gateway} | session ${inSession} | rows ${unset.rows} and ${set.rows}`,
  )
}
await close()
await explaining.close()

async function setPolicies(state: 'enable' | 'disable'): Promise<void> {
  for (const table of ['connections', 'connection_tags', 'connect_links', 'connect_link_tags'])
    await sql`alter table ${sql.table(table)} ${sql.raw(state)} row level security`.execute(db)
}

async function measure(work: () => Promise<unknown>): Promise<string> {
  for (let round = 0; round < 20; round += 1) await work()
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  for (let round = 0; round < rounds; round += 1) await work()
  const { user, system } = process.cpuUsage(cpu)
  const ms = (performance.now() - startedAt) / rounds
  return `${ms.toFixed(2)} ms (${((user + system) / 1000 / rounds).toFixed(2)} ms CPU)`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
