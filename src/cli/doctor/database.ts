import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../app/config.ts'
import { type OpenDatabase, openDatabase } from '../../store/database.ts'
import { bypassesRowSecurity, readDatabaseClock, tryWrite } from '../../store/inspect-database.ts'
import { FolderInUseError } from '../../store/lock-file.ts'
import { migrationState } from '../../store/migrate.ts'
import { databaseLocation } from '../database-location.ts'
import { clockResult, describeError, type Result, result } from './check.ts'

export interface InspectedDatabase {
  readonly results: readonly Result[]
  /** To be closed; `null`: it cannot be used, or has not the migrations of this version. */
  readonly database: OpenDatabase | null
}

/** Checks the database without a change to it. */
export async function inspectDatabase(config: Config): Promise<InspectedDatabase> {
  const location = databaseLocation(config)
  if ('folder' in location && !existsSync(join(location.folder, 'pg')))
    return skipped(`There is no database in ${location.folder} yet: the first start creates it.`)
  const opened = await openDatabase(location).catch((error: unknown) => error)
  if (opened instanceof FolderInUseError)
    return skipped('A running gateway uses the embedded database: stop it to check the database too.')
  if (!isDatabase(opened)) return failed(opened)
  try {
    const { results, isMigrated } = await inspect(opened)
    if (isMigrated) return { results, database: opened }
    await opened.close()
    return { results, database: null }
  } catch (error) {
    await opened.close()
    return failed(error)
  }
}

const isDatabase = (value: unknown): value is OpenDatabase =>
  typeof value === 'object' && value !== null && 'db' in value

const skipped = (message: string): InspectedDatabase => ({
  results: [result('SKIP', 'reachable', message)],
  database: null,
})

const failed = (error: unknown): InspectedDatabase => ({
  results: [result('FAIL', 'reachable', describeError(error))],
  database: null,
})

async function inspect({ db, location, isExclusive }: OpenDatabase) {
  const { sentAt, at, receivedAt } = await readDatabaseClock(db)
  const { pending, unknown } = await migrationState(db)
  const isMigrated = pending.length === 0 && unknown.length === 0
  const offset = { min: at.getTime() - receivedAt.getTime(), max: at.getTime() - sentAt.getTime() }
  return {
    isMigrated,
    results: [
      result('PASS', 'reachable', `The database answers: ${location}.`),
      migrationResult(pending, unknown),
      ...(isMigrated ? [await writeResult(db)] : []),
      // The embedded database uses the clock of this machine.
      ...(isExclusive ? [] : [clockResult('the database', offset), await roleResult(db)]),
    ],
  }
}

function migrationResult(pending: readonly string[], unknown: readonly string[]): Result {
  if (unknown.length > 0)
    return result('FAIL', 'migrated', 'The database is newer than this program: run the newer version.')
  if (pending.length > 0)
    return result(
      'WARN',
      'migrated',
      `${pending.length} migrations are pending: run "connect-gateway migrate", or the next start runs them.`,
    )
  return result('PASS', 'migrated', 'The database has all migrations of this version.')
}

async function writeResult(db: OpenDatabase['db']): Promise<Result> {
  try {
    await tryWrite(db)
    return result('PASS', 'writable', 'The database accepts writes.')
  } catch (error) {
    return result('FAIL', 'writable', `The database accepts no writes. ${describeError(error)}`)
  }
}

async function roleResult(db: OpenDatabase['db']): Promise<Result> {
  if (!(await bypassesRowSecurity(db)))
    return result('PASS', 'rights', 'Row-level security applies to the role of DATABASE_URL.')
  return result(
    'WARN',
    'rights',
    'The role of DATABASE_URL is a superuser or has BYPASSRLS, so that row-level security does not apply: use another role.',
  )
}
