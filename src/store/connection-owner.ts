import { sql } from 'kysely'
import type { EndUser } from '../domain/end-user.ts'
import type { ConnectionOwner } from '../domain/statuses.ts'
import { auditConnections } from './audit-changes.ts'
import type { Database } from './database.ts'
import { columnsOfEndUser } from './end-user-columns.ts'
import type { ConnectionAssignmentRow, ConnectionRow } from './schema.ts'

export interface OwnerChange {
  /** `null`: the connection belongs to no end user afterwards. */
  readonly endUser: EndUser | null
  readonly ownedBy: ConnectionOwner
  readonly at: Date
  /** Name of the caller, for the audit record. */
  readonly viewer: string
}

/** Sets the end user, organization and owner of a connection and records the change. Returns the row as it is then. */
export async function changeOwner(
  transaction: Database,
  id: string,
  { endUser, ownedBy, at, viewer }: OwnerChange,
): Promise<ConnectionRow> {
  const before = await transaction
    .selectFrom('connections')
    .select(['endUserId', 'organizationId'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  await transaction
    .insertInto('connectionAssignments')
    .values({
      connectionId: id,
      number: sql<number>`(select coalesce(max(number), 0) + 1 from connection_assignments where connection_id = ${id})`,
      at,
      viewer,
      fromEndUserId: before.endUserId,
      toEndUserId: endUser?.id ?? null,
      fromOrganizationId: before.organizationId,
      toOrganizationId: endUser?.organization?.id ?? null,
    })
    .execute()
  const changed = {
    id,
    endUserId: endUser?.id ?? before.endUserId,
    organizationId: endUser?.organization?.id ?? before.organizationId,
  }
  await auditConnections(transaction, [changed], { name: 'assigned', at })
  return transaction
    .updateTable('connections')
    .set({
      endUserId: endUser?.id ?? null,
      ...columnsOfEndUser(endUser),
      owner: ownedBy,
      ownerEvidence: endUser === null ? null : 'ASSIGNED',
      updatedAt: at,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The recorded changes of these connections, oldest first. */
export async function findAssignments(
  db: Database,
  connectionIds: readonly string[],
): Promise<readonly ConnectionAssignmentRow[]> {
  if (connectionIds.length === 0) return []
  return db
    .selectFrom('connectionAssignments')
    .selectAll()
    .where('connectionId', 'in', [...connectionIds])
    .orderBy('number')
    .execute()
}
