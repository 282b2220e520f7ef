import { type DatabaseLocation, type OpenDatabase, type OpenOptions, openDatabase } from './database.ts'
import { isMigrated, migrateToLatest } from './migrate.ts'

/** Opens the database after its pending migrations have run, which may take longer than any other statement. */
export async function openMigratedDatabase(
  location: DatabaseLocation,
  options: OpenOptions = {},
): Promise<OpenDatabase> {
  const database = await openDatabase(location, options)
  try {
    // One statement instead of all those of a migration: mostly there is nothing to do.
    if (!(await isMigrated(database.db))) await migrate(location, database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** On PostgreSQL over connections without a limit for statements. */
async function migrate(location: DatabaseLocation, database: OpenDatabase): Promise<void> {
  if (!('url' in location)) return void (await migrateToLatest(database.db))
  const unlimited = await openDatabase(location, { statementTimeoutMs: null })
  await migrateToLatest(unlimited.db).finally(unlimited.close)
}
