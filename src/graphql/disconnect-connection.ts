import { type DisconnectedConnection, disconnectConnection } from '../connect/connections/disconnect.ts'
import { ConflictError, InvalidInputError, NotFoundError, UnsupportedError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ConnectionType } from './connection.ts'
import { providerCallCost } from './cost.ts'
import { decodeIdOf } from './ids.ts'

const DisconnectConnectionPayloadType = builder
  .objectRef<DisconnectedConnection>('DisconnectConnectionPayload')
  .implement({
    description: 'The connection no longer exists at its provider.',
    fields: (t) => ({
      connection: t.expose('connection', {
        type: ConnectionType,
        description: 'The record of the connection, now DISCONNECTED.',
      }),
      removedAtProvider: t.exposeBoolean('removedAtProvider', {
        description: 'Whether the provider removed it now; false if it did not exist there any more.',
      }),
    }),
  })

builder.mutationField('disconnectConnection', (t) =>
  t.field({
    permission: 'connections:write',
    audit: ({ id }, payload) => ({ ...ownerOf(payload?.connection), targets: [targetOf(id)] }),
    complexity: providerCallCost,
    type: DisconnectConnectionPayloadType,
    description:
      'Removes a connection at its provider. Its record stays readable as DISCONNECTED; open links that reconnect it are revoked.',
    args: {
      id: t.arg.id({
        required: true,
        description: 'Opaque global ID of the connection to disconnect.',
      }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ConflictError, UnsupportedError, ProviderError],
      union: {
        name: 'DisconnectConnectionResult',
        description: 'The disconnected connection, or why it was not disconnected.',
      },
    },
    resolve: (_, { id }, { connect, viewer }) =>
      disconnectConnection(connect, viewer, decodeIdOf('Connection', id) ?? ''),
  }),
)
