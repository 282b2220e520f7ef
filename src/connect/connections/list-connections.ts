import type { Viewer } from '../../domain/viewer.ts'
import { type ConnectionFilter, countConnections, listConnections } from '../../store/connection-list.ts'
import type { Page, PageRequest } from '../../store/keyset-pagination.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { narrowed } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { SourceState } from '../sync-scheduler.ts'

export interface WantedConnections {
  readonly filter: ConnectionFilter
  readonly page: PageRequest
}

export interface ConnectionList extends Page<ConnectionRow> {
  readonly sources: readonly SourceState[]
  /** `null`: too many to count. */
  count(): Promise<number | null>
}

/** One list over all providers, from the store; slices that are due are read first. */
export async function readConnections(
  { db, providers, connectionSyncs, patienceMs }: ConnectContext,
  viewer: Viewer,
  { filter: asked, page }: WantedConnections,
): Promise<ConnectionList> {
  const filter = narrowed(viewer, asked)
  const sources = await connectionSyncs.freshen(patienceMs, asked.providers)
  if (filter === null) return { rows: [], hasNextPage: false, sources, count: async () => 0 }
  const found = await listConnections(db, providers.scopes, { filter, page })
  return { ...found, sources, count: () => countConnections(db, providers.scopes, filter) }
}
