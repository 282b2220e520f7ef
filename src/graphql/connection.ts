import { hideOtherPerson, isEndUser, visibleTags } from '../connect/authorization.ts'
import type { ExternalAccount } from '../providers/adapter.ts'
import { endUserOf, organizationOf } from '../store/end-user-columns.ts'
import { reportedId } from '../store/reused-ids.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectionAssignmentType, OwnerEvidenceEnum } from './connection-owner.ts'
import { ConnectionUseType, useOf } from './connection-use.ts'
import { ConnectorType } from './connector.ts'
import { providerFor } from './context.ts'
import { ConnectionStatusEnum, DirectionEnum, HealthCodeEnum } from './enums.ts'
import { ConnectionOwnerEnum, OrganizationType } from './organization.ts'
import { ProviderType } from './provider.ts'
import { TagType } from './tag.ts'
import { EndUserType } from './viewer.ts'

interface Health {
  readonly code: ConnectionRow['healthCode']
  readonly message: string | null
  readonly since: Date | null
}

const HealthType = builder.objectRef<Health>('ConnectionHealth').implement({
  description: 'Whether a connection works, independent of whether it is in use.',
  fields: (t) => ({
    code: t.expose('code', { type: HealthCodeEnum, description: 'What is wrong, for programs.' }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'What is wrong, for people; null if there is nothing to say.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'When the code was first seen; null if unknown.',
    }),
  }),
})

const ExternalAccountType = builder.objectRef<ExternalAccount>('ExternalAccount').implement({
  description: 'The account at the application that a connection uses, as far as the provider shows it.',
  fields: (t) => ({
    id: t.exposeString('id', {
      description:
        'Distinguishes it from other accounts of the same application: its ID if the provider has one (Census), else its displayed name (Pipedream), or what the metadata of the connection says (Nango).',
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its name at the provider.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'Its name, if that is an email address.',
    }),
  }),
})

const toExternalAccount = ({
  externalAccountId: id,
  externalAccountName: name,
  externalAccountEmail: email,
}: ConnectionRow): ExternalAccount | null => (id === null ? null : { id, name, email })

export const ConnectionType = builder.objectRef<ConnectionRow>('Connection')

builder.node(ConnectionType, {
  description:
    'An authorized account or data source at a provider, whether it was made through this gateway or not.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'The provider that holds the connection.',
      resolve: ({ provider }, _, context) => providerFor(context, provider),
    }),
    connector: t.field({
      type: ConnectorType,
      nullable: true,
      description:
        "The connector of the connection; null if it is not in the provider's catalogue any more or if the provider does not report it.",
      resolve: (row, _, { connect }) => connect.catalogue.connectorOf(row) ?? null,
    }),
    connectorKey: t.exposeString('connectorKey', {
      description:
        'The `Connector.key` of the connector of the connection; `unknown` if the provider does not report it.',
    }),
    direction: t.expose('direction', {
      type: DirectionEnum,
      description: 'Direction in which data flows through the connection.',
    }),
    name: t.string({
      nullable: true,
      description:
        'Name of the connection at the provider; null if it has none, or in a session if another end user made the connection.',
      resolve: (row, _, { viewer }) => hideOtherPerson(viewer, row).name,
    }),
    remoteId: t.string({
      resolve: ({ remoteId }) => reportedId(remoteId),
      description: "The provider's own ID of the connection, for use with the provider's API.",
    }),
    status: t.expose('status', {
      type: ConnectionStatusEnum,
      description: 'Whether the connection can be used.',
    }),
    health: t.field({
      type: HealthType,
      description: 'Whether the connection works, and what is wrong with it.',
      resolve: (row, _, { viewer }) => ({
        code: row.healthCode,
        message: hideOtherPerson(viewer, row).healthMessage,
        since: row.healthSince,
      }),
    }),
    endUser: t.field({
      type: EndUserType,
      nullable: true,
      description:
        'The end user the connection belongs to, or who made it for the organization; null if nothing shows to whom it belongs (an API key can assign it), if that person was erased, or in a session if it is another end user.',
      resolve: (row, _, { viewer }) => endUserOf(hideOtherPerson(viewer, row)),
    }),
    organization: t.field({
      type: OrganizationType,
      nullable: true,
      description: 'The organization of the end user, or that owns the connection; null if there is none.',
      resolve: organizationOf,
    }),
    owner: t.expose('owner', {
      type: ConnectionOwnerEnum,
      description: 'Whether the connection belongs to `endUser` or to `organization`.',
    }),
    ownerEvidence: t.field({
      type: OwnerEvidenceEnum,
      nullable: true,
      description: 'What shows that the connection belongs to `endUser`; null if `endUser` is null.',
      resolve: (row, _, { viewer }) => hideOtherPerson(viewer, row).ownerEvidence,
    }),
    assignments: t.field({
      type: [ConnectionAssignmentType],
      description:
        'Changes of `endUser` by `assignConnection`, oldest first. For API keys only: empty for sessions.',
      resolve: async ({ id }, _, { assignments, viewer }) =>
        isEndUser(viewer) ? [] : [...(await assignments.load(id))],
    }),
    externalAccount: t.field({
      type: ExternalAccountType,
      nullable: true,
      description:
        'The account at the application; null if the provider does not show it, or in a session if another end user made the connection.',
      resolve: (row, _, { viewer }) => toExternalAccount(hideOtherPerson(viewer, row)),
    }),
    use: t.field({
      type: ConnectionUseType,
      nullable: true,
      description:
        "How the application uses the connection with the provider's own API; null in sessions, for DISCONNECTED connections, and if the provider's API takes an end user whom the gateway does not know.",
      resolve: (row, _, { connect, viewer }) => useOf(viewer, connect.providers, row),
    }),
    duplicateOf: t.field({
      type: ConnectionType,
      nullable: true,
      description:
        'The oldest connection of the same end user, organization, owner, connector, provider and external account, if it is older than this one. Null if there is none, if the end user or the account is unknown, or if one of the two is DISCONNECTED.',
      resolve: async ({ id }, _, { duplicateOriginals, connections }) => {
        const original = await duplicateOriginals.load(id)
        return original === null ? null : connections.load(original)
      },
    }),
    tags: t.field({
      type: [TagType],
      description:
        'Labels of the application, copied from the connect link that made the connection. For API keys only: empty for sessions.',
      resolve: ({ tags }, _, { viewer }) => [...visibleTags(viewer, tags)],
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the connection was created at the provider, else when the gateway first saw it.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: "When the gateway's record of the connection last changed.",
    }),
    lastCheckedAt: t.expose('lastCheckedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the connection was last read from its provider, alone or in a list.',
    }),
  }),
})
