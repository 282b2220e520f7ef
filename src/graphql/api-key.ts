import { countApiKeys, listApiKeys } from '../store/api-keys.ts'
import { isUuid } from '../store/keyset-pagination.ts'
import type { ApiKeyRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { encodeGlobalId } from './ids.ts'
import { afterArg, decodePosition, firstArg, pageSize, positionCursor, toPage } from './paging.ts'

export const ApiKeyType = builder.objectRef<ApiKeyRow>('ApiKey')

builder.node(ApiKeyType, {
  description:
    'An API key, with which a server of the application calls this API. The gateway stores only a hash of the key itself.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the API key for display; need not be unique.' }),
    scopes: t.stringList({
      description: 'What callers with the API key may do, such as `links:write`.',
      resolve: ({ scopes }) => [...scopes],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the API key was created.' }),
    createdBy: t.string({
      description:
        'The `id` of the API key that created this one; `GATEWAY_API_KEY` for the key of the environment, `CLI` for the command line.',
      resolve: ({ createdBy }) => (isUuid(createdBy) ? encodeGlobalId('ApiKey', createdBy) : createdBy),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the API key expires; null if it does not expire.',
    }),
    previousExpiresAt: t.expose('previousExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until when the key that the last rotation replaced is accepted; null if the API key was never rotated.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the API key was last used, up to a minute late; null if it never was.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the API key was revoked; null if it was not.',
    }),
  }),
})

const ApiKeyConnectionType = builder.connectionObject(
  {
    type: ApiKeyType,
    name: 'ApiKeyConnection',
    description: 'A page of API keys.',
    fields: (t) => ({
      totalCount: t.int({
        nullable: true,
        description: 'How many API keys there are, including revoked and expired ones.',
        resolve: ({ count }) => count(),
      }),
    }),
  },
  { name: 'ApiKeyEdge', description: 'An API key in a page.' },
)

builder.queryField('apiKeys', (t) =>
  t.field({
    permission: 'keys:admin',
    type: ApiKeyConnectionType,
    description:
      'The API keys that were created by `createApiKey` or on the command line, newest first, including revoked and expired ones.',
    args: { first: firstArg(t), after: afterArg(t) },
    resolve: async (_, { first, after }, { connect: { db } }) => {
      const page = { first: pageSize(first), after: decodePosition(after) }
      const { rows, hasNextPage } = await listApiKeys(db, page)
      const extras = { syncStatus: [], count: () => countApiKeys(db) }
      return toPage(rows, { cursor: positionCursor, hasNextPage, after }, extras)
    },
  }),
)
