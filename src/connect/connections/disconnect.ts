import { UnsupportedError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { uncancelled } from '../../http/http-types.ts'
import { openReconnectsOf } from '../../store/connect-links.ts'
import { findConnections } from '../../store/connection-list.ts'
import { markDisconnected, referenceTo } from '../../store/connections.ts'
import { takeTurns } from '../../store/database.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { takeBackAtProvider } from '../links/revoke-at-provider.ts'
import { moveLink } from '../links/transition-link.ts'
import { demandConnection } from './get-connection.ts'

export interface Disconnected {
  readonly connection: ConnectionRow
  /** `false`: the provider no longer had it. */
  readonly removedAtProvider: boolean
}

/** Removes exactly that connection at its provider and keeps its record as DISCONNECTED. Links that were to renew it end. */
export async function disconnect(
  context: ConnectContext,
  viewer: Viewer,
  connectionId: string,
): Promise<Disconnected> {
  const { connection, provider } = await demandConnection(context, viewer, connectionId)
  const { adapter } = provider
  if (!adapter.disconnect)
    throw new UnsupportedError(provider.key, `${provider.name} cannot remove a connection through its API.`)
  // A removal under way is finished even when the caller goes away.
  const removal = adapter.disconnect(referenceTo(connection), uncancelled())
  return context.finishing(removal.then((removed) => record(context, connection, removed)))
}

async function record(
  context: ConnectContext,
  connection: ConnectionRow,
  removedAtProvider: boolean,
): Promise<Disconnected> {
  const { db, providers, now } = context
  const renewals = await db.transaction().execute(async (transaction) => {
    // A link that renews it may be completing now.
    await takeTurns(transaction, `settle ${connection.scope}`)
    await markDisconnected(transaction, connection.id, now())
    const open = await openReconnectsOf(transaction, connection.id)
    const end = { to_status: 'REVOKED', at: now(), source: 'API_CALL', reason: 'DISCONNECTED' } as const
    for (const { id } of open) await moveLink(transaction, id, end)
    return open
  })
  takeBackAtProvider(context, renewals)
  const [after] = await findConnections(db, providers.scopes, [connection.id])
  return { connection: after ?? connection, removedAtProvider }
}
