import type { Command } from 'commander'
import { loadConfig } from '../load-config.ts'
import { type JsonOption, jsonOption, progress, terminalOutput } from '../output.ts'

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('migrate the database to the latest version, without a limit for statements')
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://gateway@db/gateway connect-gateway migrate')
    .action(runMigrate)
}

async function runMigrate(options: JsonOption): Promise<void> {
  const { databaseLocation } = await import('../database-location.ts')
  const { openDatabase } = await import('../../store/database.ts')
  const { migrateToLatest } = await import('../../store/migrate.ts')
  const database = await openDatabase(databaseLocation(await loadConfig()), { statementTimeoutMs: null })
  progress.show('migrating the database …')
  const migrated = await migrateToLatest(database.db).finally(database.close).finally(progress.clear)
  terminalOutput(options).result(
    migrated.length === 0 ? 'The database is up to date.' : `Migrated: ${migrated.join(', ')}.`,
    { migrated },
  )
}
