import { logoOf } from '../connect/catalogue/application-details.ts'
import type { Connector } from '../connect/catalogue/connector.ts'
import { isLinkable } from '../connect/catalogue/linkable.ts'
import { ApplicationType } from './application.ts'
import { builder } from './builder.ts'
import { catalogueFor, providerFor } from './context.ts'
import { pageEntriesCost, providerCallCost } from './cost.ts'
import { ConnectorAuthEnum, DirectionEnum } from './enums.ts'
import { ProviderSyncStatusType } from './paging.ts'
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
    logoUrl: t.field({
      type: 'URL',
      nullable: true,
      description:
        "URL of a logo; null if there is none. Census and xpander have none: it is that of another provider's connector for the same application.",
      resolve: (connector, _, context) =>
        connector.logoUrl ?? logoOf(catalogueFor(context).applicationOf(connector)),
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
        "JSON Schema of the settings that the connector needs; secrets are `writeOnly`. Fivetran: the fields of `FivetranLinkOptions` with `config`, none of which is required; read from Fivetran on first use, only the naming fields while it does not answer. Census, Pipedream, Nango and Composio: the fields that the end user fills in on the provider's page. Null if there are none or the provider does not say.",
      resolve: (connector, _, { configSchemas }) => configSchemas.load(connector),
    }),
    application: t.field({
      type: ApplicationType,
      description: 'The application the connector connects to, with the offers of all providers for it.',
      resolve: (connector, _, context) => catalogueFor(context).applicationOf(connector),
    }),
  }),
})

export const ConnectorConnectionType = builder.connectionObject(
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
