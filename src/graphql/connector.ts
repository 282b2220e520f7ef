import { z } from 'zod'
import { organizationOfViewer } from '../connect/authorization.ts'
import type { Connector } from '../connect/catalogue/connector.ts'
import { isLinkable } from '../connect/catalogue/linkable.ts'
import { listConnectors } from '../connect/catalogue/list-connectors.ts'
import {
  type ConnectorCursor,
  type ConnectorQuery,
  searchModes,
} from '../connect/catalogue/search/search-connectors.ts'
import { ApplicationType } from './application.ts'
import { builder } from './builder.ts'
import { catalogueFor, type GraphQLContext, providerFor } from './context.ts'
import { pageEntriesCost, providerCallCost } from './cost.ts'
import { ConnectorAuthEnum, DirectionEnum, ProviderKeyEnum } from './enums.ts'
import {
  afterArg,
  decodeCursor,
  encodeCursor,
  firstArg,
  ProviderSyncStatusType,
  pageSize,
  toPage,
} from './paging.ts'
import { ProviderType } from './provider.ts'

export const ConnectorType = builder.objectRef<Connector>('Connector')

builder.node(ConnectorType, {
  description:
    "An entry of a provider's catalogue: an application that the provider can connect to. One for each provider and key, whatever its directions.",
  id: { resolve: ({ provider, key }) => `${provider}:${key}` },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'The provider that offers the connector.',
      resolve: ({ provider }, _, context) => providerFor(context, provider),
    }),
    key: t.exposeString('key', {
      description:
        'The provider\'s own key of the connector: "hubspot", "google_ads", a UUID for xpander. Pass it as `connector` to `createConnectLink`.',
    }),
    name: t.exposeString('name', { description: 'Display name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: "The provider's description; null if it has none.",
    }),
    logoUrl: t.expose('logoUrl', {
      type: 'URL',
      nullable: true,
      description: 'URL of a logo; null if the provider has none.',
    }),
    docsUrl: t.expose('docsUrl', {
      type: 'URL',
      nullable: true,
      description: "URL of the provider's documentation of the connector; null if it has none.",
    }),
    categories: t.stringList({
      description: "The provider's categories of the connector.",
      resolve: ({ categories }) => [...categories],
    }),
    directions: t.field({
      type: [DirectionEnum],
      description:
        'Directions the connector offers. With more than one, `createConnectLink` needs `direction`.',
      resolve: ({ directions }) => [...directions],
    }),
    auth: t.expose('auth', {
      type: ConnectorAuthEnum,
      description: 'How an end user authorizes the connector.',
    }),
    linkable: t.boolean({
      description:
        'Whether the caller can create a connect link for the connector. In a session it is false if the limits of the session exclude the connector, or if it needs credentials, which only an API key may give.',
      resolve: (connector, _, { viewer, connect }) => isLinkable(viewer, connect, connector),
    }),
    connectionHint: t.exposeString('connectionHint', {
      nullable: true,
      description:
        'The provider\'s words about the credentials that the connector needs: "Bot token"; null if it has none. At xpander they belong into `xpander.security`, or are entered on the connector\'s page.',
    }),
    configSchema: t.field({
      type: 'JSONObject',
      complexity: providerCallCost,
      nullable: true,
      description:
        "JSON Schema of the settings that the connector needs; secrets are `writeOnly`. Fivetran: the fields of `FivetranLinkOptions` with `config`, none of which is required; read from Fivetran on first use, only the naming fields while it does not answer. Census and Pipedream: the fields that the end user fills in on the provider's page. Null if there are none or the provider does not say.",
      resolve: (connector, _, { configSchemas }) => configSchemas.load(connector),
    }),
    application: t.field({
      type: ApplicationType,
      description: 'The application the connector connects to, with the offers of all providers for it.',
      resolve: (connector, _, context) => catalogueFor(context).applicationOf(connector),
    }),
  }),
})

