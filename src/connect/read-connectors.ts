import type { ConnectContext } from './context.ts'
import { type ConnectorQuery, type RankedConnector, searchConnectors } from './search-connectors.ts'
import type { SourceState } from './syncs.ts'

export interface ConnectorList {
  readonly matches: readonly RankedConnector[]
  readonly sources: readonly SourceState[]
}

/** The catalogue as it stands, after waiting a moment for slices that are due. */
export async function readConnectors(context: ConnectContext, query: ConnectorQuery): Promise<ConnectorList> {
  const states = await context.connectorSyncs.freshen(context.patienceMs, query.providers)
  await context.catalogue.load()
  return {
    matches: searchConnectors(context.catalogue.all(), query),
    sources: states,
  }
}
