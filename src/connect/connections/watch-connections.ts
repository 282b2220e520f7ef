import type { Viewer } from '../../domain/viewer.ts'
import { findConnections } from '../../store/connection-list.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { accessKey, canReadConnection, hideOtherPerson, isEndUser, readAs } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { ConnectionChangeEvent } from '../events.ts'
import { oncePerEvent } from '../util/once-per-event.ts'
import { unlessAborted, whenAvailable } from '../util/when-available.ts'

/**
 * Yields every change of connections that the viewer may read, from now on. `endUserId`: only of this end user. All
 * watchers of a change with the same access get the same object.
 */
export async function* watchConnections(
  context: ConnectContext,
  viewer: Viewer,
  { endUserId, signal }: { readonly endUserId: string | null; readonly signal: AbortSignal },
): AsyncGenerator<ConnectionRow> {
  for await (const event of context.events.connections(signal)) {
    const rows = (await unlessAborted(readAccessible(context, viewer, event), signal)) ?? []
    for (const row of rows)
      if (endUserId === null || hideOtherPerson(viewer, row).endUserId === endUserId) yield row
  }
}

/**
 * Read once for all subscribers, and if it is accessible once more for the sessions with this access, under the
 * restrictions of the database.
 */
async function readAccessible(
  context: ConnectContext,
  viewer: Viewer,
  event: ConnectionChangeEvent,
): Promise<readonly ConnectionRow[]> {
  const rows = (await readConnection(context, event)).filter((row) => canReadConnection(viewer, row))
  return rows.length === 0 || !isEndUser(viewer) ? rows : readRestricted({ context, viewer }, event)
}

const readConnection = oncePerEvent(
  ({ db, providers, shutdownSignal }: ConnectContext, { connectionId }: ConnectionChangeEvent) =>
    whenAvailable(() => findConnections(db, providers.accountKeys, [connectionId]), shutdownSignal),
)

const readRestricted = oncePerEvent(
  async (
    { context, viewer }: { readonly context: ConnectContext; readonly viewer: Viewer },
    { connectionId }: ConnectionChangeEvent,
  ) => {
    const { db, providers, shutdownSignal } = context
    const read = () =>
      readAs(db, viewer, (reader) => findConnections(reader, providers.accountKeys, [connectionId]))
    const rows = await whenAvailable(read, shutdownSignal)
    return rows.filter((row) => canReadConnection(viewer, row))
  },
  ({ viewer }) => accessKey(viewer),
)
