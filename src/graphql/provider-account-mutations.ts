import { createProviderAccount } from '../connect/accounts/create-account.ts'
import { removeProviderAccount } from '../connect/accounts/remove-account.ts'
import { rotateProviderAccount } from '../connect/accounts/rotate-account.ts'
import { ConflictError, InvalidInputError, NotFoundError, UnsupportedError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ProviderAccountRow } from '../store/schema.ts'
import { targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { providerCallCost } from './cost.ts'
import { ProviderKeyEnum } from './enums.ts'
import { decodeIdOf } from './ids.ts'
import { ProviderAccountType } from './provider-account.ts'

const ProviderSettingInput = builder.inputType('ProviderSettingInput', {
  description: 'One setting of a provider account, such as a part of its credentials.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        "A variable of the provider's credentials, with or without the provider's prefix: `FIVETRAN_API_KEY` or `API_KEY`. Base URLs cannot be set.",
    }),
    value: t.string({
      required: true,
      description:
        'Its value: 1 to 1000 printable ASCII characters without spaces. Stored encrypted, and never returned.',
    }),
  }),
})

const CreateProviderAccountInput = builder.inputType('CreateProviderAccountInput', {
  description:
    "An organization's account at a provider. All issues are reported at once as InvalidInputError.",
  fields: (t) => ({
    provider: t.field({
      type: ProviderKeyEnum,
      required: true,
      description: 'The provider at which the account is.',
    }),
    organizationId: t.string({
      required: true,
      description:
        "The organization that the account belongs to: the application's own ID, at most 250 characters. It has at most one account at each provider.",
    }),
    name: t.string({ required: true, description: 'Display name, at most 250 characters.' }),
    settings: t.field({
      type: [ProviderSettingInput],
      required: true,
      description:
        "The provider's credentials. Fivetran: API_KEY, API_SECRET, GROUP_ID. Census: API_VERSION, API_KEY, GROUP_ID. Pipedream: CLIENT_ID, CLIENT_SECRET, PROJECT_ID, ENVIRONMENT. xpander: API_KEY, API_FAMILY. Nango: SECRET_KEY, WEBHOOK_SECRET. Composio: API_KEY. They have the meaning and the defaults of the environment's variables.",
    }),
  }),
})

interface Payload {
  readonly providerAccount: ProviderAccountRow
}

const payloadType = (name: string, description: string, account: string) =>
  builder.objectRef<Payload>(name).implement({
    description,
    fields: (t) => ({
      providerAccount: t.expose('providerAccount', { type: ProviderAccountType, description: account }),
    }),
  })

const idArg = { required: true, description: 'Opaque global ID of the provider account.' } as const
const toId = (id: string | number) => decodeIdOf('ProviderAccount', String(id)) ?? ''

const auditOf = ({ id }: { readonly id: string | number }, payload: Payload | undefined) => ({
  organizationId: payload?.providerAccount.organizationId,
  targets: [targetOf(String(id))],
})

builder.mutationFields((t) => ({
  createProviderAccount: t.field({
    permission: 'accounts:admin',
    complexity: providerCallCost,
    audit: ({ input }, payload) => ({
      organizationId: input.organizationId,
      targets: [payload && { type: 'ProviderAccount', id: payload.providerAccount.id }],
    }),
    type: payloadType(
      'CreateProviderAccountPayload',
      'The account was created; every gateway uses it within seconds.',
      'The created account.',
    ),
    description:
      "Stores an organization's own account at a provider, after the provider has accepted its credentials. For API keys only; a session gets a GraphQL error with code FORBIDDEN.",
    args: {
      input: t.arg({
        type: CreateProviderAccountInput,
        required: true,
        description: 'The provider, the organization and the credentials.',
      }),
    },
    errors: {
      types: [InvalidInputError, ConflictError, UnsupportedError, ProviderError],
      union: {
        name: 'CreateProviderAccountResult',
        description: 'The created account, or why none was created.',
      },
    },
    resolve: async (_, { input }, { connect, request: { signal } }) => ({
      providerAccount: await createProviderAccount(connect, input, signal),
    }),
  }),
  rotateProviderAccount: t.field({
    permission: 'accounts:admin',
    complexity: providerCallCost,
    audit: auditOf,
    type: payloadType(
      'RotateProviderAccountPayload',
      'The credentials were replaced; every gateway uses the new ones within seconds.',
      'The account with its new credentials.',
    ),
    description:
      'Replaces credentials of a provider account, after the provider has accepted the new ones. They must belong to the same account at the provider: its links and connections are kept. For API keys only.',
    args: {
      id: t.arg.id(idArg),
      settings: t.arg({
        type: [ProviderSettingInput],
        required: true,
        description:
          'The settings to replace; the others stay as they are. With an empty list the stored ones are verified again, and encrypted with the current key.',
      }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, UnsupportedError, ProviderError],
      union: {
        name: 'RotateProviderAccountResult',
        description: 'The account with its new credentials, or why they were not replaced.',
      },
    },
    resolve: async (_, { id, settings }, { connect, request: { signal } }) => ({
      providerAccount: await rotateProviderAccount(connect, { id: toId(id), settings, signal }),
    }),
  }),
  removeProviderAccount: t.field({
    permission: 'accounts:admin',
    audit: auditOf,
    type: payloadType(
      'RemoveProviderAccountPayload',
      'The account and its credentials were deleted from the gateway.',
      'The account as it was.',
    ),
    description:
      'Deletes a provider account with its credentials; nothing changes at the provider. Its connections become UNKNOWN and its open links expire. From then on links of the organization are created at the account of the environment. For API keys only.',
    args: { id: t.arg.id(idArg) },
    errors: {
      types: [NotFoundError],
      union: {
        name: 'RemoveProviderAccountResult',
        description: 'The deleted account, or why it was not deleted.',
      },
    },
    resolve: async (_, { id }, { connect }) => ({
      providerAccount: await removeProviderAccount(connect, toId(id)),
    }),
  }),
}))
