import { askForLink } from '../connect/create-link/create-link.ts'
import type { CreatedLink, LinkWarning } from '../connect/create-link/warnings.ts'
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ProviderError,
  UnsupportedError,
} from '../domain/errors.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { ProviderKeyEnum } from './enums.ts'
import { CreateConnectLinkInput, toAskedLink } from './link-input.ts'
import { ConnectLinkDryRunType, ProviderSelectionType } from './selection.ts'

const WarningCodeEnum = builder.enumType('WarningCode', {
  description: 'Why an option was not honoured.',
  values: { NOT_SUPPORTED_BY_PROVIDER: { description: 'The provider has no such thing.' } } as const,
})

const LinkWarningType = builder.objectRef<LinkWarning>('LinkWarning').implement({
  description: 'An option that was understood and could not be honoured; the link was made all the same.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Where the option is, from the argument on.',
      resolve: ({ path }) => [...path],
    }),
    code: t.expose('code', { type: WarningCodeEnum, description: 'Why.' }),
    message: t.exposeString('message', { description: 'The same for people.' }),
  }),
})

export const CreateConnectLinkPayloadType = builder
  .objectRef<CreatedLink>('CreateConnectLinkPayload')
  .implement({
    description: 'The link was made.',
    fields: (t) => ({
      connectLink: t.expose('connectLink', { type: ConnectLinkType, description: 'The link.' }),
      replayed: t.exposeBoolean('replayed', {
        description: 'An earlier call with the same idempotency key made it.',
      }),
      warnings: t.field({
        type: [LinkWarningType],
        description: 'Options that could not be honoured.',
        resolve: ({ warnings }) => [...warnings],
      }),
      selection: t.field({
        type: ProviderSelectionType,
        nullable: true,
        description: 'How the provider was chosen; null: the caller named it.',
        resolve: ({ selection }) => selection,
      }),
    }),
  })

const linkErrors = [InvalidInputError, NotFoundError, UnsupportedError, ProviderError, ConflictError] as const

/** Why there is no link, as callers are told it. */
export type LinkError = InstanceType<(typeof linkErrors)[number]>

export const isLinkError = (error: unknown): error is LinkError =>
  linkErrors.some((type) => error instanceof type)

export const CreateConnectLinkResultType = builder.errorUnion('CreateConnectLinkResult', {
  description: 'The link, what a dry run found, or why there is no link.',
  types: [...linkErrors, CreateConnectLinkPayloadType, ConnectLinkDryRunType],
  // The errors are told apart by their classes.
  resolveType: (result) => ('connectLink' in result ? 'CreateConnectLinkPayload' : 'ConnectLinkDryRun'),
})

builder.mutationField('createConnectLink', (t) =>
  t.field({
    type: CreateConnectLinkResultType,
    description:
      "Makes a connect link. Send the end user to its `url`. Without `provider` the gateway chooses among the application's offers: those that are linkable, of a configured provider, of the direction wanted and of the provider whose options are given; UP before DEGRADED before DOWN, then in the order of `preferProviders`, then in that of the providers. The next one is tried only while it is certain that nothing was made anywhere. A call that is repeated with its idempotency key, when nobody knows what the first one did, goes to the same provider and no other.",
    args: {
      provider: t.arg({
        type: ProviderKeyEnum,
        description: 'With which provider; chosen by the gateway where it is left out.',
      }),
      input: t.arg({
        type: CreateConnectLinkInput,
        required: true,
        description: 'What to connect, for whom, and how.',
      }),
    },
    resolve: (_, args, { connect, viewer, signal }) =>
      askForLink(connect, viewer, { asked: toAskedLink(args), signal }),
  }),
)
