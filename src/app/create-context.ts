import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { createCatalogue } from '../connect/catalogue/catalogue.ts'
import { syncConnections } from '../connect/connections/sync-connections.ts'
import type { ConnectContext } from '../connect/context.ts'
import { createEvents } from '../connect/events.ts'
import { createSessions } from '../connect/sessions/session-tokens.ts'
import { createSyncs } from '../connect/sync-scheduler.ts'
import type { Log } from '../domain/log.ts'
import { createHttp } from '../http/client.ts'
import { createHealth } from '../http/health.ts'
import { providerDefinitions } from '../providers/index.ts'
import {
  type ConfiguredProvider,
  createProviderSet,
  type SandboxPlace,
  setUpProvider,
} from '../providers/provider-registry.ts'
import type { OpenDatabase } from '../store/database.ts'
import { createSecrets } from '../store/encryption.ts'
import { createBackground } from './background.ts'
import type { Config } from './config.ts'

export interface ProvidersOptions {
  readonly config: Config
  readonly log: Log
  /** Where the sandbox's APIs and pages are, when one runs; without it sandboxed providers are not configured. */
  readonly sandbox: SandboxPlace | null
  readonly now?: () => Date
  /** How long one call of a provider may take. */
  readonly providerDeadlineMs?: number
}

export interface ComposeOptions extends ProvidersOptions {
  readonly keys: { readonly apiKey: string; readonly encryptionKey: string }
  /** Migrated. */
  readonly database: Pick<OpenDatabase, 'db' | 'isOurs' | 'listen'>
  readonly publicUrl: URL
  /** How long a reader waits for providers before it is served what is there. */
  readonly patienceMs?: number
  /** How long the links of a gateway that is gone wait for another one. */
  readonly leaseMs?: number
}

export interface Composed {
  readonly connect: ConnectContext
  /** Ends the streams, which would not end by themselves. */
  endStreams(): void
  /** Waits for work under way. The database is closed by whoever opened it. */
  close(): Promise<void>
}

/** The providers as the configuration wants them, and what they share. */
export function composeProviders({
  config,
  log,
  sandbox,
  now = systemNow,
  providerDeadlineMs,
}: ProvidersOptions) {
  const health = createHealth()
  const http = createHttp({ log, deadlineMs: providerDeadlineMs ?? 10_000, onOutcome: health.note })
  const setUp = { modes: config.providerModes, environment: config.environment, sandbox }
  const providers = createProviderSet(
    providerDefinitions.map((definition) => setUpProvider(definition, setUp, { http: http.client, now })),
  )
  return { providers, health, close: http.close }
}

/** Puts together what the use cases work with. */
export async function compose(options: ComposeOptions): Promise<Composed> {
  const { config, log, publicUrl, keys, now = systemNow } = options
  const { db } = options.database
  const ending = new AbortController()
  const streaming = new AbortController()
  // Any number of readings may wait for the end; Node takes more than ten for a leak.
  setMaxListeners(0, ending.signal, streaming.signal)
  const background = createBackground(log)
  const { providers, health, close: closeProviders } = composeProviders(options)
  const catalogue = createCatalogue({ db, providers })
  const common = { db, providers, log, now, signal: ending.signal }
  const connectorSyncs = createSyncs({
    ...common,
    kind: 'CONNECTORS',
    freshForMs: () => dayMs,
    trustEarlierProcess: true,
    walk: (provider, signal) => catalogue.sync(provider, signal),
  })
  const connectionSyncs = createSyncs({
    ...common,
    kind: 'CONNECTIONS',
    freshForMs: connectionsFreshForMs,
    trustEarlierProcess: false,
    walk: (provider, signal) => syncConnections({ db, now }, provider, signal),
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
      secrets: createSecrets(keys.encryptionKey, config.oldEncryptionKeys),
      sessions: createSessions({ encryptionKey: keys.encryptionKey, oldKeys: config.oldEncryptionKeys, now }),
      publicUrl,
      linkTtlSeconds: config.linkTtlSeconds,
      retentionDays: config.retentionDays,
      redirects: { origins: config.redirectOrigins, allowLoopbackHttp: !config.production },
      closing: streaming.signal,
      gatewayId: randomUUID(),
      leaseMs: options.leaseMs ?? 30_000,
      inBackground: background.add,
      finishing: background.finish,
      patienceMs: options.patienceMs ?? 5_000,
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
const connectionsFreshForMs = ({ sandbox }: ConfiguredProvider) => (sandbox ? 5_000 : 300_000)
