import {
  ConflictError,
  type GatewayError,
  type InputIssue,
  InvalidInputError,
  NotFoundError,
  ProviderError,
  UnsupportedError,
} from '../domain/errors.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'What went wrong, for programs. The message beside it is for people and may change.',
  values: {
    INVALID_INPUT: { description: 'The input breaks rules; `issues` lists all of them.' },
    NOT_FOUND: { description: 'The connector, connection or link does not exist.' },
    UNSUPPORTED: { description: 'The provider cannot do this.' },
    PROVIDER_NOT_CONFIGURED: { description: 'The gateway has no credentials for this provider.' },
    PROVIDER_REJECTED: { description: 'The provider refused the request (HTTP 400, 409, 422 and the like).' },
    PROVIDER_UNAUTHORIZED: {
      description: "The provider does not accept the gateway's own credentials (HTTP 401, 403).",
    },
    PROVIDER_RATE_LIMITED: { description: 'Too many requests; see `retryAfterSeconds`.' },
    PROVIDER_QUOTA_EXCEEDED: { description: "The provider's plan is used up; waiting does not help." },
    PROVIDER_UNAVAILABLE: {
      description:
        'The provider failed (HTTP 5xx), could not be reached, or nobody could read yet what it offers.',
    },
    PROVIDER_TIMEOUT: { description: 'The provider did not answer in time. What it did is not known.' },
    PROVIDER_CONTRACT: { description: 'The provider answered something the gateway cannot read.' },
    IDEMPOTENCY_CONFLICT: { description: 'The idempotency key was used with another input.' },
    OPERATION_IN_PROGRESS: { description: 'The same operation is still under way.' },
    INVALID_STATE: { description: 'The thing is not in a state that allows this.' },
  } as const,
})

const ErrorInterface = builder.interfaceRef<GatewayError>('Error').implement({
  description: 'What every typed error of a mutation has.',
  fields: (t) => ({
    code: t.expose('code', { type: ErrorCodeEnum, description: 'What went wrong, for programs.' }),
    message: t.exposeString('message', {
      description: 'What went wrong, for people. Never holds credentials or links.',
    }),
  }),
})

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One problem of an input.',
  fields: (t) => ({
    path: t.stringList({
      description: 'Where it is, from the argument on: `["input", "tags", "0", "key"]`.',
      resolve: ({ path }) => [...path],
    }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
  }),
})

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input was refused before anything was sent to a provider.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: 'All problems, not only the first.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
})

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'The connector, connection or link that was named does not exist, or not for this caller.',
  interfaces: [ErrorInterface],
})

builder.objectType(UnsupportedError, {
  name: 'UnsupportedError',
  description: 'UNSUPPORTED or PROVIDER_NOT_CONFIGURED: the same call will not succeed later.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'The provider that cannot.' }),
  }),
})

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'IDEMPOTENCY_CONFLICT, OPERATION_IN_PROGRESS or INVALID_STATE.',
  interfaces: [ErrorInterface],
})

builder.objectType(ProviderError, {
  name: 'ProviderError',
  description: 'The provider failed or refused: every PROVIDER_ code but PROVIDER_NOT_CONFIGURED.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'The provider that failed.' }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same call may succeed later, unchanged.',
    }),
    retryAfterSeconds: t.int({
      nullable: true,
      description: 'Seconds to wait before trying again, where the provider said so.',
      resolve: ({ retryAfterSeconds }) => retryAfterSeconds,
    }),
    providerCode: t.string({
      nullable: true,
      description: "The provider's own error code, where it has one.",
      resolve: ({ providerCode }) => providerCode,
    }),
    providerRequestId: t.string({
      nullable: true,
      description: "The provider's id of the request, for its support.",
      resolve: ({ providerRequestId }) => providerRequestId,
    }),
  }),
})
