import cluster from 'node:cluster'
import { type Config, readConfig } from '../app/config.ts'
import { providerKeys } from '../domain/provider-key.ts'
import { providerDefinitions } from '../providers/index.ts'
import { databaseLocation } from './database-location.ts'
import type { RunningGateway } from './running-gateway.ts'
import { shutdownRequested } from './shutdown.ts'
import { openWorkerChannel } from './worker-channel.ts'

const print = (text: string) => process.stdout.write(`${text}\n`)

/** Starts this process as a gateway, as a worker, or as the supervisor of workers. */
async function startGateway(config: Config): Promise<RunningGateway> {
  if (config.workers > 1 && cluster.isPrimary) {
    const { supervise } = await import('./supervise.ts')
    return supervise(config, print)
  }
  const { serve } = await import('./serve.ts')
  if (cluster.isPrimary) return serve(config, { print })
  const { reportReady, ...channel } = openWorkerChannel()
  return serve(config, { print: reportReady, ...channel })
}

/**
 * The commands by name; each is called with the arguments that follow its name, and loads only the modules that it needs:
 * loading all of them takes most of the time of a short command.
 */
export const commands: Readonly<Record<string, (...args: readonly string[]) => Promise<void>>> = {
  /** Runs the gateway, and the sandbox for providers without credentials, until SIGINT or SIGTERM. */
  async serve() {
    // PID 1 has no default SIGTERM handler: install one first.
    const stopped = shutdownRequested()
    const { started, failed, stop } = await startGateway(readConfig(providerDefinitions))
    let isClean = false
    try {
      await Promise.race([started, stopped])
      await (failed ? Promise.race([stopped, failed]) : stopped)
    } finally {
      isClean = await stop()
    }
    // Whatever a failed step has left open does not keep the process running.
    process.exit(isClean ? 0 : 1)
  },

  /** Runs the sandbox alone, for a gateway or another program on this machine. */
  async sandbox() {
    const stopped = shutdownRequested()
    const { sandbox: options, dataDir } = readConfig(providerDefinitions)
    const { startSandbox } = await import('../sandbox/sandbox.ts')
    const sandbox = await startSandbox({ ...options, dataFile: `${dataDir}/sandbox.json` })
    const paths = providerKeys.map((key) => `/${key.toLowerCase()}`).join(' ')
    print(`The sandbox listens on ${sandbox.url.origin} under ${paths}.`)
    await stopped
    await sandbox.close()
  },

  /** Migrates the database to the latest version. */
  async migrate() {
    const location = databaseLocation(readConfig(providerDefinitions))
    const { openDatabase } = await import('../store/database.ts')
    const { migrateToLatest } = await import('../store/migrate.ts')
    const database = await openDatabase(location, { statementTimeoutMs: null })
    const steps = await migrateToLatest(database.db).finally(database.close)
    print(steps.length === 0 ? 'The database is up to date.' : `Migrated: ${steps.join(', ')}.`)
  },

  /** webhooks <provider>: registers the gateway's webhook URL at a provider. The gateway must be running. */
  async webhooks(provider) {
    const { registerWebhook } = await import('./webhooks.ts')
    print(await registerWebhook(readConfig(providerDefinitions), provider))
  },

  /** keys create | list | rotate | revoke: manages API keys. With the embedded store the gateway must be stopped. */
  async keys(...args) {
    const { keys } = await import('./keys.ts')
    await keys(readConfig(providerDefinitions), args, {
      print,
      note: (text) => process.stderr.write(`${text}\n`),
    })
  },

  /** purge end-user <id>: erases an end user. With the embedded store the gateway must be stopped. */
  async purge(what, id) {
    const { purge } = await import('./purge.ts')
    print(await purge(readConfig(providerDefinitions), what, id))
  },

  /** Prints a Grafana dashboard of the metrics, as JSON. */
  async dashboard() {
    print((await import('./dashboard.ts')).dashboard())
  },

  /** Prints alerting rules for Prometheus, as YAML. */
  async alerts() {
    print((await import('./alerts.ts')).alertingRules())
  },

  /** audit verify|export: checks or prints the audit log. With the embedded store the gateway must be stopped. */
  async audit(...args) {
    const { audit } = await import('./audit.ts')
    await audit(readConfig(providerDefinitions), args, process.stdout)
  },
}
