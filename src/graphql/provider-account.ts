import { listAccounts } from '../connect/accounts/list-accounts.ts'
import type { ProviderAccountRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'
import {
  afterArg,
  decodePosition,
  firstArg,
  pageSize,
  positionCursor,
  toPage,
  validFilter,
} from './paging.ts'
import { ProviderFailureType, ProviderStatusEnum, ProviderType, statusOf } from './provider.ts'

export const ProviderAccountType = builder.objectRef<ProviderAccountRow>('ProviderAccount')

builder.node(ProviderAccountType, {
  description:
    "An organization's own account at a provider. Links of its end users are created there instead of at the account of the environment, and it is used for no other organization. Its credentials can be replaced, but not read.",
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'The provider at which the account is.',
      resolve: ({ provider, organizationId }, _, { connect }) =>
        connect.providers.seenBy(organizationId).find(({ key }) => key === provider) ??
        connect.providers.get(provider),
    }),
    organizationId: t.exposeString('organizationId', {
      description: "The organization that the account belongs to: the application's own ID.",
    }),
    name: t.exposeString('name', { description: 'Display name, as given when the account was created.' }),
    settingNames: t.stringList({
      description:
        'The settings that are set, such as `FIVETRAN_API_KEY`. Their values cannot be read, by any caller.',
      resolve: ({ settingNames }) => [...settingNames],
    }),
    status: t.field({
      type: ProviderStatusEnum,
      description:
        'Whether the provider has answered the latest calls with these credentials. NOT_CONFIGURED: the gateway cannot use the account, because it was created at another base URL or with another encryption key, or is now the account of the environment. No links are created for the organization at the provider then.',
      resolve: ({ accountKey }, _, { connect }) =>
        statusOf(connect, connect.providers.byAccountKey(accountKey)),
    }),
    lastFailure: t.field({
      type: ProviderFailureType,
      nullable: true,
      description:
        'The last call with these credentials that failed because of the provider, the network or the credentials; null if there is none since the gateway was started.',
      resolve: ({ accountKey }, _, { connect }) => connect.health.lastFailure(accountKey),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the account was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the credentials were last replaced, else when the account was created.',
    }),
    verifiedAt: t.expose('verifiedAt', {
      type: 'DateTime',
      description: 'When the provider accepted the credentials, before they were stored.',
    }),
  }),
})

const ProviderAccountConnectionType = builder.connectionObject(
  {
    type: ProviderAccountType,
    name: 'ProviderAccountConnection',
    description: 'A page of provider accounts.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many provider accounts match the filter.',
        resolve: async ({ count }) => (await count()) ?? 0,
      }),
    }),
  },
  { name: 'ProviderAccountEdge', description: 'A provider account in a page.' },
)

const ProviderAccountFilterInput = builder.inputType('ProviderAccountFilter', {
  description: 'Selects provider accounts; all given fields must match.',
  fields: (t) => ({
    organizationId: t.string({
      description: "Only accounts of the organization with this ID, the application's own.",
    }),
    provider: t.field({ type: ProviderKeyEnum, description: 'Only accounts at this provider.' }),
  }),
})

builder.queryField('providerAccounts', (t) =>
  t.field({
    permission: 'accounts:admin',
    type: ProviderAccountConnectionType,
    description:
      'The accounts of organizations at providers, newest first. The accounts of the environment are not listed. For API keys only; a session gets a GraphQL error with code FORBIDDEN.',
    args: {
      filter: t.arg({ type: ProviderAccountFilterInput, description: 'Which accounts. Default: all.' }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: async (_, { filter, first, after }, { connect }) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const { rows, hasNextPage, count } = await listAccounts(connect, { filter: validFilter(filter), page })
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, { syncStatus: [], count })
    },
  }),
)
