import { NotFoundError, UnsupportedError } from '../errors.ts'
import { findConnections } from '../store/connection-list.ts'
import { markDisconnected } from '../store/connections.ts'
import type { ConnectionRow } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'

export interface Disconnected {
  readonly connection: ConnectionRow
  /** `false`: the provider no longer had it. */
  readonly removedAtProvider: boolean
}

/** Removes exactly that connection at its provider and keeps its record as DISCONNECTED. */
export async function disconnect(context: ConnectContext, connectionId: string): Promise<Disconnected> {
  const { db, providers, now } = context
  const [connection] = await findConnections(db, providers.scopes, [connectionId])
  if (connection === undefined) throw new NotFoundError('There is no such connection.')
  const provider = providers.demand(connection.provider)
  if (provider.scope !== connection.scope) {
    throw new UnsupportedError(
      provider.key,
      'The connection belongs to an account that is no longer configured.',
      'PROVIDER_NOT_CONFIGURED',
    )
  }
  const { adapter } = provider
  if (!adapter.disconnect)
    throw new UnsupportedError(provider.key, `${provider.name} cannot remove a connection through its API.`)
  const reference = {
    remoteId: connection.remote_id,
    direction: connection.direction,
    connectorKey: connection.connector_key,
  }
  // A removal under way is finished even when the caller goes away.
  const removedAtProvider = await adapter.disconnect(reference, { signal: new AbortController().signal })
  await markDisconnected(db, connection.id, now())
  const [after] = await findConnections(db, providers.scopes, [connectionId])
  return { connection: after ?? connection, removedAtProvider }
}
