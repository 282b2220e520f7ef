import { watchConnections } from '../connect/watch-connections.ts'
import { watchLink, watchLinks } from '../connect/watch-links.ts'
import { NotFoundError } from '../errors.ts'
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
      const signal = streamSignal(context)
      if (id == null) return fresh(context, watchLinks(connect, viewer, signal))
      const linkId = decodeIdOf('ConnectLink', id)
      if (linkId === null || (await context.links.load(linkId)) === null)
        throw new NotFoundError('There is no such link.')
      return fresh(context, watchLink(connect, viewer, { linkId, signal }))
    },
    resolve: (link) => link,
  }),
  connectionUpdated: t.field({
    type: ConnectionType,
    description:
      'Every change of the connections that the caller may see, endless and without their present state.',
    args: { endUserId: t.arg.string({ description: "Only this end user's, by the application's own id." }) },
    subscribe: (_, { endUserId }, context) => {
      const wanted = { endUserId: endUserId ?? null, signal: streamSignal(context) }
      return fresh(context, watchConnections(context.connect, context.viewer, wanted))
    },
    resolve: (connection) => connection,
  }),
}))

/** A stream ends with its client, with the gateway, and with the session that it was opened under. */
function streamSignal({ connect, viewer, signal }: GraphQLContext): AbortSignal {
  const ends = [signal, connect.closing]
  if (viewer.expiresAt === null) return AbortSignal.any(ends)
  const leftMs = Math.max(0, viewer.expiresAt.getTime() - connect.now().getTime())
  const session = new AbortController()
  // Its timer holds it. Node 20 collects an AbortSignal.timeout that only `any` knows, and it never fires.
  setTimeout(() => session.abort(), leftMs).unref()
  return AbortSignal.any([...ends, session.signal])
}

/** What was loaded for one event may be old at the next. */
async function* fresh<Item>(context: GraphQLContext, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) {
    for (const loader of [context.connections, context.links, context.histories]) loader.clearAll()
    yield item
  }
}
