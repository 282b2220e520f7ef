import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../app/config.ts'
import { createGateway, type Gateway } from '../app/create-gateway.ts'
import { createLog } from '../app/log.ts'
import type { ProcessMetrics } from '../app/render-metrics.ts'
import { checkEncryptionKey } from '../connect/links/check-encryption-key.ts'
import { gatewayUrl } from '../connect/links/link-url.ts'
import type { Log } from '../domain/log.ts'
import { noTracing, type Tracing } from '../domain/tracing.ts'
import { createStartingHandler, type Handler } from '../server/probes.ts'
import { loadTrustedDocuments } from '../server/trusted-documents.ts'
import { createEncryption } from '../store/encryption.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import { banner, jsonBanner } from './banner.ts'
import { databaseLocation } from './database-location.ts'
import { gatewayKeys } from './dev-keys.ts'
import { serveMetricsOn } from './metrics-server.ts'
import { openServer } from './open-server.ts'
import { publicUrlOf } from './public-url.ts'
import type { RunningGateway } from './running-gateway.ts'
import { runShutdown, type ShutdownStep } from './shutdown.ts'
import { findOrStartSandbox, inboxOf, needsSandbox } from './use-sandbox.ts'

export interface ServeOptions {
  /** Is called with the banner when the gateway serves requests. */
  print(banner: string): void
  /** Whether the banner is one line of JSON; default: text. */
  readonly json?: boolean
  /** As that of the gateway. */
  readonly sharedJobs?: Promise<void>
  /** Of a worker, whose supervisor serves the metrics. */
  shareMetrics?(read: () => Promise<ProcessMetrics>): void
}

/** Starts the gateway, and the sandbox for providers without credentials. */
export function serve(config: Config, options: ServeOptions): RunningGateway {
  const log = createLog(config.logLevel)
  const ends: Ends = {}
  const started: Promise<Handler> = start(config, { ...options, log, ends, started: () => started })
  return {
    started,
    async stop() {
      await Promise.race([started, sleep(startLimitMs, undefined, { ref: false })]).catch(() => undefined)
      return runShutdown(shutdownSteps(ends, config), log)
    },
  }
}

/** How long the shutdown waits for a start that is not done, which may be migrating for minutes. */
const startLimitMs = 5_000
const drainLimitMs = 10_000

type StepName = 'readiness' | 'requests' | 'streams' | 'jobs' | 'metrics' | 'database' | 'traces' | 'sandbox'
/** How to end what has been started. */
type Ends = Partial<Record<StepName, () => Promise<void>>>

/** In order: load balancers are warned first; then requests end, and only then what they use. */
function shutdownSteps(ends: Ends, { shutdownDelaySeconds }: Config): readonly ShutdownStep[] {
  const limits: readonly (readonly [StepName, number])[] = [
    ['readiness', shutdownDelaySeconds * 1_000 + 1_000],
    ['requests', drainLimitMs + 1_000],
    ['streams', 1_000],
    // A creation at a provider that has begun is waited for, although its caller is gone.
    ['jobs', 15_000],
    ['metrics', 1_000],
    ['database', 5_000],
    ['traces', 4_000],
    ['sandbox', 2_000],
  ]
  return limits.map(([name, limitMs]) => ({ name, limitMs, run: async () => ends[name]?.() }))
}

interface StartOptions extends ServeOptions {
  readonly log: Log
  /** Filled during the start. */
  readonly ends: Ends
  /** What `start` has returned. */
  started(): Promise<Handler>
}

/** Returns the handler of requests. */
async function start(config: Config, options: StartOptions): Promise<Handler> {
  const { print, json = false, log, ends, started, sharedJobs } = options
  const trustedDocuments = loadTrustedDocuments(config.trustedDocuments.files)
  // Before the database is opened: health checks are answered while it is migrated.
  const server = await openServer(config, (port) =>
    createStartingHandler({ publicUrl: publicUrlOf(config, port), started }),
  )
  const publicUrl = publicUrlOf(config, server.port)
  ends.requests = () => server.drain.drain(drainLimitMs)
  ends.streams = async () => server.drain.cut()
  const tracing = config.tracing ? await openTracing(log, ends) : noTracing
  const database = await openMigratedDatabase(databaseLocation(config), {
    tracing,
    onLost: () => {
      log.fatal({ dataDir: config.dataDir }, 'another process has taken over the data folder: stopping')
      process.kill(process.pid, 'SIGTERM')
    },
  })
  ends.database = database.close
  const keys = gatewayKeys(config)
  await checkEncryptionKey(database.db, createEncryption(keys.encryptionKey, config.oldEncryptionKeys))
  const sandbox = needsSandbox(config) ? await findOrStartSandbox(config, publicUrl) : null
  if (sandbox) ends.sandbox = sandbox.close
  const gateway = await createGateway({
    config,
    keys,
    trustedDocuments,
    log,
    tracing,
    publicUrl,
    database,
    sandbox,
    webhookInbox: sandbox && (await inboxOf(sandbox)),
    ...(sharedJobs && { sharedJobs }),
    ...(sandbox?.servePage && { sandboxPage: sandbox.servePage }),
  })
  ends.jobs = gateway.close
  if (gateway.metrics) await publishMetrics(config, gateway.metrics, options)
  ends.readiness = async () => {
    gateway.announceShutdown()
    await sleep(config.shutdownDelaySeconds * 1_000)
  }
  server.setHandler(gateway.handle)
  const toBanner = json ? jsonBanner : banner
  print(
    toBanner({
      config,
      graphqlUrl: gatewayUrl(publicUrl, 'graphql'),
      startToken: gateway.startToken,
      dataLocation: database.location,
      apiKey: keys.apiKey,
      sandboxUrl: sandbox?.url ?? null,
    }),
  )
  return gateway.handle
}

async function publishMetrics(
  config: Config,
  metrics: NonNullable<Gateway['metrics']>,
  { log, ends, shareMetrics }: Pick<StartOptions, 'log' | 'ends' | 'shareMetrics'>,
): Promise<void> {
  if (shareMetrics) shareMetrics(metrics.read)
  else if (config.metricsPort !== null) ends.metrics = await serveMetricsOn(config, metrics, log)
}

/** Loads OpenTelemetry only when it is used. */
async function openTracing(log: Log, ends: Ends): Promise<Tracing> {
  const { startTracing } = await import('../app/open-telemetry.ts')
  const { close, ...tracing } = startTracing(log)
  ends.traces = close
  return tracing
}
