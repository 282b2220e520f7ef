import type { Viewer } from '../../domain/viewer.ts'
import { countLinks, type LinkFilter, listLinks } from '../../store/connect-links.ts'
import type { Page, PageRequest } from '../../store/keyset-pagination.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { restrictFilter } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'

export interface ListLinksRequest {
  readonly filter: LinkFilter
  readonly page: PageRequest
}

export interface ConnectLinkList extends Page<ConnectLinkRow> {
  /** `null`: too many to count. */
  count(): Promise<number | null>
}

/** Links from the store, newest first. No provider is read: the poller keeps open links up to date. */
export async function listConnectLinks(
  { db }: ConnectContext,
  viewer: Viewer,
  { filter: requested, page }: ListLinksRequest,
): Promise<ConnectLinkList> {
  const filter = restrictFilter(viewer, requested)
  if (filter === null) return { rows: [], hasNextPage: false, count: async () => 0 }
  return { ...(await listLinks(db, filter, page)), count: () => countLinks(db, filter) }
}
