import { UnsupportedError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { operation } from '../../http/http-types.ts'
import { findOpenReconnects } from '../../store/connect-links.ts'
import { findConnections } from '../../store/connection-list.ts'
import { markDisconnected, toReference } from '../../store/connections.ts'
import { advisoryLock } from '../../store/database.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { revokeAtProviderInBackground } from '../links/revoke-at-provider.ts'
import { transitionLink } from '../links/transition-link.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { getConnectionOrThrow, requireOwnership } from './get-connection.ts'

export interface DisconnectedConnection {
  readonly connection: ConnectionRow
  /** `false`: the provider no longer had it. */
  readonly removedAtProvider: boolean
}

/**
 * Removes the connection at its provider and keeps its row as DISCONNECTED. Open links that reconnect it are revoked.
 * Throws NotFoundError, InvalidInputError, ConflictError, UnsupportedError if the provider cannot remove connections, or the provider's error.
 */
export async function disconnectConnection(
  context: ConnectContext,
  viewer: Viewer,
  connectionId: string,
): Promise<DisconnectedConnection> {
  const { connection, provider } = await getConnectionOrThrow(context, viewer, connectionId)
  requireWithinLimits(viewer, context, connection)
  requireOwnership(viewer, connection)
  const { adapter } = provider
  if (!adapter.disconnect)
    throw new UnsupportedError(provider.key, `${provider.name} cannot remove a connection through its API.`)
  // Detached: a removal that has started is finished even if the caller disconnects.
  const removal = adapter.disconnect(toReference(connection), operation())
  return context.waitUntil(removal.then((removed) => recordDisconnected(context, connection, removed)))
}

async function recordDisconnected(
  context: ConnectContext,
  connection: ConnectionRow,
  removedAtProvider: boolean,
): Promise<DisconnectedConnection> {
  const { db, providers, now } = context
  const reconnects = await db.transaction().execute(async (transaction) => {
    // A link that reconnects it may be completing at the same time.
    await advisoryLock(transaction, `settle ${connection.accountKey}`)
    await markDisconnected(transaction, connection.id, now())
    const open = await findOpenReconnects(transaction, connection.id)
    const end = { toStatus: 'REVOKED', at: now(), source: 'API_CALL', reason: 'DISCONNECTED' } as const
    for (const { id } of open) await transitionLink(transaction, id, end)
    return open
  })
  revokeAtProviderInBackground(context, reconnects)
  const [updated] = await findConnections(db, providers.accountKeys, [connection.id])
  return { connection: updated ?? connection, removedAtProvider }
}
