import { type DatabaseLocation, type OpenDatabase, type OpenOptions, openDatabase } from './database.ts'
import { migrateToLatest } from './migrate.ts'

/** Opens the database after its pending migrations have run, which may take longer than any other statement. */
export async function openMigratedDatabase(
  location: DatabaseLocation,
  options: OpenOptions = {},
): Promise<OpenDatabase> {
  if ('url' in location) {
    const unlimited = await openDatabase(location, { statementTimeoutMs: null })
    await migrateToLatest(unlimited.db).finally(unlimited.close)
    return openDatabase(location, options)
  }
  const database = await openDatabase(location, options)
  try {
    await migrateToLatest(database.db)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
