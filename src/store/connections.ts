import type { OwnerEvidence } from '../domain/statuses.ts'
import type { RemoteConnection, RemoteReference } from '../providers/adapter.ts'
import { changeTo, updateAudited } from './audit-changes.ts'
import type { Database } from './database.ts'
import { withoutOwner } from './end-user-columns.ts'
import { retireReusedIds } from './reused-ids.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** The columns of a connection that no longer exists at its provider. */
export const disconnectedColumns = (now: Date) =>
  ({
    status: 'DISCONNECTED',
    healthCode: 'REVOKED',
    healthMessage: null,
    healthSince: now,
    updatedAt: now,
    // Prevents a list page that was read earlier from overwriting the row.
    lastCheckedAt: now,
  }) as const

/** Sets DISCONNECTED and records it in the audit log. */
export async function markDisconnected(transaction: Database, id: string, now: Date): Promise<void> {
  const change = { name: changeTo('DISCONNECTED'), at: now }
  await updateAudited(transaction, id, { columns: disconnectedColumns(now), change })
}

/**
 * Marks a connection of a revoked or superseded link that cannot be removed at its provider; later syncs keep the mark.
 */
export async function markOrphaned(transaction: Database, id: string, now: Date): Promise<void> {
  const columns = {
    orphaned: true,
    status: 'NEEDS_ATTENTION',
    healthMessage: 'It was created through a revoked or superseded link: remove it at the provider.',
    updatedAt: now,
  } as const
  await updateAudited(transaction, id, { columns, change: { name: 'orphaned', at: now } })
}

/** The provider's reference to a stored connection. */
export const toReference = ({
  remoteId,
  direction,
  connectorKey,
}: Pick<ConnectionRow, 'remoteId' | 'direction' | 'connectorKey'>): RemoteReference => ({
  remoteId,
  direction,
  connectorKey,
})

/** Finds a connection by its ID at the provider, in any direction. */
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

/** Those of the IDs that connections of the account have, in any direction. */
export async function knownRemoteIds(
  db: Database,
  accountKey: string,
  remoteIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (remoteIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('connections')
    .select('remoteId')
    .where('accountKey', '=', accountKey)
    .where('remoteId', 'in', remoteIds)
    .execute()
  return new Set(rows.map(({ remoteId }) => remoteId))
}

/** Takes a connection from its end user and organization, with the tags of the link, and lists it. */
export async function clearOwner(db: Database, id: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ ...withoutOwner, visible: true })
    .where('id', '=', id)
    .execute()
}

/** The newest connections of an account that are not disconnected. */
export function newestConnections(
  db: Database,
  accountKey: string,
  limit: number,
): Promise<readonly ConnectionRow[]> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('accountKey', '=', accountKey)
    .where('status', '<>', 'DISCONNECTED')
    .orderBy('createdAt', 'desc')
    .limit(limit)
    .execute()
}

/**
 * Unique within an account. Includes the direction, because a source and a destination at Census can have the same
 * number.
 */
export const remoteKey = ({ direction, remoteId }: Pick<RemoteReference, 'direction' | 'remoteId'>) =>
  `${direction} ${remoteId}`

/** What is stored about a connection that a provider lists as new. */
export interface StoredCandidate {
  readonly id: string
  readonly endUserId: string | null
  readonly ownerEvidence: OwnerEvidence | null
  readonly organizationId: string | null
  readonly createdAt: Date
  /** Whether it belongs to another link. */
  readonly isClaimed: boolean
}

/** The stored ones of these connections by `remoteKey`; `link` itself does not count as a claim. */
export async function findStoredCandidates(
  db: Database,
  link: Pick<ConnectLinkRow, 'id' | 'accountKey'>,
  connections: readonly RemoteConnection[],
): Promise<ReadonlyMap<string, StoredCandidate>> {
  if (connections.length === 0) return new Map()
  await retireReusedIds(db, link.accountKey, connections)
  const rows = await db
    .selectFrom('connections')
    .leftJoin('connectLinks', (join) =>
      join.onRef('connectLinks.connectionId', '=', 'connections.id').on('connectLinks.id', '<>', link.id),
    )
    .select([
      'connections.id',
      'connections.remoteId',
      'connections.direction',
      'connections.endUserId',
      'connections.ownerEvidence',
      'connections.organizationId',
      'connections.createdAt',
    ])
    .select('connectLinks.id as claimingLinkId')
    .where('connections.accountKey', '=', link.accountKey)
    .where(
      'connections.remoteId',
      'in',
      connections.map(({ remoteId }) => remoteId),
    )
    .execute()
  const stored = new Map<string, StoredCandidate>()
  for (const { claimingLinkId, remoteId, direction, ...row } of rows) {
    const key = remoteKey({ direction, remoteId })
    const isClaimed = claimingLinkId !== null || stored.get(key)?.isClaimed === true
    stored.set(key, { ...row, isClaimed })
  }
  return stored
}

/** The keys of those of these connections that already belong to a link other than `exceptLinkId`. */
export async function claimedConnections(
  db: Database,
  accountKey: string,
  connections: readonly RemoteConnection[],
  exceptLinkId?: string,
): Promise<ReadonlySet<string>> {
  if (connections.length === 0) return new Set()
  await retireReusedIds(db, accountKey, connections)
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

/** Makes a pending connection visible, once its link has completed or ended. */
export async function showPendingConnection(
  db: Database,
  accountKey: string,
  remoteId: string,
): Promise<void> {
  await pendingConnections(db, accountKey, remoteId).set({ visible: true }).execute()
}

/** Deletes a pending connection that no longer exists at the provider, whether or not it has been made visible. */
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
