import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts'
import { isAtHead, migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres, onPostgres, testDatabaseUrl } from '../helpers/database.ts'
import { saveOne } from './rows.ts'

const databaseName = `gateway_migrations_${process.env.VITEST_POOL_ID ?? '0'}`

const allSteps = [
  '2026-11-22-initial',
  '2026-11-22-lists',
  '2026-11-23-inputs',
  '2026-11-23-selection',
  '2026-11-23-walks',
  '2026-11-24-connector-inputs',
  '2026-11-29-standard-names',
]

/** An empty database, not migrated. */
async function emptyDatabase(): Promise<OpenDatabase> {
  const opened = await openDatabase(
    testDatabaseUrl === undefined
      ? { memory: true }
      : { url: await freshPostgres(testDatabaseUrl, databaseName) },
  )
  onTestFinished(opened.close)
  return opened
}

describe('migrations', () => {
  test('bring an empty database to head, and a second run has nothing to do and keeps the rows', async () => {
    const { db } = await emptyDatabase()
    expect(await isAtHead(db)).toBe(false)

    const steps = await migrateToLatest(db)

    expect(steps).toEqual(allSteps)
    expect(await isAtHead(db)).toBe(true)
    const { id } = await saveOne(db)
    expect(await migrateToLatest(db)).toEqual([])
    expect(await db.selectFrom('connections').select('id').execute()).toEqual([{ id }])
  })

  test('refuse a database that a newer program has written, and leave it alone', async () => {
    const { db } = await emptyDatabase()
    await migrateToLatest(db)
    await sql`insert into kysely_migration (name, timestamp) values ('2099-01-01-later', '2099-01-01')`.execute(
      db,
    )

    await expect(migrateToLatest(db)).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/newer than this program.*2099-01-01-later/),
    })
    const taken = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
    expect(taken.rows.map(({ name }) => name)).toEqual([...allSteps, '2099-01-01-later'])
  })

  test('a step that fails is said in one line and takes nothing back that was there', async () => {
    const { db } = await emptyDatabase()
    await sql`create table connections (foreign_column text)`.execute(db)

    await expect(migrateToLatest(db)).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/^[^\n]+$/),
    })
    expect(await isAtHead(db)).toBe(false)
    const links = await sql<{
      made: boolean
    }>`select to_regclass('connect_links') is not null as made`.execute(db)
    expect(links.rows).toEqual([{ made: false }])
  })

  // PGlite belongs to one process, and its lock file keeps others out: only PostgreSQL can be migrated by two.
  onPostgres('two processes that start at once on PostgreSQL take turns', async (server) => {
    const url = await freshPostgres(server, databaseName)
    const processes = await Promise.all([1, 2, 3].map(() => openDatabase({ url })))
    onTestFinished(async () => {
      await Promise.all(processes.map(({ close }) => close()))
    })

    const steps = await Promise.all(processes.map(({ db }) => migrateToLatest(db)))

    expect(steps.flat()).toEqual(allSteps)
  })
})
