import type { Config } from '../app/config.ts'
import { createContext } from '../app/create-context.ts'
import { createLog } from '../app/log.ts'
import { eraseEndUser } from '../connect/jobs/erase-end-user.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import { CommandError } from './command-error.ts'
import { databaseLocation } from './database-location.ts'
import { gatewayKeys } from './dev-keys.ts'
import { publicUrlOf } from './serve.ts'
import { runningSandbox } from './use-sandbox.ts'

/**
 * Erases an end user in the database, and at the providers that support it. Returns a report. Throws CommandError for
 * invalid arguments, and if connections are left at a provider.
 */
export async function purge(
  config: Config,
  what: string | undefined,
  id: string | undefined,
): Promise<string> {
  if (what !== 'end-user' || id === undefined || id === '') {
    throw new CommandError('Usage: purge end-user <id>')
  }
  const database = await openMigratedDatabase(databaseLocation(config))
  // The database is closed even after an error, which releases the lock on the data folder.
  try {
    const app = await createContext({
      config,
      database,
      keys: gatewayKeys(config),
      log: createLog(config.logLevel),
      publicUrl: publicUrlOf(config, config.port),
      sandbox: await runningSandbox(config),
    })
    const {
      links,
      connections,
      kept,
      remaining: left,
    } = await eraseEndUser(app.connect, id).finally(app.close)
    const keptReport = kept === 0 ? '' : ` Kept for organizations without the end user: ${kept}.`
    const report = `Erased: ${links} links, ${connections} connections.${keptReport}`
    if (left.length === 0) return report
    throw new CommandError(
      `${report} These connections still exist at their provider, which does not support removal or failed. Remove them there, or repeat the command:\n${left.map((line) => `  ${line}`).join('\n')}`,
    )
  } finally {
    await database.close()
  }
}
