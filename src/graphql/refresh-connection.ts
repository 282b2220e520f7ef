import { refreshConnection } from '../connect/connections/refresh-connection.ts'
import { NotFoundError, ProviderError, UnsupportedError } from '../domain/errors.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { decodeIdOf } from './ids.ts'

interface RefreshConnectionPayload {
  readonly connection: ConnectionRow
}

const RefreshConnectionPayloadType = builder
  .objectRef<RefreshConnectionPayload>('RefreshConnectionPayload')
  .implement({
    description: 'The connection was read.',
    fields: (t) => ({
      connection: t.expose('connection', {
        type: ConnectionType,
        description: 'As its provider shows it now; DISCONNECTED: it is gone there.',
      }),
    }),
  })

builder.mutationField('refreshConnection', (t) =>
  t.field({
    type: RefreshConnectionPayloadType,
    description:
      'Reads one connection from its provider now, instead of with the next reading of the whole list.',
    args: { id: t.arg.id({ required: true, description: 'Which connection.' }) },
    errors: {
      types: [NotFoundError, UnsupportedError, ProviderError],
      union: { name: 'RefreshConnectionResult', description: 'The connection, or why it could not be read.' },
    },
    resolve: async (_, { id }, { connect, viewer }) => ({
      connection: await refreshConnection(connect, viewer, decodeIdOf('Connection', id) ?? ''),
    }),
  }),
)
