import { revokeApiKey } from '../connect/api-keys/manage-keys.ts'
import { NotFoundError } from '../domain/errors.ts'
import type { ApiKeyRow } from '../store/schema.ts'
import { ApiKeyType } from './api-key.ts'
import { targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { decodeIdOf } from './ids.ts'

interface RevokedApiKey {
  readonly apiKey: ApiKeyRow
}

const RevokeApiKeyPayloadType = builder.objectRef<RevokedApiKey>('RevokeApiKeyPayload').implement({
  description: 'The API key is revoked: no gateway accepts it after two seconds.',
  fields: (t) => ({
    apiKey: t.expose('apiKey', { type: ApiKeyType, description: 'The API key, now with `revokedAt`.' }),
  }),
})

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    permission: 'keys:admin',
    audit: ({ id }) => ({ targets: [targetOf(id)] }),
    type: RevokeApiKeyPayloadType,
    description:
      'Revokes an API key for ever, also the calling one; the key GATEWAY_API_KEY of the environment remains. A repeated call returns the same payload.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the API key to revoke.' }),
    },
    errors: {
      types: [NotFoundError],
      union: { name: 'RevokeApiKeyResult', description: 'The revoked API key, or why it was not revoked.' },
    },
    resolve: async (_, { id }, { connect }) => ({
      apiKey: await revokeApiKey(connect, decodeIdOf('ApiKey', id) ?? ''),
    }),
  }),
)