const ConnectorConnectionType = builder.connectionObject(
  {
    type: ConnectorType,
    name: 'ConnectorConnection',
    description: 'A page of connectors.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many connectors match.',
        // The catalogue is in memory: it is always counted.
        resolve: async ({ count }) => (await count()) ?? 0,
      }),
      syncStatus: t.field({
        type: [ProviderSyncStatusType],
        complexity: pageEntriesCost,
        description: "How fresh each provider's part of the catalogue is.",
        resolve: ({ syncStatus }) => [...syncStatus],
      }),
    }),
  },
  { name: 'ConnectorEdge', description: 'A connector in a page.' },
)

interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

const cursorParts = z.tuple([z.enum(searchModes), z.number(), z.string()])

function readCursor(after: string | null | undefined): ConnectorCursor | null {
  const parts = decodeCursor(after, cursorParts)
  return parts && { mode: parts[0], rank: parts[1], sortKey: parts[2] }
}

async function resolveConnectors(
  { connect, viewer }: GraphQLContext,
  query: ConnectorQuery,
  { first, after }: PageArgs,
) {
  const size = pageSize(first)
  const { matches, count, syncStatus } = await listConnectors(connect, viewer, {
    query,
    after: readCursor(after),
  })
  const page = new Map(matches.slice(0, size).map((match) => [match.connector, match]))
  return toPage(
    [...page.keys()],
    {
      cursor(connector) {
        const match = page.get(connector)
        return match ? encodeCursor([match.mode, match.rank, match.sortKey]) : ''
      },
      hasNextPage: matches.length > size,
      after,
    },
    { syncStatus, count: () => count },
  )
}

const searchDescription =
  'Words to search for in names, keys, abbreviations, categories and descriptions: "google sheets", "gsheets", "sales force", "connect my stripe account". Typos are tolerated if there is no match without.'

builder.queryFields((t) => ({
  connectors: t.field({
    permission: 'catalogue:read',
    type: ConnectorConnectionType,
    description:
      'The catalogue of all providers, ordered by name; with `search` the best matches first. Paging returns every connector that stays in the catalogue exactly once, whatever is added or removed meanwhile.',
    args: {
      search: t.arg.string({ description: searchDescription }),
      providers: t.arg({
        type: [ProviderKeyEnum],
        description: 'Only connectors of these providers. Default: all.',
      }),
      direction: t.arg({
        type: DirectionEnum,
        description: 'Only connectors that offer this direction. Default: any.',
      }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: (_, { first, after, ...query }, context) => resolveConnectors(context, query, { first, after }),
  }),
  connector: t.field({
    permission: 'catalogue:read',
    type: ConnectorType,
    nullable: true,
    description: 'A connector by provider and key; null if the provider does not offer it.',
    args: {
      provider: t.arg({
        type: ProviderKeyEnum,
        required: true,
        description: 'The provider that offers the connector.',
      }),
      key: t.arg.string({ required: true, description: 'The `Connector.key` of the connector.' }),
    },
    resolve: async (_, { provider, key }, context) => {
      const { connect, viewer } = context
      const accounts = connect.providers.usedBy(organizationOfViewer(viewer))
      if (!catalogueFor(context).has(provider)) {
        await connect.connectorSyncs.ensureSynced(connect.maxWaitMs, { providerKeys: [provider], accounts })
        await connect.catalogue.load()
      }
      return catalogueFor(context).get(provider, key) ?? null
    },
  }),
}))

builder.objectField(ProviderType, 'connectors', (t) =>
  t.field({
    permission: 'catalogue:read',
    type: ConnectorConnectionType,
    description: 'The catalogue of this provider, ordered by name; with `search` the best matches first.',
    args: {
      search: t.arg.string({ description: searchDescription }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: ({ key }, { search, first, after }, context) =>
      resolveConnectors(context, { search: search ?? null, providers: [key] }, { first, after }),
  }),
)
