import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { createAccountLoader } from '../connect/accounts/load-accounts.ts'
import { createApiKeyCache } from '../connect/api-keys/key-cache.ts'
import { createCatalogue } from '../connect/catalogue/catalogue.ts'
import { createConfigSchemaFetches } from '../connect/catalogue/config-schema-fetches.ts'
import { syncConnections } from '../connect/connections/sync-connections.ts'
import type { ConnectContext } from '../connect/context.ts'
import { createEvents } from '../connect/events.ts'
import { createRevocations } from '../connect/sessions/revocations.ts'
import { createSessionTokens, type SessionTokens } from '../connect/sessions/session-tokens.ts'
import { createSuspensions } from '../connect/suspensions/suspensions.ts'
import { createSyncScheduler } from '../connect/sync-scheduler.ts'
import { createRateLimiter } from '../connect/util/rate-limiter.ts'
import { createStreamLimit, defaultStreamLimits } from '../connect/util/stream-limit.ts'
import { noMetrics } from '../domain/metrics.ts'
import { noTracing } from '../domain/tracing.ts'
import { createSingleFlight } from '../http/single-flight.ts'
import type { ConfiguredProvider } from '../providers/provider-registry.ts'
import { sealAuditEvents } from '../store/audit-chain.ts'
import type { OpenDatabase } from '../store/database.ts'
import { createEncryption } from '../store/encryption.ts'
import { addRateLimitUse } from '../store/rate-limits.ts'
import { recordSessionKeys } from '../store/session-revocations.ts'
import { createBackgroundTasks } from './background.ts'
import { type CreateProvidersOptions, createProviders, systemNow } from './create-providers.ts'

export interface CreateContextOptions extends CreateProvidersOptions {
  readonly keys: { readonly apiKey: string; readonly encryptionKey: string }
  /** Must have been migrated. */
  readonly database: Pick<OpenDatabase, 'db' | 'isExclusive' | 'listen' | 'connections'>
  readonly publicUrl: URL
  /** How long a read waits for providers before it returns the stored data; 5 s by default. */
  readonly maxWaitMs?: number
  /** Duration of a link lease, after which another gateway takes over the links of a killed one; 30 s by default. */
  readonly leaseMs?: number
}

export interface AppContext {
  readonly connect: ConnectContext
  /** Resolves when no background work is running. */
  idle(): Promise<void>
  /** Ends streams and syncs, and waits for running work. Does not close the database. */
  close(): Promise<void>
}

/** Creates the context of all use cases, and loads the stored catalogue. */
export async function createContext(options: CreateContextOptions): Promise<AppContext> {
  const { config, log, publicUrl, keys, now = systemNow, tracing = noTracing } = options
  const { db } = options.database
  const syncs = new AbortController()
  const streams = new AbortController()
  // Any number of listeners is legitimate here; Node warns of a leak above ten.
  setMaxListeners(0, syncs.signal, streams.signal)
  const background = createBackgroundTasks(log)
  const { providers, ownAccounts, health, clocks, close: closeProviders } = createProviders(options)
  const encryption = createEncryption(keys.encryptionKey, config.oldEncryptionKeys)
  const catalogue = createCatalogue({ db, providers, now })
  const isRefused = (accountKey: string) => health.circuit(accountKey) === 'OPEN'
  const shared = {
    ...{ db, providers, log, tracing, now, isRefused },
    ...{ signal: syncs.signal, background: background.run },
  }
  const connectorSyncs = createSyncScheduler({
    ...shared,
    kind: 'CONNECTORS',
    maxAgeMs: () => dayMs,
    trustStoredState: true,
    fetchAll: async (provider, signal) => ({ skipped: await catalogue.sync(provider, signal) }),
  })
  const connectionSyncs = createSyncScheduler({
    ...shared,
    kind: 'CONNECTIONS',
    maxAgeMs: connectionsMaxAgeMs,
    trustStoredState: false,
    fetchAll: (provider, signal) => syncConnections({ db, now, clocks, catalogue }, provider, signal),
  })
  const events = await createEvents({ db, announcements: options.database, log, now })
  const sessions = await createSessions(options)
  const loadAccounts = createAccountLoader({ db, encryption, providers, ownAccounts, log })
  const suspensions = createSuspensions(db)
  health.blockCallsWhile((accountKey) => {
    const account = providers.byAccountKey(accountKey)
    return account !== undefined && suspensions.of(account)?.reads === 'STOP'
  })
  const loadAccountStates = () => Promise.all([suspensions.reload(), loadAccounts()])
  async function reloadAccounts(): Promise<void> {
    await loadAccountStates()
    await connectorSyncs.startDue()
  }
  events.onAccountsChanged(() => background.run('load provider accounts', reloadAccounts()))
  await loadAccountStates()
  await catalogue.load()
  return {
    connect: {
      ...shared,
      metrics: options.metrics ?? noMetrics,
      health,
      clocks,
      catalogue,
      connectorSyncs,
      connectionSyncs,
      configSchemaFetches: createConfigSchemaFetches(),
      connectionReads: createSingleFlight(),
      events,
      streamLimit: createStreamLimit(defaultStreamLimits),
      rateLimiter: createRateLimiter(
        now,
        options.database.isExclusive ? null : (uses) => addRateLimitUse(db, uses),
      ),
      encryption,
      ownAccounts,
      reloadAccounts,
      suspensions,
      sessions,
      apiKeys: createApiKeyCache(db),
      publicUrl,
      linkTtlSeconds: config.linkTtlSeconds,
      maxOpenLinksPerEndUser: config.maxOpenLinksPerEndUser,
      retentionDays: config.retentionDays,
      webhookPolicy: { allowPrivate: config.webhooks.allowPrivate },
      defaultGuard: config.linkGuard,
      auditRetentionDays: config.auditRetentionDays,
      redirectPolicy: { origins: config.redirectOrigins, allowLoopbackHttp: !config.production },
      shutdownSignal: streams.signal,
      instanceId: randomUUID(),
      leaseMs: options.leaseMs ?? 30_000,
      waitUntil: background.waitUntil,
      maxWaitMs: options.maxWaitMs ?? 5_000,
    },
    idle: background.idle,
    async close() {
      streams.abort()
      syncs.abort()
      await Promise.all([connectorSyncs.idle(), connectionSyncs.idle()])
      await background.idle()
      await sealAuditEvents(db).finally(events.close).finally(closeProviders)
    },
  }
}

/** Records which keys are old by now: their sessions are accepted for another day. */
async function createSessions({
  config,
  keys,
  database: { db },
  now = systemNow,
}: CreateContextOptions): Promise<SessionTokens> {
  const sessions = createSessionTokens({
    encryptionKey: keys.encryptionKey,
    oldKeys: config.oldEncryptionKeys,
    revocations: createRevocations({ db, now }),
    now,
  })
  const { present, old } = sessions.keyIds
  await recordSessionKeys(db, { presentId: present, oldIds: old, at: now() })
  return sessions
}

const dayMs = 86_400_000

/** 5 s for the sandbox, so that changes show at once; 5 min for a real provider, whose API quota is limited. */
const connectionsMaxAgeMs = ({ sandbox }: ConfiguredProvider) => (sandbox ? 5_000 : 300_000)
