import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** Links that ended before that time, with their histories. */
export async function deleteEndedLinks(db: Database, before: Date): Promise<void> {
  await db
    .deleteFrom('connectLinks')
    .where('status', 'not in', openStatuses)
    .where('statusChangedAt', '<', before)
    .execute()
}

export function linksOfEndUser(db: Database, endUserId: string): Promise<readonly ConnectLinkRow[]> {
  return db.selectFrom('connectLinks').selectAll().where('endUserId', '=', endUserId).execute()
}

/** With their histories and what was delivered for them. */
export async function deleteLinksOfEndUser(db: Database, endUserId: string): Promise<void> {
  await db.deleteFrom('connectLinks').where('endUserId', '=', endUserId).execute()
}

/** Listed or not. */
export function connectionsOfEndUser(db: Database, endUserId: string): Promise<readonly ConnectionRow[]> {
  return db.selectFrom('connections').selectAll().where('endUserId', '=', endUserId).execute()
}

/** Nobody's from now on, as far as the gateway knows. */
export async function anonymizeConnection(db: Database, id: string): Promise<void> {
  const nobody = {
    endUserId: null,
    endUserName: null,
    endUserEmail: null,
    externalAccountId: null,
    externalAccountName: null,
    externalAccountEmail: null,
    name: null,
    tags: '[]',
  }
  await db.updateTable('connections').set(nobody).where('id', '=', id).execute()
}

export async function deleteConnection(db: Database, id: string): Promise<void> {
  await db.deleteFrom('connections').where('id', '=', id).execute()
}

/** The records of connections that were gone before that time. */
export async function deleteDisconnected(db: Database, before: Date): Promise<void> {
  await db
    .deleteFrom('connections')
    .where('status', '=', 'DISCONNECTED')
    .where('updatedAt', '<', before)
    .execute()
}
