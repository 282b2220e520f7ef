import { z } from 'zod'
import type { ConfigSchema } from '../../src/domain/json.ts'
import type {
  AdapterLink,
  LinkProgress,
  ProviderAdapter,
  RemoteConnection,
  RemoteConnector,
  RemoteReference,
} from '../../src/providers/adapter.ts'
import type { Page } from '../../src/providers/rows.ts'

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
  connectionHint: null,
  credentialsOption: null,
  configSchema: null,
  ...changes,
})

/** The progress of a link that cannot succeed any more. */
export const failedProgress = (reason: string): LinkProgress => ({
  kind: 'ended',
  status: 'FAILED',
  reason,
  failure: { code: 'REMOVED_AT_PROVIDER', message: null },
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
  externalAccount: null,
  createdAt: null,
  ...changes,
})

/** Behaviour of the fake provider; a test may replace each member at any time. */
export interface Script {
  /** The answer to a check of a link. */
  check(link: AdapterLink): Promise<LinkProgress>
  start?(connection: RemoteConnection): Promise<RemoteConnection>
  connections(): AsyncIterable<readonly RemoteConnection[] | Page<RemoteConnection>>
  connectors(): AsyncIterable<readonly RemoteConnector[] | Page<RemoteConnector>>
  /** Expiry of its links; `null`: none. */
  expiresAt: Date | null
  /** The connection that it creates with a link, before authorization. */
  pendingConnection: RemoteConnection | null
  /** One connection; `null`: it does not exist. */
  get(reference: RemoteReference): Promise<RemoteConnection | null>
  remove(reference: RemoteReference): Promise<boolean>
  revoke(link: AdapterLink): Promise<boolean>
  /** Config schema of one connector. */
  inputs(connectorKey: string): Promise<ConfigSchema | null>
}

/** Pages in which all rows are readable, unless they are pages already. */
async function* pagesOf<Row>(pages: AsyncIterable<readonly Row[] | Page<Row>>): AsyncGenerator<Page<Row>> {
  for await (const page of pages) yield 'items' in page ? page : { items: page, skipped: [] }
}

/** Optional features of the adapter. */
export type Ability = 'disconnect' | 'revoke' | 'reconnect' | 'describe'

/** A configured provider whose adapter calls `script`. */
export function fakeProvider(script: Script, abilities: readonly Ability[]) {
  const openOutcome = () =>
    ({
      kind: 'open',
      url: 'https://provider.example.com/link',
      expiry: { at: script.expiresAt, source: script.expiresAt === null ? 'NONE' : 'PROVIDER' },
      requiresProviderLogin: false,
      instructions: null,
      remoteLinkId: null,
      remoteGroup: null,
      providerState: null,
    }) as const
  const can = (ability: Ability) => abilities.includes(ability)
  const adapter: ProviderAdapter = {
    createLink: async () => ({ ...openOutcome(), pendingConnection: script.pendingConnection }),
    checkLink: (link) => script.check(link),
    getConnection: (reference) => script.get(reference),
    listConnections: () => pagesOf(script.connections()),
    listConnectors: () => pagesOf(script.connectors()),
    startConnection: async (connection) => (await script.start?.(connection)) ?? connection,
    ...(can('disconnect') && { disconnect: (reference: RemoteReference) => script.remove(reference) }),
    ...(can('revoke') && { revokeLink: (link: AdapterLink) => script.revoke(link) }),
    ...(can('describe') && { fetchConfigSchema: (key: string) => script.inputs(key) }),
    ...(can('reconnect') && {
      createReconnectLink: async () => ({ ...openOutcome(), pendingConnection: null }),
    }),
  }
  return {
    key: 'FIVETRAN',
    name: 'Fake',
    capabilities: {
      directions: ['SOURCE'],
      successRedirect: true,
      errorRedirect: true,
      embeddable: true,
      pollsPerMinute: 1_000,
      checkedByList: [],
      reconnect: can('reconnect'),
      revokeLink: can('revoke'),
      disconnect: can('disconnect'),
      completion: ['POLL'],
      linkLifetimeSeconds: null,
    },
    linkOptions: z.object({}),
    sandbox: false,
    bound: {
      accountKey: 'FIVETRAN|fake',
      remoteAccount: 'FIVETRAN|fake',
      isFormerAccount: () => false,
      adapter,
    },
  } as const
}
