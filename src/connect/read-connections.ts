import type { Call } from '../http/client.ts'
import { type ConnectionFilter, countConnections, listConnections } from '../store/connections.ts'
import type { Page, PageRequest } from '../store/keyset.ts'
import type { ConnectionRow } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'
import { settleOpenLinks } from './settle-connect-links.ts'
import type { SourceState } from './syncs.ts'

export interface ConnectionList extends Page<ConnectionRow> {
  readonly sources: readonly SourceState[]
  count(): Promise<number>
}

/** One list over all providers, from the store: links that are done are settled first, slices that are due are read. */
export async function readConnections(
  context: ConnectContext,
  { filter, page }: { readonly filter: ConnectionFilter; readonly page: PageRequest },
  call: Call,
): Promise<ConnectionList> {
  const { db, providers } = context
  await settleOpenLinks(context, call)
  const states = await context.connectionSyncs.freshen(context.patienceMs)
  const rows = await listConnections(db, providers.scopes, { filter, page })
  return {
    ...rows,
    sources: states.filter(({ provider }) => filter.providers == null || filter.providers.includes(provider)),
    count: () => countConnections(db, providers.scopes, filter),
  }
}
