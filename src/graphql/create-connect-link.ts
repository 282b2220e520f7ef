import { createLink } from '../connect/create-link/create-link.ts'
import type { CreatedLink, LinkWarning } from '../connect/create-link/warnings.ts'
import { ConflictError, InvalidInputError, NotFoundError, UnsupportedError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import { ownerOfInput } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { CreateConnectLinkInput, toCreateLinkRequest } from './connect-link-input.ts'
import { providerCallCost } from './cost.ts'
import { ProviderKeyEnum } from './enums.ts'
import { ProviderSelectionType } from './provider-selection.ts'

const WarningCodeEnum = builder.enumType('WarningCode', {
  description: 'Why an option has no effect.',
  values: {
    NOT_SUPPORTED_BY_PROVIDER: { description: 'The provider does not support the option for this link.' },
  } as const,
})

const LinkWarningType = builder.objectRef<LinkWarning>('LinkWarning').implement({
  description: 'A valid option that has no effect for the link; the link was created all the same.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Path of the option, starting at the argument: `["input", "expiresInSeconds"]`.',
      resolve: ({ path }) => [...path],
    }),
    code: t.expose('code', { type: WarningCodeEnum, description: 'Why it has no effect, for programs.' }),
    message: t.exposeString('message', { description: 'Why it has no effect, for people.' }),
  }),
})

export const CreateConnectLinkPayloadType = builder
  .objectRef<CreatedLink>('CreateConnectLinkPayload')
  .implement({
    description: 'A connect link was created, or returned again for its idempotency key.',
    fields: (t) => ({
      connectLink: t.expose('connectLink', {
        type: ConnectLinkType,
        description: 'The connect link. Send the end user to its `url`.',
      }),
      replayed: t.exposeBoolean('replayed', {
        description: 'Whether an earlier call with the same idempotency key created the link.',
      }),
      warnings: t.field({
        type: [LinkWarningType],
        description: 'Options of the input that have no effect.',
        resolve: ({ warnings }) => [...warnings],
      }),
      selection: t.field({
        type: ProviderSelectionType,
        nullable: true,
        description: 'Why the provider was chosen; null if the caller named it.',
        resolve: ({ selection }) => selection,
      }),
    }),
  })

/** The link, for the audit log. */
export const createdLink = (payload: CreatedLink | undefined) =>
  payload && { type: 'ConnectLink', id: payload.connectLink.id }

/** The typed errors of creating a link. */
export const linkErrors = [
  InvalidInputError,
  NotFoundError,
  UnsupportedError,
  ProviderError,
  ConflictError,
] as const

export type LinkError = InstanceType<(typeof linkErrors)[number]>

export const isLinkError = (error: unknown): error is LinkError =>
  linkErrors.some((type) => error instanceof type)

export const CreateConnectLinkResultType = builder.errorUnion('CreateConnectLinkResult', {
  description: 'The created connect link, or why none was created.',
  types: [...linkErrors, CreateConnectLinkPayloadType],
  // Errors are recognized by their class.
  resolveType: () => 'CreateConnectLinkPayload',
})

builder.mutationField('createConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ input }, payload) => ({ ...ownerOfInput(input.endUser), targets: [createdLink(payload)] }),
    complexity: providerCallCost,
    type: CreateConnectLinkResultType,
    description:
      "Creates a connect link; send the end user to its `url`. Without `provider` the gateway selects one of the application's offers: linkable, of a configured provider, of the requested direction and of the provider whose options are given; by health (UP, DEGRADED, DOWN), then by `preferProviders`, then by the order of the providers. The next offer is tried only while it is certain that nothing was created. A repeated call with an idempotency key whose first outcome is unknown goes to the same provider only.",
    args: {
      provider: t.arg({
        type: ProviderKeyEnum,
        description: 'The provider to create the link at. Default: selected by the gateway.',
      }),
      input: t.arg({
        type: CreateConnectLinkInput,
        required: true,
        description: 'What to connect, for whom, and how.',
      }),
    },
    resolve: (_, args, { connect, viewer, request: { signal } }) =>
      createLink(connect, viewer, { request: toCreateLinkRequest(args), signal }),
  }),
)
