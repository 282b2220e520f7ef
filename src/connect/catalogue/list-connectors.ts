import type { ConnectContext } from '../context.ts'
import type { ProviderSyncStatus } from '../sync-scheduler.ts'
import {
  afterCursor,
  type ConnectorCursor,
  type ConnectorQuery,
  type RankedConnector,
  searchConnectors,
} from './search/search-connectors.ts'

export interface ConnectorList {
  /** All from the position on. */
  readonly matches: readonly RankedConnector[]
  /** How many there are, before the position too. */
  readonly count: number
  readonly syncStatus: readonly ProviderSyncStatus[]
}

/** The catalogue as it stands, after waiting a moment for slices that are due. */
export async function listConnectors(
  context: ConnectContext,
  query: ConnectorQuery,
  after: ConnectorCursor | null,
): Promise<ConnectorList> {
  const sources = await context.connectorSyncs.ensureFresh(context.maxWaitMs, query.providers)
  await context.catalogue.load()
  const matches = searchConnectors(context.catalogue.indexes(), query, after?.mode)
  return { matches: afterCursor(matches, after), count: matches.length, syncStatus: sources }
}
