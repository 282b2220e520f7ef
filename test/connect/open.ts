import { onTestFinished } from 'vitest'
import { createBackground } from '../../src/app/background.ts'
import { createCatalogue } from '../../src/connect/catalogue/catalogue.ts'
import type { ConnectContext } from '../../src/connect/context.ts'
import { createConnectLink } from '../../src/connect/create-link/create-at-provider.ts'
import { createEvents } from '../../src/connect/events.ts'
import { createPoller } from '../../src/connect/jobs/poll-links.ts'
import { passDoor } from '../../src/connect/links/open.ts'
import { settleOpenLink } from '../../src/connect/links/refresh-open-link.ts'
import { createSessions } from '../../src/connect/sessions/session-tokens.ts'
import { createSyncs } from '../../src/connect/sync-scheduler.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createHealth } from '../../src/http/health.ts'
import { createProviderSet } from '../../src/providers/provider-registry.ts'
import { findLinks, openStatuses } from '../../src/store/connect-links.ts'
import { createSecrets } from '../../src/store/encryption.ts'
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
  const background = createBackground(log)
  const script: Script = {
    check: async () => ({ kind: 'open' }),
    connections: async function* () {},
    async *connectors() {
      yield [connector('hubspot'), connector('github')]
    },
    expiresAt: null,
    halfMade: null,
    get: async () => null,
    remove: async () => true,
    takeBack: async () => true,
    inputs: async () => null,
  }
  const providers = createProviderSet([fakeProvider(script, abilities)])
  const [provider] = providers.configured
  if (provider === undefined) throw new Error('the provider is not configured')
  const catalogue = createCatalogue({ db, providers })
  const common = { db, providers, log, now, signal: call.signal, freshForMs: () => 60_000 }
  const context: ConnectContext = {
    db,
    providers,
    catalogue,
    log,
    now,
    secrets: createSecrets('a key of more than thirty-two characters'),
    sessions: createSessions({
      encryptionKey: 'a key of more than thirty-two characters',
      oldKeys: [],
      now,
    }),
    connectorSyncs: createSyncs({
      ...common,
      kind: 'CONNECTORS',
      trustEarlierProcess: true,
      walk: (wanted, signal) => catalogue.sync(wanted, signal),
    }),
    connectionSyncs: createSyncs({
      ...common,
      kind: 'CONNECTIONS',
      trustEarlierProcess: false,
      walk: async () => undefined,
    }),
    health: createHealth(),
    publicUrl: new URL('https://gateway.example.com'),
    linkTtlSeconds: 86_400,
    redirects: { origins: [], allowLoopbackHttp: true },
    retentionDays: 90,
    events: await createEvents({ db, announcements: store, now }),
    closing: call.signal,
    gatewayId: 'this one',
    leaseMs: 30_000,
    inBackground: background.add,
    finishing: background.finish,
    patienceMs: 5_000,
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
    poll: createPoller(context).round,
    idle: background.idle,
    /** Its end user goes through the door. */
    open: async (id: string) => passDoor(context, await link(id)),
    /** Each open link is read once. */
    async settle() {
      const open = db.selectFrom('connect_links').select('id').where('status', 'in', openStatuses)
      const links = await open.execute()
      await Promise.all(links.map(({ id }) => settleOpenLink(context, { linkId: id }, call)))
    },
    /** Makes a link for that end user and answers its id. */
    async createLink(endUserId: string, connectorKey = 'hubspot', tags = [{ key: 'plan', value: 'pro' }]) {
      const input = { connector: connectorKey, endUser: { id: endUserId }, tags, options: {} }
      const made = await createConnectLink(context, viewer, { provider, input, signal: call.signal })
      return made.connectLink.id
    },
    /** Where the link stands after two seconds and one more read. */
    async settled(id: string) {
      clock.advance(2.1)
      await settleOpenLink(context, { linkId: id }, call)
      return link(id)
    },
    history: async (id: string) => (await historyOf(db, [id])).slice(1),
    /** The listed connections: whose they are, by remote id. */
    async owners(): Promise<Record<string, string | null>> {
      const rows = await db.selectFrom('connections').selectAll().where('listed', '=', true).execute()
      return Object.fromEntries(rows.map(({ remote_id, end_user_id }) => [remote_id, end_user_id]))
    },
  }
}

export type OpenConnect = Awaited<ReturnType<typeof openConnect>>
