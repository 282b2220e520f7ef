import { resumeProvider, suspendProvider } from '../connect/suspensions/suspend.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import type { SuspensionReads } from '../domain/suspension.ts'
import { countSuspensions, listSuspensions } from '../store/provider-suspensions.ts'
import type { ProviderSuspensionRow } from '../store/schema.ts'
import { targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum, type Values } from './enums.ts'
import { decodeIdOf } from './ids.ts'
import { afterArg, decodePosition, firstArg, pageSize, positionCursor, toPage } from './paging.ts'

const readsValues: Values<SuspensionReads> = {
  CONTINUE: {
    description:
      'Connections and catalogues are read on, links that end users have completed are completed here, and connections can be disconnected.',
  },
  STOP: {
    description:
      'Nothing is sent to the provider, except to verify credentials of an account that is created or rotated; lists show what is stored.',
  },
}

const SuspensionReadsEnum = builder.enumType('SuspensionReads', {
  description: 'Whether a suspended provider is called.',
  values: readsValues,
})

export const ProviderSuspensionType = builder.objectRef<ProviderSuspensionRow>('ProviderSuspension')

builder.node(ProviderSuspensionType, {
  description:
    'An incident at a provider. Until it is resumed, no links are created or opened there, on any gateway: pages of open links say so, and links without a provider are created at another one.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'The suspended provider.' }),
    isForOneAccount: t.boolean({
      description: 'Whether only one account of an organization is suspended, and not the whole provider.',
      resolve: ({ accountKey }) => accountKey !== null,
    }),
    reads: t.expose('reads', { type: SuspensionReadsEnum, description: 'Whether the provider is called.' }),
    reason: t.exposeString('reason', { description: 'Why, as the operator gave it; not for end users.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When the incident began.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was suspended.' }),
    resumedAt: t.expose('resumedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was resumed; null while it is suspended.',
    }),
  }),
})

const ProviderSuspensionConnectionType = builder.connectionObject(
  {
    type: ProviderSuspensionType,
    name: 'ProviderSuspensionConnection',
    description: 'A page of suspensions.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many suspensions match; null if more than 10,000.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'ProviderSuspensionEdge', description: 'A suspension in a page.' },
)

interface Payload {
  readonly suspension: ProviderSuspensionRow
}

const payloadType = (name: string, description: string) =>
  builder.objectRef<Payload>(name).implement({
    description,
    fields: (t) => ({
      providerSuspension: t.expose('suspension', {
        type: ProviderSuspensionType,
        description: 'The suspension.',
      }),
    }),
  })

const idOf = (type: string, globalId: string): string => decodeIdOf(type, globalId) ?? ''

builder.queryField('providerSuspensions', (t) =>
  t.field({
    permission: 'accounts:admin',
    type: ProviderSuspensionConnectionType,
    description: 'Suspensions of providers, newest first. For API keys only.',
    args: {
      isActive: t.arg.boolean({
        description: 'true: only those that have not ended; false: only the others. Default: all.',
      }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: async (_, { isActive = null, first, after }, { connect: { db } }) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const { rows, hasNextPage } = await listSuspensions(db, isActive, page)
      const extras = { syncStatus: [], count: () => countSuspensions(db, isActive) }
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
    },
  }),
)

builder.mutationFields((t) => ({
  suspendProvider: t.field({
    permission: 'accounts:admin',
    audit: (_, payload) => ({
      targets: [payload && { type: 'ProviderSuspension', id: payload.suspension.id }],
    }),
    type: payloadType(
      'SuspendProviderPayload',
      'The provider is suspended, on every gateway within two seconds.',
    ),
    description:
      'Suspends a provider for the time of an incident. No links are created or opened there; links without a provider are created at another one. Nothing is deleted, and `resumeProvider` restores everything. For API keys only.',
    args: {
      provider: t.arg({ type: ProviderKeyEnum, required: true, description: 'The provider.' }),
      providerAccountId: t.arg.id({
        description:
          "Opaque global ID of an organization's own account at the provider: only it is suspended. Default: all accounts.",
      }),
      reason: t.arg.string({
        required: true,
        description: 'Why, for operators: 1 to 500 characters.',
      }),
      since: t.arg({ type: 'DateTime', description: 'When the incident began. Default: now.' }),
      reads: t.arg({
        type: SuspensionReadsEnum,
        defaultValue: 'CONTINUE',
        description: 'Whether the provider is still called. Default: CONTINUE.',
      }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError],
      union: {
        name: 'SuspendProviderResult',
        description: 'The suspension, or why the provider was not suspended.',
      },
    },
    resolve: async (_, { providerAccountId, reads, since = null, ...request }, { connect }) => {
      const accountId = providerAccountId == null ? null : idOf('ProviderAccount', String(providerAccountId))
      return {
        suspension: await suspendProvider(connect, {
          ...request,
          accountId,
          since,
          reads: reads ?? 'CONTINUE',
        }),
      }
    },
  }),
  resumeProvider: t.field({
    permission: 'accounts:admin',
    audit: ({ id }) => ({ targets: [targetOf(String(id))] }),
    type: payloadType('ResumeProviderPayload', 'The provider is used again, on every gateway.'),
    description: 'Ends a suspension. Links that have not expired can be opened again. For API keys only.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the suspension.' }),
    },
    errors: {
      types: [NotFoundError, ConflictError],
      union: { name: 'ResumeProviderResult', description: 'The suspension, or why it was not ended.' },
    },
    resolve: async (_, { id }, { connect }) => ({
      suspension: await resumeProvider(connect, idOf('ProviderSuspension', String(id))),
    }),
  }),
}))
