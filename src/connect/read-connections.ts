import type { Call } from '../http/client.ts'
import { type ConnectionFilter, countConnections, listConnections } from '../store/connection-list.ts'
import type { Page, PageRequest } from '../store/keyset.ts'
import type { ConnectionRow } from '../store/schema.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { settleOpenLinks } from './settle-connect-links.ts'
import type { SourceState } from './syncs.ts'
import { narrowed } from './visibility.ts'

export interface WantedConnections {
  readonly filter: ConnectionFilter
  readonly page: PageRequest
  readonly call: Call
}

export interface ConnectionList extends Page<ConnectionRow> {
  readonly sources: readonly SourceState[]
  count(): Promise<number>
}

/** One list over all providers, from the store: links that are done are settled first, slices that are due are read. */
export async function readConnections(
  context: ConnectContext,
  viewer: Viewer,
  { filter: asked, page, call }: WantedConnections,
): Promise<ConnectionList> {
  const { db, providers } = context
  const filter = narrowed(viewer, asked)
  // Side by side: a provider that hangs costs a reader its patience once.
  const [states] = await Promise.all([
    context.connectionSyncs.freshen(context.patienceMs, asked.providers),
    filter && settleOpenLinks(context, { providers: filter.providers, endUserId: filter.endUserId }, call),
  ])
  if (filter === null) return { rows: [], hasNextPage: false, sources: states, count: async () => 0 }
  const rows = await listConnections(db, providers.scopes, { filter, page })
  return {
    ...rows,
    sources: states,
    count: () => countConnections(db, providers.scopes, filter),
  }
}
