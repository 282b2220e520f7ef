import { sql } from 'kysely'
import pg from 'pg'
import { test } from 'vitest'
import { type Database, type OpenDatabase, openDatabase } from '../../src/store/database.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'

/** URL of the PostgreSQL server that the tests run on; without it they run on PGlite in memory. */
export const testDatabaseUrl = process.env.TEST_DATABASE_URL

/** Defines a test that needs PostgreSQL; without a server it is not defined at all, rather than skipped. */
export function onPostgres(name: string, run: (server: string) => Promise<void>): void {
  if (testDatabaseUrl !== undefined) test(name, () => run(testDatabaseUrl))
}

/** Defines a test of the embedded database, which does not run again where the tests run on PostgreSQL. */
export function onEmbedded(name: string, run: () => Promise<void>): void {
  if (testDatabaseUrl === undefined) test(name, run)
}

let opened: Promise<OpenDatabase> | undefined

/** The migrated database of this test worker, emptied unless `keep`. Shared, because starting one takes seconds. */
export async function testDatabase({ keep = false } = {}): Promise<Database> {
  return (await testStore({ keep })).db
}

/** As `testDatabase`, but with `listen` for its notifications. */
export async function testStore({ keep = false } = {}): Promise<OpenDatabase> {
  opened ??= open()
  const database = await opened
  if (!keep) await emptyTables(database.db)
  return database
}

async function emptyTables(db: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = current_schema() and tablename not like 'kysely%'`.execute(db)
  await db.transaction().execute(async (transaction) => {
    await sql`alter table audit_events disable trigger user`.execute(transaction)
    await sql`truncate ${sql.join(rows.map(({ name }) => sql.table(name)))}`.execute(transaction)
    await sql`alter table audit_events enable trigger user`.execute(transaction)
  })
}

async function open(): Promise<OpenDatabase> {
  const database = await openDatabase(
    testDatabaseUrl === undefined
      ? { memory: true }
      : { url: await freshPostgres(testDatabaseUrl, workerName()) },
  )
  await migrateToLatest(database.db)
  return database
}

const workerName = () => `gateway_test_${process.env.VITEST_POOL_ID ?? '0'}`

const owner = { name: 'gateway_test_owner', password: 'gateway_test_owner' }

/**
 * Creates an empty database on the server, replacing an existing one, and returns its URL for its owner: not a superuser,
 * so that row-level security applies in all tests.
 */
export async function freshPostgres(server: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  // Two test workers must not create the role at once.
  await client.query(`select pg_advisory_lock(hashtext('${owner.name}'))`)
  const { rowCount } = await client.query(`select from pg_roles where rolname = '${owner.name}'`)
  if (rowCount === 0) await client.query(`create role ${owner.name} login password '${owner.password}'`)
  await client.query(`drop database if exists ${name} with (force)`)
  await client.query(`create database ${name} owner ${owner.name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  url.username = owner.name
  url.password = owner.password
  return url.href
}
