import type { ConnectContext } from '../context.ts'
import type { SourceState } from '../sync-scheduler.ts'
import {
  behind,
  type ConnectorPosition,
  type ConnectorQuery,
  type RankedConnector,
  searchConnectors,
} from './search/search-connectors.ts'

export interface ConnectorList {
  /** All from the position on. */
  readonly matches: readonly RankedConnector[]
  /** How many there are, before the position too. */
  readonly count: number
  readonly sources: readonly SourceState[]
}

/** The catalogue as it stands, after waiting a moment for slices that are due. */
export async function readConnectors(
  context: ConnectContext,
  query: ConnectorQuery,
  after: ConnectorPosition | null,
): Promise<ConnectorList> {
  const sources = await context.connectorSyncs.freshen(context.patienceMs, query.providers)
  await context.catalogue.load()
  const matches = searchConnectors(context.catalogue.indexes(), query, after?.way)
  return { matches: behind(matches, after), count: matches.length, sources }
}
