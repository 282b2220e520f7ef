import { organizationOfViewer } from '../connect/authorization.ts'
import { type ConnectorFilters, listConnectors } from '../connect/catalogue/list-connectors.ts'
import type { ConnectorQuery } from '../connect/catalogue/search/search-connectors.ts'
import { builder } from './builder.ts'
import { ConnectorConnectionType, ConnectorType } from './connector.ts'
import { catalogueFor, type GraphQLContext } from './context.ts'
import { ConnectorAuthEnum, DirectionEnum, ProviderKeyEnum } from './enums.ts'
import { afterArg, firstArg, pageSize } from './paging.ts'
import { ProviderType } from './provider.ts'
import { type PageArgs, readCursor, toRankedPage } from './ranked-page.ts'

async function resolveConnectors(
  { connect, viewer }: GraphQLContext,
  query: ConnectorQuery & ConnectorFilters,
  { first, after }: PageArgs,
) {
  const size = pageSize(first)
  const list = await listConnectors(connect, viewer, { query, after: readCursor(after) })
  return toRankedPage(list, ({ connector }) => connector, { size, after })
}

export const searchDescription =
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
      auth: t.arg({
        type: ConnectorAuthEnum,
        description: 'Only connectors that an end user authorizes in this way. Default: any.',
      }),
      category: t.arg.string({
        description:
          'Only connectors of this category, one of `Connector.categories`; case and punctuation do not matter. Default: any.',
      }),
      linkable: t.arg.boolean({
        description:
          'True: only connectors that the caller can create a connect link for; false: only the others. Default: both.',
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
