import { isEndUser } from '../connect/authorization.ts'
import {
  ConflictError,
  type ErrorCode,
  type GatewayError,
  type InputIssue,
  InvalidInputError,
  NotFoundError,
  UnsupportedError,
} from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'

const errorCodeValues: Readonly<Record<ErrorCode, { readonly description: string }>> = {
  INVALID_INPUT: { description: 'The input is invalid; `issues` lists all problems.' },
  NOT_FOUND: {
    description:
      'The connector, connection, connect link, API key or provider account does not exist, or not for this caller.',
  },
  UNSUPPORTED: { description: 'The provider does not support the operation.' },
  PROVIDER_NOT_CONFIGURED: { description: 'The gateway has no credentials for the provider.' },
  PROVIDER_REJECTED: {
    description:
      "The provider rejected the request (HTTP 400, 409, 422 and other 4xx), or the account's plan lacks a feature or a payment (HTTP 402, some 403).",
  },
  PROVIDER_UNAUTHORIZED: {
    description: "The provider did not accept the gateway's own credentials (HTTP 401, 403).",
  },
  PROVIDER_RATE_LIMITED: {
    description: 'The provider received too many requests (HTTP 429); see `retryAfterSeconds`.',
  },
  PROVIDER_QUOTA_EXCEEDED: {
    description: "The quota of the provider's plan is used up; waiting does not help.",
  },
  PROVIDER_UNAVAILABLE: {
    description:
      'The provider failed (HTTP 5xx) or could not be reached, or its catalogue has not been synced yet.',
  },
  PROVIDER_SUSPENDED: {
    description: 'The operator has suspended the provider for the time of an incident.',
  },
  PROVIDER_TIMEOUT: {
    description: 'The provider did not answer in time. Whether it carried out the request is unknown.',
  },
  PROVIDER_INVALID_RESPONSE: { description: 'The response of the provider could not be read.' },
  IDEMPOTENCY_CONFLICT: { description: 'The idempotency key was used with a different input.' },
  OPERATION_IN_PROGRESS: { description: 'A call with the same idempotency key is still in progress.' },
  INVALID_STATE: {
    description: 'The connect link, connection or API key is in a state that does not allow the operation.',
  },
  TOO_MANY_OPEN_LINKS: {
    description:
      'The end user has as many open connect links as the gateway allows: MAX_OPEN_LINKS_PER_END_USER, 20 by default, over all providers. Nothing was sent to the provider.',
  },
  CODE_MISMATCH: {
    description:
      'The code or code verifier is not that of the connect link; see `attemptsLeft`. After five of them the link is FAILED and its connection is removed.',
  },
}

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Machine-readable cause of an error. The message beside it is for people and may change.',
  values: errorCodeValues,
})

const ErrorInterface = builder.interfaceRef<GatewayError>('Error').implement({
  description: 'Fields that every typed error of a result union has.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Cause of the error, for programs.' }),
    message: t.exposeString('message', {
      description: 'Cause of the error, for people. Never contains credentials or links.',
    }),
  }),
})

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'A problem of an input.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Path of the value, starting at the argument: `["input", "tags", "0", "key"]`.',
      resolve: ({ path }) => [...path],
    }),
    message: t.exposeString('message', { description: 'What is wrong with the value.' }),
  }),
})

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input is invalid. Nothing was sent to a provider.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: 'All problems of the input, not only the first.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
})

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description:
    'The connector, connection, connect link, API key or provider account does not exist, or not for this caller.',
  interfaces: [ErrorInterface],
})

builder.objectType(UnsupportedError, {
  name: 'UnsupportedError',
  description: 'UNSUPPORTED or PROVIDER_NOT_CONFIGURED: repeating the call does not help.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    provider: t.expose('provider', {
      type: ProviderKeyEnum,
      description: 'The provider that does not support the operation or is not configured.',
    }),
  }),
})

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description:
    'IDEMPOTENCY_CONFLICT, OPERATION_IN_PROGRESS, INVALID_STATE, TOO_MANY_OPEN_LINKS or CODE_MISMATCH.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    attemptsLeft: t.exposeInt('attemptsLeft', {
      nullable: true,
      description: 'Of CODE_MISMATCH: how many more codes may be tried. Null for other codes.',
    }),
  }),
})

builder.objectType(ProviderError, {
  name: 'ProviderError',
  description:
    'The provider failed or rejected the request: every PROVIDER_ code but PROVIDER_NOT_CONFIGURED.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'The provider that failed.' }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same call may succeed later.',
    }),
    retryAfterSeconds: t.int({
      nullable: true,
      description:
        'Seconds to wait before retrying, if the provider answered HTTP 429 or 503 with a time; null otherwise.',
      resolve: ({ retryAfterSeconds }) => retryAfterSeconds,
    }),
    providerErrorCode: t.string({
      nullable: true,
      description: "The provider's own error code; null if it has none.",
      resolve: ({ providerErrorCode }) => providerErrorCode,
    }),
    providerMessage: t.string({
      nullable: true,
      description:
        "The provider's message about a 4xx response, with the fields it names; at most 500 characters. Secrets and whatever looks like one are replaced with `[redacted]`. Null if it sent none, and for end-user sessions.",
      resolve: ({ providerMessage }, _, { viewer }) => (isEndUser(viewer) ? null : providerMessage),
    }),
    providerRequestId: t.string({
      nullable: true,
      description: "The provider's ID of the request, for its support; null if it sent none.",
      resolve: ({ providerRequestId }) => providerRequestId,
    }),
  }),
})
