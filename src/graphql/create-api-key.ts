import { createApiKey, type IssuedApiKey } from '../connect/api-keys/manage-keys.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { permissions } from '../domain/permissions.ts'
import { ApiKeyType } from './api-key.ts'
import { builder } from './builder.ts'

const scopeNames = permissions.map((scope) => `\`${scope}\``).join(', ')

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'The name of an API key, what it may do, and its lifetime.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'Name of the API key for display, at most 100 characters; need not be unique.',
    }),
    scopes: t.stringList({
      required: true,
      description: `What callers with the API key may do, at least one of: ${scopeNames}. The calling API key must have them all.`,
    }),
    expiresInSeconds: t.int({
      description:
        'Lifetime of the API key in seconds, from 1 to 315360000 (10 years). Default: it does not expire.',
    }),
  }),
})

const CreateApiKeyPayloadType = builder.objectRef<IssuedApiKey>('CreateApiKeyPayload').implement({
  description: 'An API key was created.',
  fields: (t) => ({
    apiKey: t.expose('apiKey', { type: ApiKeyType, description: 'The API key that was created.' }),
    key: t.exposeString('key', {
      description:
        'The key itself, for the header `Authorization: Bearer …`. It cannot be read again: only its hash is stored.',
    }),
  }),
})

builder.mutationField('createApiKey', (t) =>
  t.field({
    permission: 'keys:admin',
    audit: (_, payload) => ({ targets: [payload && { type: 'ApiKey', id: payload.apiKey.id }] }),
    type: CreateApiKeyPayloadType,
    description:
      'Creates an API key. A GraphQL error with code FORBIDDEN if it would have scopes that the calling API key does not have.',
    args: {
      input: t.arg({
        type: CreateApiKeyInput,
        required: true,
        description: 'The name, the scopes and the lifetime of the API key.',
      }),
    },
    errors: {
      types: [InvalidInputError],
      union: { name: 'CreateApiKeyResult', description: 'The created API key, or why none was created.' },
    },
    resolve: (_, { input }, { connect, viewer }) => createApiKey(connect, viewer, input),
  }),
)
