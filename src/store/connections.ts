import type { RemoteConnection, RemoteReference } from '../providers/adapter.ts'
import type { Database } from './database.ts'
import type { ConnectionRow } from './schema.ts'

/** What a connection becomes that its provider no longer has. */
export const disconnectedColumns = (now: Date) =>
  ({
    status: 'DISCONNECTED',
    healthCode: 'REVOKED',
    healthMessage: null,
    healthSince: now,
    updatedAt: now,
    // A page that was read before knows nothing of it.
    lastCheckedAt: now,
  }) as const

export async function markDisconnected(db: Database, id: string, now: Date): Promise<void> {
  await db.updateTable('connections').set(disconnectedColumns(now)).where('id', '=', id).execute()
}

/** Shows a connection that should not be there and cannot be removed, now and after every later sync. */
export async function markOrphaned(db: Database, id: string, now: Date): Promise<void> {
  const columns = {
    orphaned: true,
    status: 'NEEDS_ATTENTION',
    healthMessage: 'It was made through a link that had been withdrawn: remove it at the provider.',
    updatedAt: now,
  } as const
  await db.updateTable('connections').set(columns).where('id', '=', id).execute()
}

/** Names a recorded connection at its provider. */
export const toReference = ({
  remoteId,
  direction,
  connectorKey,
}: Pick<ConnectionRow, 'remoteId' | 'direction' | 'connectorKey'>): RemoteReference => ({
  remoteId,
  direction,
  connectorKey,
})

/** The record of a connection by its provider's id, whichever direction it has. */
export function findByRemoteId(
  db: Database,
  accountKey: string,
  remoteId: string,
): Promise<ConnectionRow | undefined> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('accountKey', '=', accountKey)
    .where('remoteId', '=', remoteId)
    .executeTakeFirst()
}

/** The gateway's id of a connection that has been saved. */
export async function findConnectionId(
  db: Database,
  accountKey: string,
  { direction, remoteId }: RemoteReference,
): Promise<string> {
  const row = await db
    .selectFrom('connections')
    .select('id')
    .where('accountKey', '=', accountKey)
    .where('direction', '=', direction)
    .where('remoteId', '=', remoteId)
    .executeTakeFirstOrThrow()
  return row.id
}

/** Names a connection among those of one scope; Census gives a source and a destination the same number. */
export const remoteKey = ({ direction, remoteId }: Pick<RemoteReference, 'direction' | 'remoteId'>) =>
  `${direction} ${remoteId}`

/** Of these connections, the keys of those that a link stands for already, other than that one. */
export async function claimedConnections(
  db: Database,
  accountKey: string,
  connections: readonly RemoteConnection[],
  exceptLinkId?: string,
): Promise<ReadonlySet<string>> {
  if (connections.length === 0) return new Set()
  const ids = connections.map(({ remoteId }) => remoteId)
  const rows = await db
    .selectFrom('connections')
    .innerJoin('connectLinks', 'connectLinks.connectionId', 'connections.id')
    .select(['connections.remoteId as remoteId', 'connections.direction'])
    .where('connections.accountKey', '=', accountKey)
    .where('connections.remoteId', 'in', ids)
    .$if(exceptLinkId !== undefined, (q) => q.where('connectLinks.id', '<>', exceptLinkId ?? ''))
    .execute()
  return new Set(rows.map(remoteKey))
}

/** A half-made connection shows itself: its link is done with it, one way or the other. */
export async function showPendingConnection(
  db: Database,
  accountKey: string,
  remoteId: string,
): Promise<void> {
  await pendingConnections(db, accountKey, remoteId).set({ visible: true }).execute()
}

/** The record of a half-made connection that the provider no longer has. */
export async function deletePendingConnection(
  db: Database,
  accountKey: string,
  remoteId: string,
): Promise<void> {
  await db
    .deleteFrom('connections')
    .where('accountKey', '=', accountKey)
    .where('remoteId', '=', remoteId)
    .execute()
}

const pendingConnections = (db: Database, accountKey: string, remoteId: string) =>
  db
    .updateTable('connections')
    .where('accountKey', '=', accountKey)
    .where('remoteId', '=', remoteId)
    .where('visible', '=', false)
