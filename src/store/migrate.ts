import { type Migration, Migrator, sql } from 'kysely'
import { OperatorError } from '../domain/errors.ts'
import type { Database } from './database.ts'
import { DatabaseUnavailableError } from './database-error.ts'
import * as initial from './migrations/2026-11-22-initial.ts'
import * as lists from './migrations/2026-11-22-lists.ts'
import * as inputs from './migrations/2026-11-23-inputs.ts'
import * as selection from './migrations/2026-11-23-selection.ts'
import * as walks from './migrations/2026-11-23-walks.ts'
import * as connectorInputs from './migrations/2026-11-24-connector-inputs.ts'
import * as standardNames from './migrations/2026-11-29-standard-names.ts'
import * as evidence from './migrations/2026-11-30-evidence.ts'
import * as connectionHints from './migrations/2026-12-01-connection-hints.ts'
import * as skippedRows from './migrations/2026-12-01-skipped-rows.ts'
import * as fairPolling from './migrations/2026-12-02-fair-polling.ts'
import * as rateLimits from './migrations/2026-12-03-rate-limits.ts'
import * as apiKeys from './migrations/2026-12-04-api-keys.ts'
import * as linkGuards from './migrations/2026-12-04-link-guards.ts'
import * as organizations from './migrations/2026-12-04-organizations.ts'
import * as rowSecurity from './migrations/2026-12-04-row-security.ts'
import * as sessions from './migrations/2026-12-04-sessions.ts'
import * as providerAccounts from './migrations/2026-12-05-provider-accounts.ts'
import * as audit from './migrations/2026-12-06-audit.ts'
import * as changeTimes from './migrations/2026-12-08-change-times.ts'
import * as reserveLink from './migrations/2026-12-09-reserve-link.ts'
import * as activeLinks from './migrations/2026-12-10-active-links.ts'
import * as linkAppearance from './migrations/2026-12-11-link-appearance.ts'
import * as handOvers from './migrations/2026-12-12-hand-overs.ts'
import * as webhookEndpoints from './migrations/2026-12-15-webhook-endpoints.ts'
import * as webhookTrace from './migrations/2026-12-16-webhook-trace.ts'
import * as providerSuspensions from './migrations/2026-12-17-provider-suspensions.ts'

const migrations: Record<string, Migration> = {
  '2026-11-22-initial': initial,
  '2026-11-22-lists': lists,
  '2026-11-23-inputs': inputs,
  '2026-11-23-selection': selection,
  '2026-11-23-walks': walks,
  '2026-11-24-connector-inputs': connectorInputs,
  '2026-11-29-standard-names': standardNames,
  '2026-11-30-evidence': evidence,
  '2026-12-01-connection-hints': connectionHints,
  '2026-12-01-skipped-rows': skippedRows,
  '2026-12-02-fair-polling': fairPolling,
  '2026-12-03-rate-limits': rateLimits,
  '2026-12-04-api-keys': apiKeys,
  '2026-12-04-link-guards': linkGuards,
  '2026-12-04-organizations': organizations,
  '2026-12-04-row-security': rowSecurity,
  '2026-12-04-sessions': sessions,
  '2026-12-05-provider-accounts': providerAccounts,
  '2026-12-06-audit': audit,
  '2026-12-08-change-times': changeTimes,
  '2026-12-09-reserve-link': reserveLink,
  '2026-12-10-active-links': activeLinks,
  '2026-12-11-link-appearance': linkAppearance,
  '2026-12-12-hand-overs': handOvers,
  '2026-12-15-webhook-endpoints': webhookEndpoints,
  '2026-12-16-webhook-trace': webhookTrace,
  '2026-12-17-provider-suspensions': providerSuspensions,
}

/** The database was migrated by a newer version, or a migration failed. */
export class MigrationError extends OperatorError {
  override readonly name = 'MigrationError'
}

const migratorFor = (db: Database) =>
  new Migrator({ db, provider: { getMigrations: async () => migrations } })

/**
 * Runs the pending migrations and returns their names. Concurrent processes are serialized by Kysely's migration lock.
 */
export async function migrateToLatest(db: Database): Promise<readonly string[]> {
  await throwIfNewer(db)
  const { error, results } = await migratorFor(db).migrateToLatest()
  if (error !== undefined) throw new MigrationError('The database could not be migrated.', { cause: error })
  return (results ?? []).map(({ migrationName }) => migrationName)
}

/** Whether the database answers, accepts writes, and has all migrations of this version. */
export async function isUsable(db: Database): Promise<boolean> {
  const names = Object.keys(migrations)
  const usable = sql<{ usable: boolean }>`
    select current_setting('transaction_read_only') = 'off'
      and (select count(*) from kysely_migration where name in (${sql.join(names)})) = ${names.length} as usable`
  // Caught: an error means that it is not usable, such as the missing table of an empty database.
  try {
    const { rows } = await usable.execute(db)
    return rows[0]?.usable === true
  } catch {
    return false
  }
}

/** Whether the database has exactly the migrations of this version, so that there is nothing to migrate. */
export async function isMigrated(db: Database): Promise<boolean> {
  const names = sql<{ name: string }>`select name from kysely_migration`
  try {
    const { rows } = await names.execute(db)
    return rows.length === Object.keys(migrations).length && rows.every(({ name }) => name in migrations)
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error
    // The table does not exist, or cannot be read: the migration creates it, or fails.
    return false
  }
}

/** Migrations that the database lacks, and those that this version does not know. */
export async function migrationState(db: Database) {
  const executed = await executedMigrations(db)
  return {
    pending: Object.keys(migrations).filter((name) => !executed.includes(name)),
    unknown: executed.filter((name) => !(name in migrations)),
  }
}

async function executedMigrations(db: Database): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === 'kysely_migration')) return []
  const executed = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
  return executed.map(({ name }) => name)
}

async function throwIfNewer(db: Database): Promise<void> {
  const { unknown } = await migrationState(db)
  if (unknown.length === 0) return
  throw new MigrationError(
    `The database is newer than this program (unknown migration "${unknown[0]}"): run the newer version, or restore an older backup.`,
  )
}
