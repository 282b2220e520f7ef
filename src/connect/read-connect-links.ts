import type { Call } from '../http/client.ts'
import { countLinks, type LinkFilter, listLinks } from '../store/connect-links.ts'
import type { Page, PageRequest } from '../store/keyset.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'
import { settleOpenLinks } from './settle-connect-links.ts'

export interface ConnectLinkList extends Page<ConnectLinkRow> {
  count(): Promise<number>
}

/** Links newest first; those that are done are settled before they are read. */
export async function readConnectLinks(
  context: ConnectContext,
  { filter, page }: { readonly filter: LinkFilter; readonly page: PageRequest },
  call: Call,
): Promise<ConnectLinkList> {
  await settleOpenLinks(context, { providers: filter.providers }, call)
  return { ...(await listLinks(context.db, filter, page)), count: () => countLinks(context.db, filter) }
}
