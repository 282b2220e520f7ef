import type { Call } from '../http/client.ts'
import { countLinks, type LinkFilter, listLinks } from '../store/connect-links.ts'
import type { Page, PageRequest } from '../store/keyset.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { settleOpenLinks } from './settle-connect-links.ts'
import { narrowed } from './visibility.ts'

export interface WantedLinks {
  readonly filter: LinkFilter
  readonly page: PageRequest
  readonly call: Call
}

export interface ConnectLinkList extends Page<ConnectLinkRow> {
  count(): Promise<number>
}

/** Links newest first; those that are done are settled before they are read. */
export async function readConnectLinks(
  context: ConnectContext,
  viewer: Viewer,
  { filter: asked, page, call }: WantedLinks,
): Promise<ConnectLinkList> {
  const filter = narrowed(viewer, asked)
  if (filter === null) return { rows: [], hasNextPage: false, count: async () => 0 }
  await settleOpenLinks(context, { providers: filter.providers, endUserId: filter.endUserId }, call)
  return { ...(await listLinks(context.db, filter, page)), count: () => countLinks(context.db, filter) }
}
