import type { Viewer } from '../../domain/viewer.ts'
import { findConnections } from '../../store/connection-list.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { filterAccessible } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { ConnectionChangeEvent } from '../events.ts'
import { oncePerEvent } from '../util/once-per-event.ts'

/**
 * Yields every change of connections that the viewer may read, from now on. `endUserId`: only of this end user. All
 * watchers of a change get the same object.
 */
export async function* watchConnections(
  context: ConnectContext,
  viewer: Viewer,
  { endUserId, signal }: { readonly endUserId: string | null; readonly signal: AbortSignal },
): AsyncGenerator<ConnectionRow> {
  for await (const event of context.events.connections(signal)) {
    for (const row of filterAccessible(viewer, await readConnection(context, event)))
      if (endUserId === null || row.endUserId === endUserId) yield row
  }
}

const readConnection = oncePerEvent(
  ({ db, providers }: ConnectContext, { connectionId }: ConnectionChangeEvent) =>
    findConnections(db, providers.accountKeys, [connectionId]),
)
