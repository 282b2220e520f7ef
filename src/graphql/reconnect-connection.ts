import { reconnect } from '../connect/create-link/reconnect.ts'
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ProviderError,
  UnsupportedError,
} from '../domain/errors.ts'
import { builder } from './builder.ts'
import { CreateConnectLinkPayloadType } from './create-connect-link.ts'
import { decodeIdOf } from './ids.ts'
import { ReconnectInput, toReconnectInput } from './link-input.ts'

builder.mutationField('reconnect', (t) =>
  t.field({
    type: CreateConnectLinkPayloadType,
    description:
      'Makes a link through which an existing connection is authorised anew. The connection keeps its id and stays as it is until the provider shows that it was renewed. A newer link supersedes an older one.',
    args: {
      connectionId: t.arg.id({ required: true, description: 'Which connection.' }),
      input: t.arg({ type: ReconnectInput, description: 'How.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, UnsupportedError, ProviderError, ConflictError],
      union: { name: 'ReconnectResult', description: 'The link, or why there is none.' },
    },
    resolve: (_, { connectionId, input }, { connect, viewer, signal }) =>
      reconnect(connect, viewer, {
        connectionId: decodeIdOf('Connection', connectionId) ?? '',
        input: toReconnectInput(input ?? {}),
        signal,
      }),
  }),
)
