import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { createCatalogue } from '../connect/catalogue/catalogue.ts'
import { syncConnections } from '../connect/connections/sync-connections.ts'
import type { ConnectContext } from '../connect/context.ts'
import { createEvents } from '../connect/events.ts'
import { createSessionTokens } from '../connect/sessions/session-tokens.ts'
import { createSyncScheduler } from '../connect/sync-scheduler.ts'
import type { Log } from '../domain/log.ts'
import { createHttp } from '../http/client.ts'
import { createHealth } from '../http/health.ts'
import { providerDefinitions } from '../providers/index.ts'
import {
  type ConfiguredProvider,
  configureProvider,
  createProviderRegistry,
  type SandboxLocation,
} from '../providers/provider-registry.ts'
import type { OpenDatabase } from '../store/database.ts'
import { createEncryption } from '../store/encryption.ts'
import { createBackgroundTasks } from './background.ts'
import type { Config } from './config.ts'

export interface CreateProvidersOptions {
  readonly config: Config
  readonly log: Log
  /** Where the sandbox's APIs and pages are, when one runs; without it sandboxed providers are not configured. */
  readonly sandbox: SandboxLocation | null
  readonly now?: () => Date
  /** How long one call of a provider may take. */
  readonly providerDeadlineMs?: number
}

export interface CreateContextOptions extends CreateProvidersOptions {
  readonly keys: { readonly apiKey: string; readonly encryptionKey: string }
  /** Migrated. */
  readonly database: Pick<OpenDatabase, 'db' | 'isExclusive' | 'listen'>
  readonly publicUrl: URL
  /** How long a reader waits for providers before it is served what is there. */
  readonly maxWaitMs?: number
  /** How long the links of a gateway that is gone wait for another one. */
  readonly leaseMs?: number
}

export interface AppContext {
  readonly connect: ConnectContext
  /** Ends the streams, which would not end by themselves. */
  endStreams(): void
  /** Waits for work under way. The database is closed by whoever opened it. */
  close(): Promise<void>
}

/** The providers as the configuration wants them, and what they share. */
export function createProviders({
  config,
  log,
  sandbox,
  now = systemNow,
  providerDeadlineMs,
}: CreateProvidersOptions) {
  const health = createHealth()
  const http = createHttp({ log, deadlineMs: providerDeadlineMs ?? 10_000, onOutcome: health.record })
  const setUp = { modes: config.providerModes, environment: config.environment, sandbox }
  const providers = createProviderRegistry(
    providerDefinitions.map((definition) => configureProvider(definition, setUp, { http: http.client, now })),
  )
  return { providers, health, close: http.close }
}

/** Puts together what the use cases work with. */
export async function createContext(options: CreateContextOptions): Promise<AppContext> {
  const { config, log, publicUrl, keys, now = systemNow } = options
  const { db } = options.database
  const ending = new AbortController()
  const streaming = new AbortController()
  // Any number of readings may wait for the end; Node takes more than ten for a leak.
  setMaxListeners(0, ending.signal, streaming.signal)
  const background = createBackgroundTasks(log)
  const { providers, health, close: closeProviders } = createProviders(options)
  const catalogue = createCatalogue({ db, providers })
  const common = { db, providers, log, now, signal: ending.signal }
  const connectorSyncs = createSyncScheduler({
    ...common,
    kind: 'CONNECTORS',
    maxAgeMs: () => dayMs,
    trustStoredState: true,
    fetchAll: (provider, signal) => catalogue.sync(provider, signal),
  })
  const connectionSyncs = createSyncScheduler({
    ...common,
    kind: 'CONNECTIONS',
    maxAgeMs: connectionsMaxAgeMs,
    trustStoredState: false,
    fetchAll: (provider, signal) => syncConnections({ db, now }, provider, signal),
  })
  const events = await createEvents({ db, announcements: options.database, now })
  await catalogue.load()
  return {
    connect: {
      ...common,
      health,
      catalogue,
      connectorSyncs,
      connectionSyncs,
      events,
      encryption: createEncryption(keys.encryptionKey, config.oldEncryptionKeys),
      sessions: createSessionTokens({
        encryptionKey: keys.encryptionKey,
        oldKeys: config.oldEncryptionKeys,
        now,
      }),
      publicUrl,
      linkTtlSeconds: config.linkTtlSeconds,
      retentionDays: config.retentionDays,
      redirectPolicy: { origins: config.redirectOrigins, allowLoopbackHttp: !config.production },
      shutdownSignal: streaming.signal,
      instanceId: randomUUID(),
      leaseMs: options.leaseMs ?? 30_000,
      background: background.run,
      waitUntil: background.waitUntil,
      maxWaitMs: options.maxWaitMs ?? 5_000,
    },
    endStreams: () => streaming.abort(),
    async close() {
      streaming.abort()
      ending.abort()
      await Promise.all([connectorSyncs.idle(), connectionSyncs.idle()])
      await background.idle()
      await events.close()
      await closeProviders()
    },
  }
}

const dayMs = 86_400_000
const systemNow = () => new Date()

/** A real provider's quota counts; the sandbox is next door, and people who try things out want to see them at once. */
const connectionsMaxAgeMs = ({ sandbox }: ConfiguredProvider) => (sandbox ? 5_000 : 300_000)
