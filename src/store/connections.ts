import type { RemoteConnection, RemoteReference } from '../providers/adapter.ts'
import type { Database } from './database.ts'
import type { ConnectionRow } from './schema.ts'

/** What a connection becomes that its provider no longer has. */
export const disconnected = (now: Date) =>
  ({
    status: 'DISCONNECTED',
    health_code: 'REVOKED',
    health_message: null,
    health_since: now,
    updated_at: now,
    // A page that was read before knows nothing of it.
    last_checked_at: now,
  }) as const

export async function markDisconnected(db: Database, id: string, now: Date): Promise<void> {
  await db.updateTable('connections').set(disconnected(now)).where('id', '=', id).execute()
}

/** Shows a connection that should not be there and cannot be removed, now and after every later sync. */
export async function markUnwanted(db: Database, id: string, now: Date): Promise<void> {
  const columns = {
    unwanted: true,
    status: 'NEEDS_ATTENTION',
    health_message: 'It was made through a link that had been withdrawn: remove it at the provider.',
    updated_at: now,
  } as const
  await db.updateTable('connections').set(columns).where('id', '=', id).execute()
}

/** Names a recorded connection at its provider. */
export const referenceTo = ({
  remote_id,
  direction,
  connector_key,
}: Pick<ConnectionRow, 'remote_id' | 'direction' | 'connector_key'>): RemoteReference => ({
  remoteId: remote_id,
  direction,
  connectorKey: connector_key,
})

/** The record of a connection by its provider's id, whichever direction it has. */
export function findByRemoteId(
  db: Database,
  scope: string,
  remoteId: string,
): Promise<ConnectionRow | undefined> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('scope', '=', scope)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst()
}

/** The gateway's id of a connection that has been saved. */
export async function findConnectionId(
  db: Database,
  scope: string,
  { direction, remoteId }: RemoteReference,
): Promise<string> {
  const row = await db
    .selectFrom('connections')
    .select('id')
    .where('scope', '=', scope)
    .where('direction', '=', direction)
    .where('remote_id', '=', remoteId)
    .executeTakeFirstOrThrow()
  return row.id
}

/** Names a connection among those of one scope; Census gives a source and a destination the same number. */
export const remoteKey = ({ direction, remoteId }: Pick<RemoteReference, 'direction' | 'remoteId'>) =>
  `${direction} ${remoteId}`

/** Of these connections, the keys of those that a link stands for already, other than that one. */
export async function takenConnections(
  db: Database,
  scope: string,
  connections: readonly RemoteConnection[],
  exceptLinkId?: string,
): Promise<ReadonlySet<string>> {
  if (connections.length === 0) return new Set()
  const ids = connections.map(({ remoteId }) => remoteId)
  const rows = await db
    .selectFrom('connections')
    .innerJoin('connect_links', 'connect_links.connection_id', 'connections.id')
    .select(['connections.remote_id as remoteId', 'connections.direction'])
    .where('connections.scope', '=', scope)
    .where('connections.remote_id', 'in', ids)
    .$if(exceptLinkId !== undefined, (q) => q.where('connect_links.id', '<>', exceptLinkId ?? ''))
    .execute()
  return new Set(rows.map(remoteKey))
}

/** A half-made connection shows itself: its link is done with it, one way or the other. */
export async function listHalfMade(db: Database, scope: string, remoteId: string): Promise<void> {
  await halfMade(db, scope, remoteId).set({ listed: true }).execute()
}

/** The record of a half-made connection that the provider no longer has. */
export async function forgetConnection(db: Database, scope: string, remoteId: string): Promise<void> {
  await db.deleteFrom('connections').where('scope', '=', scope).where('remote_id', '=', remoteId).execute()
}

const halfMade = (db: Database, scope: string, remoteId: string) =>
  db
    .updateTable('connections')
    .where('scope', '=', scope)
    .where('remote_id', '=', remoteId)
    .where('listed', '=', false)
