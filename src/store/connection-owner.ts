import { sql } from 'kysely'
import type { EndUser } from '../domain/end-user.ts'
import type { Database } from './database.ts'
import type { ConnectionAssignmentRow, ConnectionRow } from './schema.ts'

export interface OwnerChange {
  /** `null`: the connection belongs to no end user afterwards. */
  readonly endUser: EndUser | null
  readonly at: Date
  /** Name of the caller, for the audit record. */
  readonly viewer: string
}

/** Sets the end user of a connection and records the change. Returns the row as it is then. */
export async function changeOwner(
  transaction: Database,
  id: string,
  { endUser, at, viewer }: OwnerChange,
): Promise<ConnectionRow> {
  const before = await transaction
    .selectFrom('connections')
    .select('endUserId')
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
    })
    .execute()
  return transaction
    .updateTable('connections')
    .set({
      endUserId: endUser?.id ?? null,
      endUserName: endUser?.name ?? null,
      endUserEmail: endUser?.email ?? null,
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
