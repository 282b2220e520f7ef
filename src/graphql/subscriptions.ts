import { GraphQLError } from 'graphql'
import { watchConnections } from '../connect/connections/watch-connections.ts'
import { watchLink, watchLinks } from '../connect/links/watch-links.ts'
import { NotFoundError } from '../domain/errors.ts'
import { childSignal } from '../http/child-signal.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { ConnectionType } from './connection.ts'
import type { GraphQLContext } from './context.ts'
import { decodeIdOf } from './ids.ts'
import { watchCredentials } from './watch-credentials.ts'

builder.subscriptionFields((t) => ({
  connectLinkUpdated: t.field({
    permission: 'links:read',
    type: ConnectLinkType,
    description:
      'With `id`: the connect link as it is, then after each status change, each once and in order; completes after the final one. Without: every status change of every accessible connect link, without end.',
    args: {
      id: t.arg.id({ description: 'Opaque global ID of the connect link to watch. Default: all.' }),
    },
    subscribe: async (_, { id }, context) => {
      const { connect, viewer } = context
      if (id == null) return stream(context, (signal) => watchLinks(connect, viewer, signal))
      const linkId = decodeIdOf('ConnectLink', id)
      if (linkId === null || (await context.links.load(linkId)) === null)
        throw new NotFoundError('There is no such link.')
      return stream(context, (signal) => watchLink(connect, viewer, { linkId, signal }))
    },
    resolve: (link) => link,
  }),
  connectionUpdated: t.field({
    permission: 'connections:read',
    type: ConnectionType,
    description:
      'Every change of every accessible connection, without end. Does not start with the present state: read `connections` for that.',
    args: {
      endUserId: t.arg.string({
        description:
          "Only connections of the end user with this ID, the application's own. In a session, other IDs than that of its end user find none. Default: all.",
      }),
    },
    subscribe: (_, { endUserId }, context) =>
      stream(context, (signal) =>
        watchConnections(context.connect, context.viewer, { endUserId: endUserId ?? null, signal }),
      ),
    resolve: (connection) => connection,
  }),
}))

/**
 * Ends with the client's connection and with the gateway; with an error if the caller has too many streams or when its
 * credentials end. Items are the same objects in all streams, so that what they refer to is loaded once for all.
 */
async function* stream<Item extends object>(
  context: GraphQLContext,
  watch: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const { connect, viewer, request } = context
  const release = connect.streamLimit.acquire(viewer.endUser?.id ?? null)
  if (release === null) throw tooManyStreams()
  const credentials = watchCredentials(context)
  const ended = childSignal(request.signal, connect.shutdownSignal, credentials.ended)
  try {
    for await (const item of watch(ended.signal)) {
      await credentials.confirmed()
      if (ended.signal.aborted) break
      context.startEvent(item)
      yield item
    }
    credentials.ended.throwIfAborted()
  } finally {
    credentials.stop()
    ended.detach()
    release()
  }
}

const tooManyStreams = () =>
  new GraphQLError('Too many event streams are open. Close another one first.', {
    extensions: { code: 'STREAM_LIMIT' },
  })
