import type { ConnectorAuth } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { organizationOfViewer } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { ProviderSyncStatus } from '../sync-scheduler.ts'
import { hasCategory } from './application-details.ts'
import type { Connector } from './connector.ts'
import { isLinkable } from './linkable.ts'
import {
  afterCursor,
  type ConnectorCursor,
  type ConnectorQuery,
  type RankedConnector,
  searchConnectors,
} from './search/search-connectors.ts'

/** Filters beside those that the search knows. */
export interface ConnectorFilters {
  readonly auth?: ConnectorAuth | null | undefined
  readonly category?: string | null | undefined
  readonly linkable?: boolean | null | undefined
}

export interface ConnectorList {
  /** All matches after the cursor. */
  readonly matches: readonly RankedConnector[]
  /** Number of all matches, including those before the cursor. */
  readonly count: number
  readonly syncStatus: readonly ProviderSyncStatus[]
}

/**
 * Searches the catalogues of the accounts that the caller uses, as stored. Starts the syncs that are due; waits up to
 * `maxWaitMs` for catalogues that were never read.
 */
export async function listConnectors(
  context: ConnectContext,
  viewer: Viewer,
  {
    query,
    after,
  }: { readonly query: ConnectorQuery & ConnectorFilters; readonly after: ConnectorCursor | null },
): Promise<ConnectorList> {
  const accounts = context.providers.usedBy(organizationOfViewer(viewer))
  const syncStatus = await context.connectorSyncs.ensureSynced(context.maxWaitMs, {
    providerKeys: query.providers,
    accounts,
  })
  await context.catalogue.load()
  const { auth, category, linkable } = query
  const includes = (connector: Connector) =>
    (auth == null || connector.auth === auth) &&
    (category == null || hasCategory(connector, category)) &&
    (linkable == null || isLinkable(viewer, context, connector) === linkable)
  const indexes = context.catalogue.of(accounts).indexes()
  const matches = searchConnectors(indexes, { ...query, includes }, after?.mode)
  return { matches: afterCursor(matches, after), count: matches.length, syncStatus }
}
