import { onTestFinished } from 'vitest'
import { createBackgroundTasks } from '../../src/app/background.ts'
import { createApiKeyCache } from '../../src/connect/api-keys/key-cache.ts'
import { createCatalogue } from '../../src/connect/catalogue/catalogue.ts'
import { createConfigSchemaFetches } from '../../src/connect/catalogue/config-schema-fetches.ts'
import type { ConnectContext } from '../../src/connect/context.ts'
import { createAtProvider } from '../../src/connect/create-link/create-at-provider.ts'
import { createEvents } from '../../src/connect/events.ts'
import { createPoller } from '../../src/connect/jobs/poll-links.ts'
import { markOpened } from '../../src/connect/links/open.ts'
import { refreshOpenLink } from '../../src/connect/links/refresh-open-link.ts'
import { transitionLink } from '../../src/connect/links/transition-link.ts'
import { createRevocations } from '../../src/connect/sessions/revocations.ts'
import { createSessionTokens } from '../../src/connect/sessions/session-tokens.ts'
import { createSuspensions } from '../../src/connect/suspensions/suspensions.ts'
import { createSyncScheduler } from '../../src/connect/sync-scheduler.ts'
import { createRateLimiter } from '../../src/connect/util/rate-limiter.ts'
import { createStreamLimit, defaultStreamLimits } from '../../src/connect/util/stream-limit.ts'
import { noMetrics } from '../../src/domain/metrics.ts'
import { noTracing } from '../../src/domain/tracing.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createHealth } from '../../src/http/health.ts'
import { backgroundWork } from '../../src/http/http-types.ts'
import { createProviderClocks } from '../../src/http/provider-clocks.ts'
import { createSingleFlight } from '../../src/http/single-flight.ts'
import type { RemoteConnection } from '../../src/providers/adapter.ts'
import { createProviderRegistry } from '../../src/providers/provider-registry.ts'
import { findLinks, openStatuses, recordReturn } from '../../src/store/connect-links.ts'
import { createEncryption } from '../../src/store/encryption.ts'
import { findTransitions } from '../../src/store/link-history.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { createTestClock } from '../helpers/clock.ts'
import { testStore } from '../helpers/database.ts'
import { createTestLog } from '../helpers/log.ts'
import { type Ability, connector, fakeProvider, type Script } from './script.ts'

export const call = backgroundWork()
export const viewer: Viewer = {
  kind: 'API_KEY',
  id: 'key-1',
  name: null,
  scopes: [],
  endUser: null,
  organizationAccess: null,
  limits: null,
  expiresAt: null,
}

