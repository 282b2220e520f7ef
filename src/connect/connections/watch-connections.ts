import type { Viewer } from '../../domain/viewer.ts'
import { findConnections } from '../../store/connection-list.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { canAccess } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'

/** Yields every change of connections that the viewer may read, from now on. `endUserId`: only of this end user. */
export async function* watchConnections(
  { db, providers, events }: ConnectContext,
  viewer: Viewer,
  { endUserId, signal }: { readonly endUserId: string | null; readonly signal: AbortSignal },
): AsyncGenerator<ConnectionRow> {
  for await (const id of events.connections(signal)) {
    const [row] = await findConnections(db, providers.accountKeys, [id])
    if (row === undefined || !canAccess(viewer, row.endUserId)) continue
    if (endUserId === null || row.endUserId === endUserId) yield row
  }
}
