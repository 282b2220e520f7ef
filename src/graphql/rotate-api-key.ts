import { type IssuedApiKey, rotateApiKey } from '../connect/api-keys/manage-keys.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../domain/errors.ts'
import { ApiKeyType } from './api-key.ts'
import { targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { decodeIdOf } from './ids.ts'

const RotateApiKeyPayloadType = builder.objectRef<IssuedApiKey>('RotateApiKeyPayload').implement({
  description:
    'An API key was rotated: there is a new key, and the former one is accepted until `previousExpiresAt`.',
  fields: (t) => ({
    apiKey: t.expose('apiKey', {
      type: ApiKeyType,
      description: 'The API key, with the same ID, name, scopes and expiry as before.',
    }),
    key: t.exposeString('key', {
      description:
        'The new key itself, for the header `Authorization: Bearer …`. It cannot be read again: only its hash is stored.',
    }),
  }),
})

builder.mutationField('rotateApiKey', (t) =>
  t.field({
    permission: 'keys:admin',
    audit: ({ id }) => ({ targets: [targetOf(id)] }),
    type: RotateApiKeyPayloadType,
    description:
      'Replaces the key of an API key by a new one. The former key is accepted for a while, so that no request fails while servers are updated; a key that an earlier rotation had replaced is not accepted any more. A GraphQL error with code FORBIDDEN if the API key has scopes that the calling one does not have.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the API key to rotate.' }),
      overlapSeconds: t.arg.int({
        description:
          'How long the former key is still accepted, in seconds, from 0 to 2592000 (30 days). Default: 86400 (a day).',
      }),
    },
    errors: {
      types: [NotFoundError, InvalidInputError, ConflictError],
      union: {
        name: 'RotateApiKeyResult',
        description: 'The rotated API key, or why it was not rotated.',
      },
    },
    resolve: (_, { id, overlapSeconds }, { connect, viewer }) =>
      rotateApiKey(connect, viewer, { id: decodeIdOf('ApiKey', id) ?? '', overlapSeconds }),
  }),
)
