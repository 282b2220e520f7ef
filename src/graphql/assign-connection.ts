import { assignConnection } from '../connect/connections/assign-connection.ts'
import { InvalidInputError, NotFoundError, UnsupportedError } from '../domain/errors.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { ownerOf, ownerOfInput, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { EndUserInput } from './connect-link-input.ts'
import { ConnectionType } from './connection.ts'
import { decodeIdOf } from './ids.ts'
import { ConnectionOwnerEnum } from './organization.ts'

const AssignConnectionPayloadType = builder
  .objectRef<{ readonly connection: ConnectionRow }>('AssignConnectionPayload')
  .implement({
    description: 'The connection belongs to the given end user now, or to none.',
    fields: (t) => ({
      connection: t.expose('connection', {
        type: ConnectionType,
        description: 'The connection with its new end user.',
      }),
    }),
  })

builder.mutationField('assignConnection', (t) =>
  t.field({
    permission: 'connections:assign',
    audit: ({ id, endUser }, payload) => ({
      ...(endUser ? ownerOfInput(endUser) : ownerOf(payload?.connection)),
      targets: [targetOf(id)],
    }),
    type: AssignConnectionPayloadType,
    description:
      'Decides which end user a connection belongs to, for connections whose provider does not report it. The change is recorded in `Connection.assignments` and can be undone by another one. It is not written to the provider.',
    args: {
      id: t.arg.id({ required: true, description: 'Opaque global ID of the connection to assign.' }),
      endUser: t.arg({
        type: EndUserInput,
        description:
          'The new end user. Null: the connection belongs to no end user, unless its provider names one.',
      }),
      ownedBy: t.arg({
        type: ConnectionOwnerEnum,
        description:
          'Whom the connection belongs to. Default: PERSON. ORGANIZATION needs an organization of the end user.',
      }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, UnsupportedError],
      union: {
        name: 'AssignConnectionResult',
        description: 'The assigned connection, or why it was not assigned.',
      },
    },
    resolve: async (_, { id, endUser, ownedBy }, { connect, viewer }) => ({
      connection: await assignConnection(connect, viewer, {
        connectionId: decodeIdOf('Connection', id) ?? '',
        endUser: endUser ?? null,
        ownedBy: ownedBy ?? 'PERSON',
      }),
    }),
  }),
)
