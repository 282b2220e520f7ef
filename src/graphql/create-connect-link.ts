import { createConnectLink } from '../connect/create-connect-link.ts'
import type { CreatedLink, LinkWarning } from '../connect/link-warnings.ts'
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ProviderError,
  UnsupportedError,
} from '../errors.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { ProviderKeyEnum } from './enums.ts'
import { CreateConnectLinkInput, toConnectLinkInput } from './link-input.ts'

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
    }),
  })

const linkErrors = [InvalidInputError, NotFoundError, UnsupportedError, ProviderError, ConflictError] as const

/** Why there is no link, as callers are told it. */
export type LinkError = InstanceType<(typeof linkErrors)[number]>

export const isLinkError = (error: unknown): error is LinkError =>
  linkErrors.some((type) => error instanceof type)

export const CreateConnectLinkResultType = builder.errorUnion('CreateConnectLinkResult', {
  description: 'The link, or why there is none.',
  types: [...linkErrors, CreateConnectLinkPayloadType],
  // The errors are told apart by their classes.
  resolveType: () => 'CreateConnectLinkPayload',
})

builder.mutationField('createConnectLink', (t) =>
  t.field({
    type: CreateConnectLinkResultType,
    description: 'Makes a connect link with any provider. Send the end user to its `url`.',
    args: {
      provider: t.arg({ type: ProviderKeyEnum, required: true, description: 'With which provider.' }),
      input: t.arg({
        type: CreateConnectLinkInput,
        required: true,
        description: 'What to connect, for whom, and how.',
      }),
    },
    resolve: (_, { provider, input }, { connect, viewer, signal }) =>
      createConnectLink(connect, viewer, {
        provider: connect.providers.demand(provider),
        input: toConnectLinkInput(input),
        signal,
      }),
  }),
)
