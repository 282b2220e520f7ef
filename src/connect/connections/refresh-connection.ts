import type { Viewer } from '../../domain/viewer.ts'
import { withChildSignal } from '../../http/child-signal.ts'
import { operation } from '../../http/http-types.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { auditConnections, changeTo } from '../../store/audit-changes.ts'
import { markDisconnected, toReference } from '../../store/connections.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { readOrigin } from '../links/read-origin.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { finishedConnections } from './finished-connections.ts'
import { getConnectionOrThrow } from './get-connection.ts'

/**
 * Reads one connection from its provider now; one that no longer exists there becomes DISCONNECTED. Single-flight:
 * concurrent callers share one read, but not its result. The access of each caller is checked before and after.
 */
export async function refreshConnection(
  context: ConnectContext,
  viewer: Viewer,
  connectionId: string,
): Promise<ConnectionRow> {
  const { connection, provider } = await getConnectionOrThrow(context, viewer, connectionId)
  requireWithinLimits(viewer, context, connection)
  await context.connectionReads.run(connection.id, () => fetchConnection(context, provider, connection))
  return (await getConnectionOrThrow(context, viewer, connectionId)).connection
}

/** Reads a connection from its provider and updates its row. */
export async function fetchConnection(
  { db, now, shutdownSignal }: ConnectContext,
  provider: ConfiguredProvider,
  connection: ConnectionRow,
): Promise<void> {
  const readAt = now()
  // Not the caller's signal: other callers may share the read.
  const found = await withChildSignal(shutdownSignal, (signal) =>
    provider.adapter.getConnection(toReference(connection), operation(signal)),
  )
  await db.transaction().execute(async (transaction) => {
    if (found === null) {
      if (connection.status !== 'DISCONNECTED') await markDisconnected(transaction, connection.id, now())
      return
    }
    const finished = await finishedConnections(transaction, provider.accountKey, [found])
    const saved = await upsertConnections(transaction, readOrigin(provider, readAt), finished)
    const changed = saved.filter(({ status }) => status !== connection.status)
    await auditConnections(transaction, changed, { name: changeTo(found.status), at: now() })
  })
}
