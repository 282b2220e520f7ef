import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from './config.ts'
import { createCatalogue } from './connect/catalogue.ts'
import type { ConnectContext } from './connect/context.ts'
import { syncConnections } from './connect/sync-connections.ts'
import { createSyncs } from './connect/syncs.ts'
import { createHttp } from './http/client.ts'
import { createHealth } from './http/health.ts'
import type { Log } from './log.ts'
import { providerDefinitions } from './providers/index.ts'
import {
  type ConfiguredProvider,
  createProviderSet,
  type SandboxPlace,
  setUpProvider,
} from './providers/provider-set.ts'
import { apiKeyAuthentication } from './server/auth.ts'
import { publishedOperations } from './server/graphiql.ts'
import { createGraphQLServer } from './server/graphql.ts'
import { createRoutes, safely } from './server/server.ts'
import type { Database } from './store/database.ts'
import { forgetOldKeys } from './store/idempotency-keys.ts'
import { isAtHead } from './store/migrate.ts'
import { createSecrets } from './store/secrets.ts'

export interface GatewayOptions {
  readonly config: Config
  readonly keys: { readonly apiKey: string; readonly encryptionKey: string }
  /** Migrated. */
  readonly db: Database
  readonly log: Log
  readonly publicUrl: URL
  /** Where the sandbox's APIs and pages are, when one runs; without it sandboxed providers are not configured. */
  readonly sandbox: SandboxPlace | null
  readonly sandboxPage?: (request: IncomingMessage, response: ServerResponse, pathAndQuery: string) => boolean
  readonly now?: () => Date
  /** How long one call of a provider may take. */
  readonly providerDeadlineMs?: number
  /** How long a reader waits for providers before it is served what is there. */
  readonly patienceMs?: number
}

export interface Gateway {
  readonly connect: ConnectContext
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Stops its own work and waits for it; the database is closed by whoever opened it. */
  close(): Promise<void>
}

const timerMs = 60_000
const day = 86_400_000

/** Puts the gateway together: the only place that knows all its parts. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, db, log, publicUrl } = options
  const now = options.now ?? (() => new Date())
  const ending = new AbortController()
  const health = createHealth()
  const http = createHttp({ log, deadlineMs: options.providerDeadlineMs ?? 10_000, onOutcome: health.note })
  const setUp = {
    modes: config.providerModes,
    environment: config.environment,
    sandbox: options.sandbox,
  }
  const providers = createProviderSet(
    providerDefinitions.map((definition) => setUpProvider(definition, setUp, { http: http.client, now })),
  )
  const catalogue = createCatalogue({ db, providers })
  const common = { db, providers, log, now, signal: ending.signal }
  const connectorSyncs = createSyncs({
    ...common,
    kind: 'CONNECTORS',
    freshForMs: () => day,
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
  const connect: ConnectContext = {
    ...common,
    health,
    catalogue,
    connectorSyncs,
    connectionSyncs,
    secrets: createSecrets(options.keys.encryptionKey, config.oldEncryptionKeys),
    publicUrl,
    linkTtlSeconds: config.linkTtlSeconds,
    redirects: { origins: config.redirectOrigins, allowLoopbackHttp: !config.production },
    linksInHand: new Set(),
    patienceMs: options.patienceMs ?? 5_000,
  }
  await catalogue.load()
  const yoga = createGraphQLServer({
    connect,
    authenticate: apiKeyAuthentication(options.keys.apiKey),
    corsOrigins: config.corsOrigins,
    tabs: publishedOperations(),
    production: config.production,
    apiKeyForGraphiql: config.production ? null : options.keys.apiKey,
  })
  const routes = createRoutes({
    connect,
    graphql: (request, response) => void yoga(request, response),
    isReady: () => isAtHead(db).catch(() => false),
    ...(options.sandboxPage && { sandboxPage: options.sandboxPage }),
  })

  const inBackground = (what: string, work: Promise<unknown>) =>
    void work.catch((err: unknown) => log.error({ err }, `in the background: ${what} failed`))
  const tick = () => {
    inBackground('reading the catalogues', connectorSyncs.freshen(0).then(catalogue.load))
    inBackground('reading the connections', connectionSyncs.freshen(0))
    inBackground('forgetting old idempotency keys', forgetOldKeys(db, now()))
  }
  const timer = setInterval(tick, timerMs).unref()
  inBackground('reading the catalogues', connectorSyncs.freshen(0))

  return {
    connect,
    handle: safely(routes, (err) => log.error({ err }, 'a request failed')),
    async close() {
      clearInterval(timer)
      ending.abort()
      await Promise.all([connectorSyncs.idle(), connectionSyncs.idle()])
      await http.close()
      await yoga.dispose()
    },
  }
}

/** A real provider's quota counts; the sandbox is next door, and people who try things out want to see them at once. */
const connectionsFreshForMs = ({ sandbox }: ConfiguredProvider) => (sandbox ? 5_000 : 300_000)
