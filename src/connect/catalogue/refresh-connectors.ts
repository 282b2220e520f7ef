import { ForbiddenError } from '../../domain/errors.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectContext } from '../context.ts'
import type { SourceState } from '../sync-scheduler.ts'

/**
 * Reads the catalogues of these providers, or of all that are configured, now instead of in the night. It is waited for a
 * moment, and goes on behind that; what cannot be read stays as it is.
 */
export async function refreshConnectors(
  { providers, connectorSyncs, catalogue, patienceMs }: ConnectContext,
  viewer: Viewer,
  wanted: readonly ProviderKey[] | null,
): Promise<readonly SourceState[]> {
  if (viewer.kind !== 'API_KEY') throw new ForbiddenError('Only an API key may refresh the catalogue.')
  const due = wanted?.map((key) => providers.demand(key)) ?? providers.configured
  for (const provider of due) connectorSyncs.expire(provider)
  const sources = await connectorSyncs.freshen(
    patienceMs,
    due.map(({ key }) => key),
  )
  await catalogue.load()
  return sources
}
