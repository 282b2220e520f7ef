import { ConfigError, readConfig } from './config.ts'
import { KeysFileError } from './local-keys.ts'
import { providerDefinitions } from './providers/index.ts'
import { purge } from './purge.ts'
import { startSandbox } from './sandbox/sandbox.ts'
import { locationOf, serve } from './serve.ts'
import { openDatabase } from './store/database.ts'
import { FolderInUseError } from './store/lock-file.ts'
import { MigrationError, migrateToLatest } from './store/migrate.ts'
import { untilStopped } from './until-stopped.ts'
import { CommandError, registerWebhook } from './webhooks.ts'

const print = (text: string) => process.stdout.write(`${text}\n`)

const commands: Readonly<Record<string, (...words: readonly string[]) => Promise<void>>> = {
  async serve() {
    // Heard from the first moment on: as the first process of a container nothing else would end it.
    const stopped = untilStopped()
    const { stop } = await serve(readConfig(providerDefinitions), print)
    await stopped
    await stop()
  },

  /** The four fake providers alone, for a gateway or another program elsewhere on this machine. */
  async sandbox() {
    const stopped = untilStopped()
    const { sandbox: options, dataDir } = readConfig(providerDefinitions)
    const sandbox = await startSandbox({ ...options, dataFile: `${dataDir}/sandbox.json` })
    print(`The sandbox listens on ${sandbox.url.origin} under /fivetran /census /pipedream /xpander.`)
    await stopped
    await sandbox.close()
  },

  async migrate() {
    const database = await openDatabase(locationOf(readConfig(providerDefinitions)))
    const steps = await migrateToLatest(database.db).finally(database.close)
    print(steps.length === 0 ? 'The database is up to date.' : `Migrated: ${steps.join(', ')}.`)
  },

  /** webhooks <provider>: has a provider report to the gateway, which has to be running. */
  async webhooks(provider) {
    print(await registerWebhook(readConfig(providerDefinitions), provider))
  },

  /** purge end-user <id>: forgets a person. With the embedded store, while the gateway is stopped. */
  async purge(what, id) {
    print(await purge(readConfig(providerDefinitions), what, id))
  },
}

/** Errors whose message is for the person who started the program. */
const forPeople = [ConfigError, FolderInUseError, MigrationError, KeysFileError, CommandError]

function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (forPeople.some((kind) => error instanceof kind)) return error.message
  const code = 'code' in error ? String(error.code) : ''
  const syscall = 'syscall' in error ? error.syscall : undefined
  if (syscall === 'listen' && code === 'EADDRINUSE') {
    return `Port${'port' in error ? ` ${error.port}` : ''} is in use: set PORT to another one.`
  }
  if (syscall === 'listen') return `Cannot listen there (${code}): see HOST and PORT.`
  // PostgreSQL's own codes have five characters: a wrong password, an unknown database.
  if (/^[0-9A-Z]{5}$/.test(code)) return `The database refused the connection (${code}): see DATABASE_URL.`
  if (['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN'].includes(code))
    return `The database cannot be reached (${code}): see DATABASE_URL.`
  return undefined
}

const name = process.argv[2] ?? 'serve'
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command === undefined) {
  process.stderr.write(`Usage: node dist/main.js ${Object.keys(commands).join(' | ')}\n`)
  process.exitCode = 2
} else {
  await command(...process.argv.slice(3)).catch((error: unknown) => {
    const explained = explain(error)
    process.stderr.write(`${explained ?? (error instanceof Error ? error.stack : String(error))}\n`)
    process.exitCode = 1
  })
}
