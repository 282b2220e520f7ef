import { ConfigError, readConfig } from './config.ts'
import { providerDefinitions } from './providers/index.ts'
import { startSandbox } from './sandbox/sandbox.ts'
import { locationOf, serve } from './serve.ts'
import { openDatabase } from './store/database.ts'
import { FolderInUseError } from './store/lock-file.ts'
import { MigrationError, migrateToLatest } from './store/migrate.ts'
import { untilStopped } from './until-stopped.ts'

const print = (text: string) => process.stdout.write(`${text}\n`)

const commands: Readonly<Record<string, () => Promise<void>>> = {
  async serve() {
    const { stop } = await serve(readConfig(providerDefinitions), print)
    await untilStopped()
    await stop()
  },

  /** The four fake providers alone, for a gateway or another program elsewhere on this machine. */
  async sandbox() {
    const { sandbox: options, dataDir } = readConfig(providerDefinitions)
    const sandbox = await startSandbox({ ...options, dataFile: `${dataDir}/sandbox.json` })
    print(`The sandbox listens on ${sandbox.url.origin} under /fivetran /census /pipedream /xpander.`)
    await untilStopped()
    await sandbox.close()
  },

  async migrate() {
    const database = await openDatabase(locationOf(readConfig(providerDefinitions)))
    const steps = await migrateToLatest(database.db).finally(database.close)
    print(steps.length === 0 ? 'The database is up to date.' : `Migrated: ${steps.join(', ')}.`)
  },
}

/** Errors whose message is for the person who started the program. */
function explain(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof FolderInUseError || error instanceof MigrationError) {
    return error.message
  }
  if (!(error instanceof Error && 'code' in error)) return undefined
  const { code } = error
  const port = 'port' in error ? ` ${error.port}` : ''
  if (code === 'EADDRINUSE') return `Port${port} is in use: set PORT to another one.`
  if (code === 'EACCES') return `Not allowed: ${error.message}`
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return 'The database cannot be reached: see DATABASE_URL.'
  return undefined
}

const command = commands[process.argv[2] ?? 'serve']
if (command === undefined) {
  process.stderr.write(`Usage: node dist/main.js ${Object.keys(commands).join(' | ')}\n`)
  process.exitCode = 2
} else {
  await command().catch((error: unknown) => {
    const explained = explain(error)
    process.stderr.write(`${explained ?? (error instanceof Error ? error.stack : String(error))}\n`)
    process.exitCode = 1
  })
}
