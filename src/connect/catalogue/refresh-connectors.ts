import type { ProviderKey } from '../../domain/provider-key.ts'
import type { ConnectContext } from '../context.ts'
import type { ProviderSyncStatus } from '../sync-scheduler.ts'

/**
 * Starts a sync of the catalogues of these providers (`null`: of all that are configured) now instead of once a day.
 * Waits up to `maxWaitMs` (5 s); the sync continues in the background. If it fails, the previous catalogue stays.
 */
export async function refreshConnectors(
  { providers, connectorSyncs, catalogue, maxWaitMs }: ConnectContext,
  keys: readonly ProviderKey[] | null,
): Promise<readonly ProviderSyncStatus[]> {
  const due = keys?.map((key) => providers.getConfigured(key)) ?? providers.configured
  for (const provider of due) connectorSyncs.invalidate(provider)
  const statuses = await connectorSyncs.ensureFresh(maxWaitMs, { providerKeys: due.map(({ key }) => key) })
  await catalogue.load()
  return statuses
}
