import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts'
import { isMigrated, isUsable, migrateToLatest } from '../../src/store/migrate.ts'
import { allMigrations } from '../fixtures/migrations.ts'
import { freshPostgres, onPostgres, testDatabaseUrl } from '../helpers/database.ts'
import { saveOne } from './rows.ts'

const databaseName = `gateway_migrations_${process.env.VITEST_POOL_ID ?? '0'}`

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
  test('migrate an empty database to head; a second run executes nothing and keeps the rows', async () => {
    const { db } = await emptyDatabase()
    expect([await isUsable(db), await isMigrated(db)]).toEqual([false, false])

    const executed = await migrateToLatest(db)

    expect(executed).toEqual(allMigrations)
    expect([await isUsable(db), await isMigrated(db)]).toEqual([true, true])
    const { id } = await saveOne(db)
    expect(await migrateToLatest(db)).toEqual([])
    expect(await db.selectFrom('connections').select('id').execute()).toEqual([{ id }])
  })

  test('reject a database that a newer version has migrated, and do not change it', async () => {
    const { db } = await emptyDatabase()
    await migrateToLatest(db)
    await sql`insert into kysely_migration (name, timestamp) values ('2099-01-01-later', '2099-01-01')`.execute(
      db,
    )

    expect(await isMigrated(db)).toBe(false)
    await expect(migrateToLatest(db)).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/newer than this program.*2099-01-01-later/),
    })
    const executed = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
    expect(executed.rows.map(({ name }) => name)).toEqual([...allMigrations, '2099-01-01-later'])
  })

  test('are rolled back when one fails, with a one-line message, and keep existing tables', async () => {
    const { db } = await emptyDatabase()
    await sql`create table connections (foreign_column text)`.execute(db)

    await expect(migrateToLatest(db)).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/^[^\n]+$/),
    })
    expect(await isUsable(db)).toBe(false)
    const links = await sql<{
      exists: boolean
    }>`select to_regclass('connect_links') is not null as exists`.execute(db)
    expect(links.rows).toEqual([{ exists: false }])
  })

  // A PGlite folder is locked by one process, so concurrent migrations are possible on PostgreSQL only.
  onPostgres('are serialized between concurrent processes (PostgreSQL)', async (server) => {
    const url = await freshPostgres(server, databaseName)
    const processes = await Promise.all([1, 2, 3].map(() => openDatabase({ url })))
    onTestFinished(async () => {
      await Promise.all(processes.map(({ close }) => close()))
    })

    const executed = await Promise.all(processes.map(({ db }) => migrateToLatest(db)))

    expect(executed.flat()).toEqual(allMigrations)
  })
})
