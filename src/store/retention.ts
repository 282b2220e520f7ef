import { sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import { deleteInBatches } from './delete-in-batches.ts'
import { withoutOwner } from './end-user-columns.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** Deletes links that ended before that time, with their histories; many of them over several calls. */
export function deleteEndedLinks(db: Database, before: Date): Promise<void> {
  return deleteInBatches(
    db,
    'connect_links',
    sql<boolean>`status <> all(${[...openStatuses]}::text[]) and status_changed_at < ${before}::timestamptz`,
  )
}

export function linksOfEndUser(db: Database, endUserId: string): Promise<readonly ConnectLinkRow[]> {
  return db.selectFrom('connectLinks').selectAll().where('endUserId', '=', endUserId).execute()
}

/** Deletes the end user's links, with their histories and webhook deliveries; not those that made these connections. */
export async function deleteLinksOfEndUser(
  db: Database,
  endUserId: string,
  exceptConnectionIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('connectLinks')
    .where('endUserId', '=', endUserId)
    .where(sql<boolean>`(connection_id is null or connection_id <> all(${[...exceptConnectionIds]}::uuid[]))`)
    .execute()
}

/** Includes connections that are not visible, and those that a link of the end user made but that were not confirmed. */
export function connectionsOfEndUser(db: Database, endUserId: string): Promise<readonly ConnectionRow[]> {
  const ofLinks = sql`select connection_id from connect_links where connect_links.end_user_id = ${endUserId}`
  return db
    .selectFrom('connections')
    .selectAll()
    .where(
      sql<boolean>`(end_user_id = ${endUserId} or (end_user_id is null and orphaned and id in (${ofLinks})))`,
    )
    .execute()
}

/** Clears the end user of a connection that its organization keeps. */
export async function releaseFromEndUser(db: Database, id: string, at: Date): Promise<void> {
  const columns = {
    endUserId: null,
    endUserName: null,
    endUserEmail: null,
    ownerEvidence: null,
    updatedAt: at,
  }
  await db.updateTable('connections').set(columns).where('id', '=', id).execute()
}

/** Clears the end user in the recorded assignments of all connections. */
export async function clearAssignmentsOfEndUser(db: Database, endUserId: string): Promise<void> {
  for (const column of ['fromEndUserId', 'toEndUserId'] as const)
    await db
      .updateTable('connectionAssignments')
      .set({ [column]: null })
      .where(column, '=', endUserId)
      .execute()
}

/** Clears the end user, organization, external account, name and tags of a connection. */
export async function anonymizeConnection(db: Database, id: string): Promise<void> {
  const columns = {
    ...withoutOwner,
    externalAccountId: null,
    externalAccountName: null,
    externalAccountEmail: null,
    name: null,
  } as const
  await db.updateTable('connections').set(columns).where('id', '=', id).execute()
}

export async function deleteConnection(db: Database, id: string): Promise<void> {
  await db.deleteFrom('connections').where('id', '=', id).execute()
}

/** Deletes the rows of connections that were disconnected before that time; many of them over several calls. */
export function deleteDisconnected(db: Database, before: Date): Promise<void> {
  return deleteInBatches(
    db,
    'connections',
    sql<boolean>`status = 'DISCONNECTED' and updated_at < ${before}::timestamptz`,
  )
}
