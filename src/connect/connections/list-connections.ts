import { connectionStatuses } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import {
  type ConnectionListRequest,
  countConnections,
  listConnections as listRows,
} from '../../store/connection-list.ts'
import type { Page } from '../../store/keyset-pagination.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { organizationOfViewer, readAs, restrictConnections } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { ProviderSyncStatus } from '../sync-scheduler.ts'

/** Those of a list without a filter by status: what was removed is listed on request only. */
const presentStatuses = connectionStatuses.filter((status) => status !== 'DISCONNECTED')

export interface ConnectionList extends Page<ConnectionRow> {
  readonly syncStatus: readonly ProviderSyncStatus[]
  /** `null`: too many to count. */
  count(): Promise<number | null>
}

/**
 * One page of the connections of all providers, from the store; without `statuses` those that are not DISCONNECTED. Starts the syncs that are due; waits up to `maxWaitMs` for
 * providers whose list was never read.
 */
export async function listConnections(
  { db, providers, connectionSyncs, maxWaitMs }: ConnectContext,
  viewer: Viewer,
  { filter: requested, ...request }: ConnectionListRequest,
): Promise<ConnectionList> {
  const filter = restrictConnections(viewer, {
    ...requested,
    statuses: requested.statuses ?? presentStatuses,
  })
  const { accountKeys } = providers
  const syncStatus = await connectionSyncs.ensureSynced(maxWaitMs, {
    providerKeys: requested.providers,
    accounts: providers.usedBy(organizationOfViewer(viewer)),
  })
  const found = await readAs(db, viewer, (reader) => listRows(reader, accountKeys, { filter, ...request }))
  const count = () => readAs(db, viewer, (reader) => countConnections(reader, accountKeys, filter))
  return { ...found, syncStatus, count }
}
