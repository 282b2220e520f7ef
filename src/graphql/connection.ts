import { readConnections } from '../connect/connections/list-connections.ts'
import type { ExternalAccount } from '../providers/adapter.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectorType } from './connector.ts'
import { ConnectionStatusEnum, DirectionEnum, ProviderKeyEnum } from './enums.ts'
import { decodePosition, pageSize, positionCursor, SourceStateType, storable, toPage } from './paging.ts'
import { ProviderType } from './provider.ts'
import { TagInput, TagType } from './tag.ts'
import { EndUserType } from './viewer.ts'

const HealthCodeEnum = builder.enumType('HealthCode', {
  description: 'What, if anything, is wrong with a connection.',
  values: {
    OK: { description: 'Nothing.' },
    NEEDS_REAUTH: { description: 'An end user has to authorise it again.' },
    NEEDS_CONFIG: { description: 'Its set-up is not finished.' },
    REVOKED: { description: 'The authorisation was withdrawn, or the connection removed.' },
    DEGRADED: { description: 'It works, but late or in part.' },
    UNKNOWN: { description: 'The provider does not say.' },
  } as const,
})

interface Health {
  readonly code: ConnectionRow['health_code']
  readonly message: string | null
  readonly since: Date | null
}

const HealthType = builder.objectRef<Health>('ConnectionHealth').implement({
  description: 'Whether a connection works, apart from whether it is in use.',
  fields: (t) => ({
    code: t.expose('code', { type: HealthCodeEnum, description: 'What is wrong, for programs.' }),
    message: t.exposeString('message', { nullable: true, description: 'What is wrong, for people.' }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'When the code was first seen.',
    }),
  }),
})

const ExternalAccountType = builder.objectRef<ExternalAccount>('ExternalAccount').implement({
  description: 'An account at an application, as far as a provider shows it.',
  fields: (t) => ({
    id: t.exposeString('id', {
      description:
        'What tells it apart from other accounts of that application: its id where the provider has one (Census), else the name that it is shown by (Pipedream).',
    }),
    name: t.exposeString('name', { nullable: true, description: 'What the provider calls it.' }),
    email: t.exposeString('email', { nullable: true, description: 'An address, if it is called by one.' }),
  }),
})

export const ConnectionType = builder.objectRef<ConnectionRow>('Connection')

builder.node(ConnectionType, {
  description:
    'An authorised account or data source at a provider, whether made through this gateway or not.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'Where it lives.',
      resolve: ({ provider }, _, { connect }) => connect.providers.get(provider),
    }),
    connector: t.field({
      type: ConnectorType,
      nullable: true,
      description: "What it connects to; null: no longer in the provider's catalogue.",
      resolve: (row, _, { connect }) => connect.catalogue.get(row.provider, row.connector_key) ?? null,
    }),
    connectorKey: t.exposeString('connector_key', { description: "The provider's key of the connector." }),
    direction: t.expose('direction', { type: DirectionEnum, description: 'Which way data flows.' }),
    name: t.exposeString('name', { nullable: true, description: 'Its name at the provider.' }),
    remoteId: t.exposeString('remote_id', { description: "The provider's own id." }),
    status: t.expose('status', { type: ConnectionStatusEnum, description: 'What it can be used for now.' }),
    health: t.field({
      type: HealthType,
      description: 'Whether it works.',
      resolve: (row) => ({ code: row.health_code, message: row.health_message, since: row.health_since }),
    }),
    endUser: t.field({
      type: EndUserType,
      nullable: true,
      description: 'Whose it is; null: made outside this gateway, and the provider does not say.',
      resolve: ({ end_user_id: id, end_user_name: name, end_user_email: email }) =>
        id === null ? null : { id, name, email },
    }),
    externalAccount: t.field({
      type: ExternalAccountType,
      nullable: true,
      description: 'Whose account it is at the application; null: the provider does not say.',
      resolve: ({ external_account_id: id, external_account_name: name, external_account_email: email }) =>
        id === null ? null : { id, name, email },
    }),
    duplicateOf: t.field({
      type: ConnectionType,
      nullable: true,
      description:
        'The oldest connection of the same end user, connector, provider and external account, if that is older than this one. Null, too, where the end user or the account is not known, or either has been removed.',
      resolve: async ({ id }, _, { originals, connections }) => {
        const original = await originals.load(id)
        return original === null ? null : connections.load(original)
      },
    }),
    tags: t.field({
      type: [TagType],
      description: 'Tags of the link that made it.',
      resolve: ({ tags }) => [...tags],
    }),
    createdAt: t.expose('created_at', {
      type: 'DateTime',
      description: "The provider's time, else when first seen.",
    }),
    updatedAt: t.expose('updated_at', {
      type: 'DateTime',
      description: "When the gateway's record last changed.",
    }),
    lastCheckedAt: t.expose('last_checked_at', {
      type: 'DateTime',
      nullable: true,
      description: 'When the provider last showed it, alone or in its list.',
    }),
  }),
})

const ConnectionConnectionType = builder.connectionObject(
  {
    type: ConnectionType,
    name: 'ConnectionConnection',
    description: 'A page of connections.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many match; null: more than 10,000, which are not counted.',
        resolve: ({ count }) => count(),
      }),
      sources: t.field({
        type: [SourceStateType],
        description: "How fresh each provider's part is.",
        resolve: ({ sources }) => [...sources],
      }),
    }),
  },
  { name: 'ConnectionEdge', description: 'A connection in a page.' },
)

const ConnectionFilterInput = builder.inputType('ConnectionFilter', {
  description: 'Which connections; fields given together must all match.',
  fields: (t) => ({
    providers: t.field({ type: [ProviderKeyEnum], description: 'Of these providers.' }),
    statuses: t.field({ type: [ConnectionStatusEnum], description: 'In these statuses.' }),
    endUserId: t.string({ description: "Of this end user, by the application's own id." }),
    connectorKey: t.string({ description: 'Of the connector with this key.' }),
    tag: t.field({ type: TagInput, description: 'With this tag.' }),
  }),
})

builder.queryField('connections', (t) =>
  t.field({
    type: ConnectionConnectionType,
    description:
      'The connections of all providers, newest first, as the gateway knows them; `sources` says how well that is. `refreshConnection` reads one now.',
    args: {
      filter: t.arg({ type: ConnectionFilterInput, description: 'Which ones.' }),
      first: t.arg.int({ description: 'How many: 1 to 100, 20 by default.' }),
      after: t.arg.string({ description: 'Those behind this cursor.' }),
    },
    resolve: async (_, { filter, first, after }, { connect, viewer }) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const wanted = { filter: storable(filter), page }
      const { rows, hasNextPage, ...extras } = await readConnections(connect, viewer, wanted)
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
    },
  }),
)
