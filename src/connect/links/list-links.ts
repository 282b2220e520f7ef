import type { Viewer } from '../../domain/viewer.ts'
import type { Page, PageRequest } from '../../store/keyset-pagination.ts'
import { countLinks, type LinkFilter, listLinks } from '../../store/link-list.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { readAs, restrictLinks } from '../authorization.ts'
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
  const filter = restrictLinks(viewer, requested)
  const found = await readAs(db, viewer, (reader) => listLinks(reader, filter, page))
  return { ...found, count: () => readAs(db, viewer, (reader) => countLinks(reader, filter)) }
}
