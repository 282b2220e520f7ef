import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** Links that ended before that time, with their histories. */
export async function forgetEndedLinks(db: Database, before: Date): Promise<void> {
  await db
    .deleteFrom('connect_links')
    .where('status', 'not in', openStatuses)
    .where('moved_at', '<', before)
    .execute()
}

export function linksOfEndUser(db: Database, endUserId: string): Promise<readonly ConnectLinkRow[]> {
  return db.selectFrom('connect_links').selectAll().where('end_user_id', '=', endUserId).execute()
}

/** With their histories and what was delivered for them. */
export async function forgetLinksOf(db: Database, endUserId: string): Promise<void> {
  await db.deleteFrom('connect_links').where('end_user_id', '=', endUserId).execute()
}

/** Listed or not. */
export function connectionsOfEndUser(db: Database, endUserId: string): Promise<readonly ConnectionRow[]> {
  return db.selectFrom('connections').selectAll().where('end_user_id', '=', endUserId).execute()
}

/** Nobody's from now on, as far as the gateway knows. */
export async function disownConnection(db: Database, id: string): Promise<void> {
  const nobody = {
    end_user_id: null,
    end_user_name: null,
    end_user_email: null,
    external_account_id: null,
    external_account_name: null,
    external_account_email: null,
    name: null,
    tags: '[]',
  }
  await db.updateTable('connections').set(nobody).where('id', '=', id).execute()
}

export async function forgetById(db: Database, id: string): Promise<void> {
  await db.deleteFrom('connections').where('id', '=', id).execute()
}

/** The records of connections that were gone before that time. */
export async function forgetDisconnected(db: Database, before: Date): Promise<void> {
  await db
    .deleteFrom('connections')
    .where('status', '=', 'DISCONNECTED')
    .where('updated_at', '<', before)
    .execute()
}