/** A context on an empty test database, with one fake provider that is controlled by `script`. */
export async function openConnect(abilities: readonly Ability[] = [], { maxOpenLinksPerEndUser = 20 } = {}) {
  const store = await testStore()
  const { db } = store
  const clock = createTestClock()
  const { log, text } = createTestLog()
  const { now } = clock
  const background = createBackgroundTasks(log)
  const clocks = createProviderClocks()
  const script: Script = {
    check: async () => ({ kind: 'open' }),
    connections: async function* () {},
    async *connectors() {
      yield [connector('hubspot'), connector('github')]
    },
    expiresAt: null,
    pendingConnection: null,
    get: async () => null,
    remove: async () => true,
    revoke: async () => true,
    inputs: async () => null,
  }
  const providers = createProviderRegistry([fakeProvider(script, abilities)])
  const [provider] = providers.configured
  if (provider === undefined) throw new Error('the provider is not configured')
  // The provider's clock is that of the gateway.
  clocks.observe(provider.accountKey, {
    dateHeader: now().toUTCString(),
    sentAt: now(),
    receivedAt: now(),
  })
  const catalogue = createCatalogue({ db, providers, now })
  const shared = {
    ...{ db, providers, log, now, tracing: noTracing },
    ...{ signal: call.signal, background: background.run },
  }
  const common = { ...shared, maxAgeMs: () => 60_000 }
  const context: ConnectContext = {
    ...shared,
    // The fake provider has no settings; a test replaces the accounts of organizations in the registry.
    ownAccounts: { variables: () => [], parse: () => ({ ok: false, problems: [] }) },
    reloadAccounts: async () => undefined,
    suspensions: createSuspensions(db),
    catalogue,
    encryption: createEncryption('a key of more than thirty-two characters'),
    sessions: createSessionTokens({
      encryptionKey: 'a key of more than thirty-two characters',
      oldKeys: [],
      revocations: createRevocations({ db, now }),
      now,
    }),
    apiKeys: createApiKeyCache(db),
    metrics: noMetrics,
    webhookPolicy: { allowPrivate: false },
    connectorSyncs: createSyncScheduler({
      ...common,
      kind: 'CONNECTORS',
      trustStoredState: true,
      fetchAll: async (target, signal) => ({ skipped: await catalogue.sync(target, signal) }),
    }),
    connectionSyncs: createSyncScheduler({
      ...common,
      kind: 'CONNECTIONS',
      trustStoredState: false,
      fetchAll: async () => ({ skipped: 0, pages: 0, mayContain: () => false }),
    }),
    configSchemaFetches: createConfigSchemaFetches(),
    connectionReads: createSingleFlight(),
    clocks,
    health: createHealth({ log, now }),
    publicUrl: new URL('https://gateway.example.com'),
    linkTtlSeconds: 86_400,
    maxOpenLinksPerEndUser,
    defaultGuard: 'NONE',
    redirectPolicy: { origins: [], allowLoopbackHttp: true },
    retentionDays: 90,
    auditRetentionDays: 365,
    events: await createEvents({ db, announcements: store, log, now }),
    rateLimiter: createRateLimiter(clock.now, null),
    streamLimit: createStreamLimit(defaultStreamLimits),
    shutdownSignal: call.signal,
    instanceId: 'this one',
    leaseMs: 30_000,
    waitUntil: background.waitUntil,
    maxWaitMs: 5_000,
  }

  onTestFinished(async () => {
    await background.idle()
    await context.events.close()
  })

  async function link(id: string): Promise<ConnectLinkRow> {
    const [row] = await findLinks(db, [id])
    if (row === undefined) throw new Error('there is no such link')
    return row
  }

  return {
    ...context,
    context,
    provider,
    clock,
    script,
    store,
    logged: text,
    link,
    /** One round of the poller. */
    poll: createPoller(context).runOnce,
    idle: background.idle,
    /** The end user opens the link. */
    open: async (id: string) => markOpened(context, await link(id)),
    /** The browser returns from the provider's success page. */
    async returnFromProvider(id: string) {
      const step = { toStatus: 'AUTHORIZING', at: now(), source: 'BROWSER_RETURN', reason: null } as const
      await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
      await recordReturn(db, id, { at: now(), isSuccess: true })
    },
    /** Stores a connection as a sync does, with an end user that an API key has assigned. */
    async saveConnection(remote: RemoteConnection, { endUserId = null }: { endUserId?: string | null } = {}) {
      const origin = { provider: provider.key, accountKey: provider.accountKey, now: now() }
      await upsertConnections(db, { ...origin, ownerEvidence: 'ASSIGNED' }, [{ ...remote, endUserId }])
    },
    /** Checks every open link once. */
    async refreshOpenLinks() {
      const open = db.selectFrom('connectLinks').select('id').where('status', 'in', openStatuses)
      const links = await open.execute()
      await Promise.all(links.map(({ id }) => refreshOpenLink(context, viewer, { linkId: id, call })))
    },
    /** Creates a link for that end user and returns its id. */
    async createLink(endUserId: string, connectorKey = 'hubspot', tags = [{ key: 'plan', value: 'pro' }]) {
      const input = { connector: connectorKey, endUser: { id: endUserId }, tags, options: {} }
      const { connectLink } = await createAtProvider(context, viewer, {
        provider,
        input,
        signal: call.signal,
      })
      return connectLink.id
    },
    /** Advances the clock by 2.1 s, checks the link, and returns its row. */
    async refreshLink(id: string) {
      clock.advance(2.1)
      await refreshOpenLink(context, viewer, { linkId: id, call })
      return link(id)
    },
    history: async (id: string) => (await findTransitions(db, [id])).slice(1),
    /** The end user ids of the visible connections, by remote id. */
    async owners(): Promise<Record<string, string | null>> {
      const rows = await db.selectFrom('connections').selectAll().where('visible', '=', true).execute()
      return Object.fromEntries(rows.map(({ remoteId, endUserId }) => [remoteId, endUserId]))
    },
  }
}

export type OpenConnect = Awaited<ReturnType<typeof openConnect>>
