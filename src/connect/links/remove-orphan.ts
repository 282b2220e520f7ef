import { errorCodeOf } from '../../domain/errors.ts'
import { operation } from '../../http/http-types.ts'
import type { RemoteReference } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { updateLink } from '../../store/connect-links.ts'
import { markDisconnected } from '../../store/connections.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

export interface Orphan {
  readonly link: ConnectLinkRow
  readonly connection: RemoteReference
  /** Id of the connection's row. */
  readonly id: string
}

/**
 * Removes a connection that was made through a revoked or superseded link. If the provider cannot remove connections,
 * the row stays marked as orphaned; if the removal fails, the next check of the link retries.
 */
export async function removeOrphan(
  context: ConnectContext,
  provider: ConfiguredProvider,
  orphan: Orphan,
): Promise<void> {
  const isOver =
    provider.adapter.disconnect === undefined || (await removeConnection(context, provider, orphan))
  if (isOver) await updateLink(context.db, orphan.link.id, { nextCheckAt: null })
}

/** Removes a connection at its provider. `false`: the removal failed, or the provider cannot remove connections. */
export async function removeConnection(
  { db, now, log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, id }: Orphan,
): Promise<boolean> {
  if (adapter.disconnect === undefined) return false
  // Caught, because the connection stays listed until a retry succeeds. Detached, because the caller may disconnect.
  try {
    await adapter.disconnect(connection, operation())
    await db.transaction().execute((transaction) => markDisconnected(transaction, id, now()))
    return true
  } catch (error) {
    log.warn(
      { provider: key, linkId: link.id, code: errorCodeOf(error) },
      'a connection could not be removed',
    )
    return false
  }
}
