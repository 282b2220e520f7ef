import type { Viewer } from '../../domain/viewer.ts'
import { findConnections } from '../../store/connection-list.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { mayTouch } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'

/** Every change of the connections that the caller may see, from now on; of one end user's, if asked. */
export async function* watchConnections(
  { db, providers, events }: ConnectContext,
  viewer: Viewer,
  { endUserId, signal }: { readonly endUserId: string | null; readonly signal: AbortSignal },
): AsyncGenerator<ConnectionRow> {
  for await (const id of events.connections(signal)) {
    const [row] = await findConnections(db, providers.scopes, [id])
    if (row === undefined || !mayTouch(viewer, row.end_user_id)) continue
    if (endUserId === null || row.end_user_id === endUserId) yield row
  }
}
