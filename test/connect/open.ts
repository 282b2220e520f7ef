import { z } from 'zod'
import { createCatalogue } from '../../src/connect/catalogue.ts'
import type { ConnectContext, Viewer } from '../../src/connect/context.ts'
import { createConnectLink } from '../../src/connect/create-connect-link.ts'
import { readConnectLinks } from '../../src/connect/read-connect-links.ts'
import { settleOpenLinks } from '../../src/connect/settle-connect-links.ts'
import { createSyncs } from '../../src/connect/syncs.ts'
import { createHealth } from '../../src/http/health.ts'
import type {
  LinkProgress,
  OpenLink,
  ProviderAdapter,
  RemoteConnection,
  RemoteConnector,
} from '../../src/providers/provider.ts'
import { createProviderSet } from '../../src/providers/provider-set.ts'
import { findLinks, historyOf } from '../../src/store/connect-links.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { createSecrets } from '../../src/store/secrets.ts'
import { createTestClock } from '../helpers/clock.ts'
import { testDatabase } from '../helpers/database.ts'
import { keptLog } from '../helpers/log.ts'

export const call = { signal: new AbortController().signal }
const viewer: Viewer = { kind: 'API_KEY', name: null, scopes: [], endUser: null }

export const connector = (key: string, changes: Partial<RemoteConnector> = {}): RemoteConnector => ({
  key,
  name: key,
  description: null,
  logoUrl: null,
  docsUrl: null,
  categories: [],
  directions: ['SOURCE'],
  auth: 'OAUTH',
  linkable: true,
  ...changes,
})

export const connection = (remoteId: string, changes: Partial<RemoteConnection> = {}): RemoteConnection => ({
  remoteId,
  direction: 'SOURCE',
  connectorKey: 'hubspot',
  name: remoteId,
  status: 'ACTIVE',
  health: 'OK',
  healthMessage: null,
  remoteGroup: null,
  endUserId: null,
  createdAt: null,
  ...changes,
})

/** What the provider of a test does; each line may be changed while it runs. */
export interface Script {
  /** What it says of a link that is asked about. */
  check(link: OpenLink): Promise<LinkProgress>
  start?(connection: RemoteConnection): Promise<RemoteConnection>
  connections(): AsyncIterable<readonly RemoteConnection[]>
  connectors(): AsyncIterable<readonly RemoteConnector[]>
  /** When its links end. */
  expiresAt: Date | null
}

/** The use cases over a store of the test's own, with one provider that does what the test says. */
export async function openConnect() {
  const db = await testDatabase()
  const clock = createTestClock()
  const { log, text } = keptLog()
  const { now } = clock
  const script: Script = {
    check: async () => ({ kind: 'open' }),
    connections: async function* () {},
    async *connectors() {
      yield [connector('hubspot'), connector('github')]
    },
    expiresAt: null,
  }
  const providers = createProviderSet([fakeProvider(script)])
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
    linksInHand: new Set(),
    patienceMs: 5_000,
  }

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
    logged: text,
    link,
    settle: () => settleOpenLinks(context, {}, call),
    /** Makes a link for that end user and answers its id. */
    async createLink(endUserId: string, connectorKey = 'hubspot', tags = [{ key: 'plan', value: 'pro' }]) {
      const input = { connector: connectorKey, endUser: { id: endUserId }, tags, options: {} }
      const made = await createConnectLink(context, viewer, { provider, input, signal: call.signal })
      return made.connectLink.id
    },
    /** Where the link stands after two seconds and one more read. */
    async settled(id: string) {
      clock.advance(2.1)
      await readConnectLinks(context, { filter: {}, page: { first: 1, after: null } }, call)
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

function fakeProvider(script: Script) {
  const adapter: ProviderAdapter = {
    createLink: async () => ({
      kind: 'open',
      url: 'https://provider.example.com/link',
      expiry: { at: script.expiresAt, source: script.expiresAt === null ? 'NONE' : 'PROVIDER' },
      requiresProviderLogin: false,
      instructions: null,
      remoteLinkId: null,
      remoteGroup: null,
      halfMade: null,
      memo: null,
    }),
    checkLink: (link) => script.check(link),
    getConnection: async () => null,
    listConnections: () => script.connections(),
    listConnectors: () => script.connectors(),
    startConnection: async (connection) => (await script.start?.(connection)) ?? connection,
  }
  return {
    key: 'FIVETRAN',
    name: 'Fake',
    capabilities: {
      directions: ['SOURCE'],
      successRedirect: true,
      errorRedirect: true,
      embeddable: true,
      reconnect: false,
      revokeLink: false,
      disconnect: false,
      completion: ['POLL'],
      linkLifetimeSeconds: null,
    },
    linkOptions: z.object({}),
    sandbox: false,
    bound: { scope: 'FIVETRAN|fake', adapter },
  } as const
}
