import { reconnectConnection } from '../connect/create-link/reconnect.ts'
import { ownerOf, targetOf } from './audit-call.ts'
import { builder } from './builder.ts'
import { ReconnectConnectionInput, toReconnectInput } from './connect-link-input.ts'
import { providerCallCost } from './cost.ts'
import { CreateConnectLinkPayloadType, createdLink, linkErrors } from './create-connect-link.ts'
import { decodeIdOf } from './ids.ts'

builder.mutationField('reconnectConnection', (t) =>
  t.field({
    permission: 'connections:reconnect',
    audit: ({ id }, payload) => ({
      ...ownerOf(payload?.connectLink),
      targets: [createdLink(payload), targetOf(id)],
    }),
    complexity: providerCallCost,
    type: CreateConnectLinkPayloadType,
    description:
      'Creates a connect link through which an existing connection is authorized again. The connection keeps its ID, and its state until the provider shows that it was renewed. A newer reconnect link supersedes an older one.',
    args: {
      id: t.arg.id({
        required: true,
        description: 'Opaque global ID of the connection to reconnect.',
      }),
      input: t.arg({
        type: ReconnectConnectionInput,
        description: 'How to reconnect. Default: no options.',
      }),
    },
    errors: {
      types: [...linkErrors],
      union: {
        name: 'ReconnectConnectionResult',
        description: 'The created connect link, or why none was created.',
      },
    },
    resolve: (_, { id, input }, { connect, viewer, request: { signal } }) =>
      reconnectConnection(connect, viewer, {
        connectionId: decodeIdOf('Connection', id) ?? '',
        input: toReconnectInput(input ?? {}),
        signal,
      }),
  }),
)
