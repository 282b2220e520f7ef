import type { Viewer } from '../../domain/viewer.ts'
import { withChildSignal } from '../../http/child-signal.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { markDisconnected, toReference } from '../../store/connections.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { singleFlight } from '../util/single-flight.ts'
import { getConnectionOrThrow } from './get-connection.ts'

/** Readings under way, by connection, of each provider of each gateway in this process. */
const underWay = new WeakMap<ConfiguredProvider, Map<string, Promise<void>>>()

/**
 * Reads one connection from its provider now; one that is gone there is DISCONNECTED. Whoever asks while it is being read
 * joins that reading. Only the reading is shared, never an answer: each caller's own rights are looked at before and after.
 */
export async function refreshConnection(
  context: ConnectContext,
  viewer: Viewer,
  connectionId: string,
): Promise<ConnectionRow> {
  const { connection, provider } = await getConnectionOrThrow(context, viewer, connectionId)
  await readOnce(context, provider, connection)
  return (await getConnectionOrThrow(context, viewer, connectionId)).connection
}

function readOnce(
  context: ConnectContext,
  provider: ConfiguredProvider,
  connection: ConnectionRow,
): Promise<void> {
  const readings = underWay.get(provider) ?? new Map<string, Promise<void>>()
  underWay.set(provider, readings)
  return singleFlight(readings, connection.id, () => fetchConnection(context, provider, connection))
}

/** Brings a connection's record to what its provider shows now. */
export async function fetchConnection(
  { db, now, shutdownSignal }: ConnectContext,
  { key, accountKey, adapter }: ConfiguredProvider,
  connection: ConnectionRow,
): Promise<void> {
  const askedAt = now()
  // Others may have joined: it goes on when the first caller leaves.
  const found = await withChildSignal(shutdownSignal, (signal) =>
    adapter.getConnection(toReference(connection), { signal }),
  )
  if (found !== null) await upsertConnections(db, { provider: key, accountKey, now: askedAt }, [found])
  else if (connection.status !== 'DISCONNECTED') await markDisconnected(db, connection.id, now())
}
