import { watchConnections } from '../connect/connections/watch-connections.ts'
import { watchLink, watchLinks } from '../connect/links/watch-links.ts'
import { NotFoundError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { ConnectionType } from './connection.ts'
import type { GraphQLContext } from './context.ts'
import { decodeIdOf } from './ids.ts'

builder.subscriptionFields((t) => ({
  connectLinkUpdated: t.field({
    type: ConnectLinkType,
    description:
      'With an id: the link as it is, then as it is after each step of its life, once and in order; ends after the last step. Without: every step of every link that the caller may see, endless.',
    args: { id: t.arg.id({ description: 'Only this link.' }) },
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
    type: ConnectionType,
    description:
      'Every change of the connections that the caller may see, endless and without their present state.',
    args: { endUserId: t.arg.string({ description: "Only this end user's, by the application's own id." }) },
    subscribe: (_, { endUserId }, context) =>
      stream(context, (signal) =>
        watchConnections(context.connect, context.viewer, { endUserId: endUserId ?? null, signal }),
      ),
    resolve: (connection) => connection,
  }),
}))

/**
 * A stream ends with its client, with the gateway, and with the session that it was opened under. What was loaded for one
 * event may be old at the next.
 */
async function* stream<Item>(
  context: GraphQLContext,
  watch: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  const { connect, viewer, signal } = context
  const session = new AbortController()
  // A timer that is held. Node 20 collects an AbortSignal.timeout that only `any` knows, and it never fires.
  const timer =
    viewer.expiresAt === null
      ? undefined
      : setTimeout(
          () => session.abort(),
          Math.max(0, viewer.expiresAt.getTime() - connect.now().getTime()),
        ).unref()
  try {
    for await (const item of watch(AbortSignal.any([signal, connect.closing, session.signal]))) {
      for (const loader of [context.connections, context.links, context.histories]) loader.clearAll()
      yield item
    }
  } finally {
    clearTimeout(timer)
  }
}
