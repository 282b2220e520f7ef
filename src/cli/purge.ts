import type { Config } from '../app/config.ts'
import { createContext } from '../app/create-context.ts'
import { createLog } from '../app/log.ts'
import { eraseEndUser } from '../connect/jobs/erase-end-user.ts'
import { openDatabase } from '../store/database.ts'
import { migrateToLatest } from '../store/migrate.ts'
import { CommandError } from './command-error.ts'
import { gatewayKeys } from './dev-keys.ts'
import { locationOf, publicUrlOf, runningSandbox } from './serve.ts'

/** Forgets an end user: at the providers, as far as these can, and here. */
export async function purge(
  config: Config,
  what: string | undefined,
  id: string | undefined,
): Promise<string> {
  if (what !== 'end-user' || id === undefined || id === '') {
    throw new CommandError('Say whom to forget: purge end-user <id>')
  }
  const database = await openDatabase(locationOf(config))
  // Whatever happens, the folder is left to others.
  try {
    await migrateToLatest(database.db)
    const composed = await createContext({
      config,
      database,
      keys: gatewayKeys(config),
      log: createLog(config.logLevel),
      publicUrl: publicUrlOf(config, config.port),
      sandbox: await runningSandbox(config),
    })
    const { links, connections, left } = await eraseEndUser(composed.connect, id).finally(composed.close)
    const report = `Forgotten: ${links} links, ${connections} connections.`
    if (left.length === 0) return report
    throw new CommandError(
      `${report} These are still at their provider, which cannot remove them or could not now; remove them there, or repeat the command:\n${left.map((line) => `  ${line}`).join('\n')}`,
    )
  } finally {
    await database.close()
  }
}
