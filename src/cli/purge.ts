import type { Config } from '../app/config.ts'
import { createContext } from '../app/create-context.ts'
import { createLog } from '../app/log.ts'
import { eraseEndUser } from '../connect/jobs/erase-end-user.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import { CommandError } from './command-error.ts'
import { databaseLocation } from './database-location.ts'
import { gatewayKeys } from './dev-keys.ts'
import { type Output, progress } from './output.ts'
import { publicUrlOf } from './public-url.ts'
import { runningSandbox } from './use-sandbox.ts'

/**
 * Erases an end user in the database, and at the providers that support it; the result is a report. Throws CommandError
 * if connections are left at a provider; as JSON they are in the result too.
 */
export async function purgeEndUser(config: Config, id: string, output: Output): Promise<void> {
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
    progress.show('erasing the end user …')
    const erased = await eraseEndUser(app.connect, id).finally(app.close).finally(progress.clear)
    const { links, connections, kept, remaining: left } = erased
    const keptReport = kept === 0 ? '' : ` Kept for organizations without the end user: ${kept}.`
    const report = `Erased: ${links} links, ${connections} connections.${keptReport}`
    if (left.length === 0 || output.isJson) output.result(report, erased)
    if (left.length === 0) return
    throw new CommandError(
      `${report} These connections still exist at their provider, which does not support removal or failed. Remove them there, or repeat the command:\n${left.map((line) => `  ${line}`).join('\n')}`,
    )
  } finally {
    await database.close()
  }
}
