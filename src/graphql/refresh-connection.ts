import { refreshConnection } from '../connect/connections/refresh-connection.ts'
import { InvalidInputError, NotFoundError, UnsupportedError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { providerCallCost } from './cost.ts'
import { decodeIdOf } from './ids.ts'

interface RefreshConnectionPayload {
  readonly connection: ConnectionRow
}

const RefreshConnectionPayloadType = builder
  .objectRef<RefreshConnectionPayload>('RefreshConnectionPayload')
  .implement({
    description: 'The connection was read from its provider.',
    fields: (t) => ({
      connection: t.expose('connection', {
        type: ConnectionType,
        description:
          'The connection as its provider answered it; DISCONNECTED if it does not exist there any more.',
      }),
    }),
  })

builder.mutationField('refreshConnection', (t) =>
  t.field({
    permission: 'connections:read',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connection), targets: [targetOf(id)] }),
    complexity: providerCallCost,
    type: RefreshConnectionPayloadType,
    description:
      'Reads a connection from its provider now, without waiting for the next sync of the whole list.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connection to refresh.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, UnsupportedError, ProviderError],
      union: {
        name: 'RefreshConnectionResult',
        description: 'The refreshed connection, or why it could not be read.',
      },
    },
    resolve: async (_, { id }, { connect, viewer }) => ({
      connection: await refreshConnection(connect, viewer, decodeIdOf('Connection', id) ?? ''),
    }),
  }),
)
