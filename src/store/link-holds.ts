import { sql } from 'kysely'
import { updateAudited } from './audit-changes.ts'
import type { Database } from './database.ts'
import { withoutOwner } from './end-user-columns.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** Links whose connection was not confirmed in time. */
export function findOverdueHolds(
  db: Database,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connectLinks')
    .selectAll()
    .where('heldUntil', '<=', now)
    .orderBy('heldUntil')
    .limit(limit)
    .execute()
}

/**
 * Links whose unconfirmed connection is to be removed now, at the given accounts. The next attempt of each is set to
 * `retryAt`, so that no other gateway makes this one.
 */
export function takeDueRemovals(
  db: Database,
  request: {
    readonly accountKeys: readonly string[]
    readonly now: Date
    readonly retryAt: Date
    readonly limit: number
  },
): Promise<readonly ConnectLinkRow[]> {
  return db
    .updateTable('connectLinks')
    .set({ removalDueAt: request.retryAt })
    .where('id', 'in', (query) =>
      query
        .selectFrom('connectLinks')
        .select('id')
        .where('removalDueAt', '<=', request.now)
        .where(sql<boolean>`account_key = any(${[...request.accountKeys]}::text[])`)
        .orderBy('removalDueAt')
        .limit(request.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** A connection by its ID, whether or not it is visible. */
export function findAnyConnection(db: Database, id: string): Promise<ConnectionRow | undefined> {
  return db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Hides a connection from all callers, or shows it again. */
export async function setVisible(
  db: Database,
  id: string,
  { visible, at }: { readonly visible: boolean; readonly at: Date },
): Promise<void> {
  await db.updateTable('connections').set({ visible, updatedAt: at }).where('id', '=', id).execute()
}

/**
 * Takes a connection that was not confirmed from its end user. It is visible to API keys, and marked until it is removed at
 * the provider; a sync gives it to no end user.
 */
export async function markUnconfirmed(transaction: Database, id: string, at: Date): Promise<void> {
  const columns = {
    ...withoutOwner,
    orphaned: true,
    visible: true,
    status: 'NEEDS_ATTENTION',
    healthMessage: 'Its connect link was not confirmed: remove it at the provider.',
    updatedAt: at,
  } as const
  await updateAudited(transaction, id, { columns, change: { name: 'orphaned', at } })
}
