import { disconnect } from '../connect/connections/disconnect.ts'
import { NotFoundError, ProviderError, UnsupportedError } from '../domain/errors.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { decodeIdOf } from './ids.ts'

interface DisconnectPayload {
  readonly connection: ConnectionRow
  readonly removedAtProvider: boolean
}

const DisconnectPayloadType = builder.objectRef<DisconnectPayload>('DisconnectPayload').implement({
  description: 'The connection is gone.',
  fields: (t) => ({
    connection: t.expose('connection', {
      type: ConnectionType,
      description: 'Its record, now DISCONNECTED.',
    }),
    removedAtProvider: t.exposeBoolean('removedAtProvider', {
      description: 'Whether the provider removed it now; false: it was already gone there.',
    }),
  }),
})

builder.mutationField('disconnect', (t) =>
  t.field({
    type: DisconnectPayloadType,
    description: 'Removes exactly this connection at its provider. Its record stays, as DISCONNECTED.',
    args: { connectionId: t.arg.id({ required: true, description: 'Which connection.' }) },
    errors: {
      types: [NotFoundError, UnsupportedError, ProviderError],
      union: { name: 'DisconnectResult', description: 'What became of it.' },
    },
    resolve: (_, { connectionId }, { connect, viewer }) =>
      disconnect(connect, viewer, decodeIdOf('Connection', connectionId) ?? ''),
  }),
)
