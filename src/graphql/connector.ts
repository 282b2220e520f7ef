import { z } from 'zod'
import type { Connector } from '../connect/catalogue/connector.ts'
import { readConnectors } from '../connect/catalogue/list-connectors.ts'
import {
  type ConnectorPosition,
  type ConnectorQuery,
  searchWays,
} from '../connect/catalogue/search/search-connectors.ts'
import { ApplicationType } from './application.ts'
import { builder } from './builder.ts'
import type { GraphQLContext } from './context.ts'
import { DirectionEnum, ProviderKeyEnum } from './enums.ts'
import { decodeCursor, encodeCursor, pageSize, SourceStateType, toPage } from './paging.ts'
import { ProviderType } from './provider.ts'

const ConnectorAuthEnum = builder.enumType('ConnectorAuth', {
  description: 'How an end user authorises a connector.',
  values: {
    OAUTH: { description: "The application's own consent page." },
    KEYS: { description: 'Keys, passwords or the like, typed in.' },
    NONE: { description: 'Nothing is needed.' },
    UNKNOWN: { description: 'The provider does not say.' },
  } as const,
})

export const ConnectorType = builder.objectRef<Connector>('Connector')

builder.node(ConnectorType, {
  description:
    'An application that a provider can connect to. One per provider and key, its directions merged.',
  id: { resolve: ({ provider, key }) => `${provider}:${key}` },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'Who offers it.',
      resolve: ({ provider }, _, { connect }) => connect.providers.get(provider),
    }),
    key: t.exposeString('key', {
      description: 'The provider\'s own key: "hubspot", "google_ads", a uuid for xpander.',
    }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: "The provider's words about it.",
    }),
    logoUrl: t.expose('logoUrl', {
      type: 'URL',
      nullable: true,
      description: 'A picture, where the provider gives one.',
    }),
    docsUrl: t.expose('docsUrl', {
      type: 'URL',
      nullable: true,
      description: "The provider's documentation of it.",
    }),
    categories: t.stringList({
      description: "The provider's categories.",
      resolve: ({ categories }) => [...categories],
    }),
    directions: t.field({
      type: [DirectionEnum],
      description: 'Directions it offers; with more than one, a link needs to be told which.',
      resolve: ({ directions }) => [...directions],
    }),
    auth: t.expose('auth', { type: ConnectorAuthEnum, description: 'How an end user authorises it.' }),
    linkable: t.exposeBoolean('linkable', { description: 'Whether a connect link can be made for it.' }),
    inputs: t.field({
      type: 'JSONObject',
      nullable: true,
      description:
        "What it wants to be told, as a JSON Schema; secrets are `writeOnly`. Fivetran: what the `fivetran` options may give, names and `config`, none of which is needed; it is asked about each connector the first time somebody wants to know, and as long as it does not answer only the names are shown. Census and Pipedream: what the end user fills in on the provider's page. Null: nothing, or the provider does not say.",
      resolve: (connector, _, { inputs }) => inputs.load(connector),
    }),
    application: t.field({
      type: ApplicationType,
      description: 'What it connects to, with the offers of all providers for the same.',
      resolve: (connector, _, { connect }) => connect.catalogue.applicationOf(connector),
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
      sources: t.field({
        type: [SourceStateType],
        description: "How fresh each provider's part is.",
        resolve: ({ sources }) => [...sources],
      }),
    }),
  },
  { name: 'ConnectorEdge', description: 'A connector in a page.' },
)

interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

const cursorParts = z.tuple([z.enum(searchWays), z.number(), z.string()])

function readCursor(after: string | null | undefined): ConnectorPosition | null {
  const parts = decodeCursor(after, cursorParts)
  return parts && { way: parts[0], rank: parts[1], sortKey: parts[2] }
}

async function resolveConnectors(
  { connect }: GraphQLContext,
  query: ConnectorQuery,
  { first, after }: PageArgs,
) {
  const size = pageSize(first)
  const { matches, count, sources } = await readConnectors(connect, query, readCursor(after))
  const page = new Map(matches.slice(0, size).map((match) => [match.connector, match]))
  return toPage(
    [...page.keys()],
    {
      cursor(connector) {
        const match = page.get(connector)
        return match ? encodeCursor([match.way, match.rank, match.sortKey]) : ''
      },
      hasNextPage: matches.length > size,
      after,
    },
    { sources, count: () => count },
  )
}

builder.queryFields((t) => ({
  connectors: t.field({
    type: ConnectorConnectionType,
    description:
      'The catalogue of all providers, by name; with a search the best matches first. Turning its pages meets every connector that stays exactly once, whatever comes and goes meanwhile.',
    args: {
      search: t.arg.string({
        description:
          'What to look for in names, keys, abbreviations, categories and descriptions: "google sheets", "gsheets", "sales force", "connect my stripe account". Misspelt words are understood where the right ones find nothing.',
      }),
      providers: t.arg({ type: [ProviderKeyEnum], description: 'Only these providers.' }),
      direction: t.arg({ type: DirectionEnum, description: 'Only connectors that offer this direction.' }),
      first: t.arg.int({ description: 'How many: 1 to 100, 20 by default.' }),
      after: t.arg.string({ description: 'Those behind this cursor.' }),
    },
    resolve: (_, { first, after, ...query }, context) => resolveConnectors(context, query, { first, after }),
  }),
  connector: t.field({
    type: ConnectorType,
    nullable: true,
    description: 'One connector; null: the provider does not offer it.',
    args: {
      provider: t.arg({ type: ProviderKeyEnum, required: true, description: 'Whose.' }),
      key: t.arg.string({ required: true, description: "The provider's own key." }),
    },
    resolve: async (_, { provider, key }, { connect }) => {
      if (!connect.catalogue.has(provider)) await connect.connectorSyncs.freshen(connect.patienceMs)
      return connect.catalogue.get(provider, key) ?? null
    },
  }),
}))

builder.objectField(ProviderType, 'connectors', (t) =>
  t.field({
    type: ConnectorConnectionType,
    description: "The provider's part of the catalogue.",
    args: {
      search: t.arg.string({ description: 'Words to look for.' }),
      first: t.arg.int({ description: 'How many: 1 to 100, 20 by default.' }),
      after: t.arg.string({ description: 'Those behind this cursor.' }),
    },
    resolve: ({ key }, { search, first, after }, context) =>
      resolveConnectors(context, { search: search ?? null, providers: [key] }, { first, after }),
  }),
)
