import { onTestFinished } from 'vitest'
import { createBackgroundTasks } from '../../src/app/background.ts'
import { createCatalogue } from '../../src/connect/catalogue/catalogue.ts'
import type { ConnectContext } from '../../src/connect/context.ts'
import { createAtProvider } from '../../src/connect/create-link/create-at-provider.ts'
import { createEvents } from '../../src/connect/events.ts'
import { createPoller } from '../../src/connect/jobs/poll-links.ts'
import { markOpened } from '../../src/connect/links/open.ts'
import { refreshOpenLink } from '../../src/connect/links/refresh-open-link.ts'
import { createSessionTokens } from '../../src/connect/sessions/session-tokens.ts'
import { createSyncScheduler } from '../../src/connect/sync-scheduler.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createHealth } from '../../src/http/health.ts'
import { createProviderRegistry } from '../../src/providers/provider-registry.ts'
import { findLinks, openStatuses } from '../../src/store/connect-links.ts'
import { createEncryption } from '../../src/store/encryption.ts'
import { historyOf } from '../../src/store/link-history.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { createTestClock } from '../helpers/clock.ts'
import { testStore } from '../helpers/database.ts'
import { keptLog } from '../helpers/log.ts'
import { type Ability, connector, fakeProvider, type Script } from './script.ts'

export const call = { signal: new AbortController().signal }
export const viewer: Viewer = {
  kind: 'API_KEY',
  name: null,
  scopes: [],
  endUser: null,
  limits: null,
  expiresAt: null,
}

/** The use cases over a store of the test's own, with one provider that does what the test says. */
export async function openConnect(abilities: readonly Ability[] = []) {
  const store = await testStore()
  const { db } = store
  const clock = createTestClock()
  const { log, text } = keptLog()
  const { now } = clock
  const background = createBackgroundTasks(log)
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
    takeBack: async () => true,
    inputs: async () => null,
  }
  const providers = createProviderRegistry([fakeProvider(script, abilities)])
  const [provider] = providers.configured
  if (provider === undefined) throw new Error('the provider is not configured')
  const catalogue = createCatalogue({ db, providers })
  const common = { db, providers, log, now, signal: call.signal, maxAgeMs: () => 60_000 }
  const context: ConnectContext = {
    db,
    providers,
    catalogue,
    log,
    now,
    encryption: createEncryption('a key of more than thirty-two characters'),
    sessions: createSessionTokens({
      encryptionKey: 'a key of more than thirty-two characters',
      oldKeys: [],
      now,
    }),
    connectorSyncs: createSyncScheduler({
      ...common,
      kind: 'CONNECTORS',
      trustStoredState: true,
      fetchAll: (wanted, signal) => catalogue.sync(wanted, signal),
    }),
    connectionSyncs: createSyncScheduler({
      ...common,
      kind: 'CONNECTIONS',
      trustStoredState: false,
      fetchAll: async () => undefined,
    }),
    health: createHealth(),
    publicUrl: new URL('https://gateway.example.com'),
    linkTtlSeconds: 86_400,
    redirectPolicy: { origins: [], allowLoopbackHttp: true },
    retentionDays: 90,
    events: await createEvents({ db, announcements: store, now }),
    shutdownSignal: call.signal,
    instanceId: 'this one',
    leaseMs: 30_000,
    background: background.run,
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
    /** Its end user goes through the door. */
    open: async (id: string) => markOpened(context, await link(id)),
    /** Each open link is read once. */
    async settle() {
      const open = db.selectFrom('connectLinks').select('id').where('status', 'in', openStatuses)
      const links = await open.execute()
      await Promise.all(links.map(({ id }) => refreshOpenLink(context, { linkId: id }, call)))
    },
    /** Makes a link for that end user and answers its id. */
    async createLink(endUserId: string, connectorKey = 'hubspot', tags = [{ key: 'plan', value: 'pro' }]) {
      const input = { connector: connectorKey, endUser: { id: endUserId }, tags, options: {} }
      const made = await createAtProvider(context, viewer, { provider, input, signal: call.signal })
      return made.connectLink.id
    },
    /** Where the link stands after two seconds and one more read. */
    async settled(id: string) {
      clock.advance(2.1)
      await refreshOpenLink(context, { linkId: id }, call)
      return link(id)
    },
    history: async (id: string) => (await historyOf(db, [id])).slice(1),
    /** The listed connections: whose they are, by remote id. */
    async owners(): Promise<Record<string, string | null>> {
      const rows = await db.selectFrom('connections').selectAll().where('visible', '=', true).execute()
      return Object.fromEntries(rows.map(({ remoteId, endUserId }) => [remoteId, endUserId]))
    },
  }
}

export type OpenConnect = Awaited<ReturnType<typeof openConnect>>
