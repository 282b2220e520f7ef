import { errorCodeOf } from '../../domain/errors.ts'
import { detached } from '../../http/http-types.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { updateLink } from '../../store/connect-links.ts'
import { markDisconnected } from '../../store/connections.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

export interface Orphan {
  readonly link: ConnectLinkRow
  readonly connection: RemoteConnection
  /** Id of the connection's row. */
  readonly id: string
}

/**
 * Removes a connection that was made through a revoked or superseded link. If the provider cannot remove connections,
 * the row stays marked as orphaned; if the removal fails, the next check of the link retries.
 */
export async function removeOrphan(
  { db, now, log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, id }: Orphan,
): Promise<void> {
  if (adapter.disconnect === undefined) return updateLink(db, link.id, { nextCheckAt: null })
  // Caught, because the row stays marked until a retry succeeds. Detached, because the caller may disconnect.
  try {
    await adapter.disconnect(connection, detached())
    await markDisconnected(db, id, now())
    await updateLink(db, link.id, { nextCheckAt: null })
  } catch (error) {
    log.warn(
      { provider: key, linkId: link.id, code: errorCodeOf(error) },
      'an orphaned connection could not be removed',
    )
  }
}
