import type { RemoteConnection } from '../../providers/adapter.ts'
import { knownRemoteIds } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'

/**
 * The connections to write: without those that are being authorized, whose stored state is kept, and without those whose
 * authorization has failed, unless they are stored, because they have been connections before.
 */
export async function finishedConnections(
  db: Database,
  accountKey: string,
  connections: readonly RemoteConnection[],
): Promise<readonly RemoteConnection[]> {
  const failed = connections.filter(({ authorization }) => authorization === 'FAILED')
  const known = await knownRemoteIds(
    db,
    accountKey,
    failed.map(({ remoteId }) => remoteId),
  )
  return connections.filter(
    ({ authorization, remoteId }) =>
      authorization === undefined || (authorization === 'FAILED' && known.has(remoteId)),
  )
}
