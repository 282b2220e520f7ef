import { sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import { isUuid } from './keyset-pagination.ts'
import type { ConnectLinkRow } from './schema.ts'

/** Selects links to check at their providers. */
export interface LockRequest {
  readonly accountKeys: readonly string[]
  readonly now: Date
  /** When the check lock ends if `recordChecked` is not called. */
  readonly lockExpiresAt: Date
  readonly limit: number
}

/** Selects links to check before they are returned to a caller. */
export interface ReadLockRequest extends LockRequest {
  /** Links that were checked at this time or later are fresh enough. */
  readonly checkedBefore: Date
  /** Selects only this link; a malformed ID finds nothing. */
  readonly linkId: string | null
}

/**
 * Locks open links that are not held and were not checked recently, least recently checked first. A link is checked by one caller at a
 * time, among the readers and pollers of all instances.
 */
export async function lockLinksForRead(
  db: Database,
  { accountKeys, now, lockExpiresAt, limit, linkId, checkedBefore }: ReadLockRequest,
): Promise<readonly ConnectLinkRow[]> {
  if (linkId !== null && !isUuid(linkId)) return []
  return db
    .updateTable('connectLinks')
    .set({ checkedAt: now, checkLockExpiresAt: lockExpiresAt })
    .where('id', 'in', (query) =>
      query
        .selectFrom('connectLinks')
        .select('id')
        .where(sql<boolean>`account_key = any(${[...accountKeys]}::text[])`)
        .where((where) =>
          where.or([where('checkLockExpiresAt', 'is', null), where('checkLockExpiresAt', '<=', now)]),
        )
        .where('status', 'in', openStatuses)
        .where('heldUntil', 'is', null)
        .$if(linkId !== null, (q) => q.where('id', '=', linkId ?? ''))
        .where((where) => where.or([where('checkedAt', 'is', null), where('checkedAt', '<', checkedBefore)]))
        .orderBy(sql`checked_at asc nulls first, created_at desc`)
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

export interface CheckedLink {
  readonly link: Pick<ConnectLinkRow, 'id' | 'statusChangedAt'>
  /** The time of the next check; `null`: none is planned. */
  readonly nextCheckAt: Date | null
}

/**
 * Releases the check locks of links after their checks, successful or not, in one statement. Sets the times of the next
 * checks, except of links whose status has changed meanwhile or that are not to be checked again (`next_check_at` is null).
 */
export async function recordChecked(db: Database, checked: readonly CheckedLink[]): Promise<void> {
  if (checked.length === 0) return
  await sql`
    update connect_links set check_lock_expires_at = null,
      next_check_at = case when connect_links.next_check_at is not null
        and connect_links.status_changed_at = checked.status_changed_at then checked.next_check_at
        else connect_links.next_check_at end
    from unnest(${checked.map(({ link }) => link.id)}::uuid[],
      ${checked.map(({ link }) => link.statusChangedAt.toISOString())}::timestamptz[],
      ${checked.map(({ nextCheckAt }) => nextCheckAt?.toISOString() ?? null)}::timestamptz[]) as checked (id, status_changed_at, next_check_at)
    where connect_links.id = checked.id`.execute(db)
}

/** Heartbeat: extends the instance's lease, and with it its claim to its links, to `leaseExpiresAt`. */
export async function renewLeases(db: Database, instanceId: string, leaseExpiresAt: Date): Promise<void> {
  await db
    .insertInto('instances')
    .values({ id: instanceId, leaseExpiresAt })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ leaseExpiresAt }))
    .execute()
}

/**
 * Ends the lease of an instance, so that other instances can lease its links at once. `null`: ends all leases and check
 * locks, for a database that no other process uses.
 */
export async function releaseLeases(db: Database, instanceId: string | null): Promise<void> {
  await db
    .deleteFrom('instances')
    .$if(instanceId !== null, (q) => q.where('id', '=', instanceId ?? ''))
    .execute()
  if (instanceId !== null) return
  await db
    .updateTable('connectLinks')
    .set({ checkLockExpiresAt: null })
    .where('checkLockExpiresAt', 'is not', null)
    .execute()
}

/** Deletes instances whose lease expired before `before`. */
export async function deleteStaleInstances(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('instances').where('leaseExpiresAt', '<', before).execute()
}

/**
 * Open links that expired before `before` and were checked after their expiry without a change, or cannot be checked
 * because their account is not configured.
 */
export function findOverdueLinks(
  db: Database,
  query: Pick<LockRequest, 'now' | 'accountKeys' | 'limit'> & { readonly before: Date },
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connectLinks')
    .selectAll()
    .where('status', 'in', openStatuses)
    .where('expiresAt', '<', query.before)
    .where((where) =>
      where.or([where('checkLockExpiresAt', 'is', null), where('checkLockExpiresAt', '<=', query.now)]),
    )
    .where(
      sql<boolean>`(checked_at > expires_at or not account_key = any(${[...query.accountKeys]}::text[]))`,
    )
    .limit(query.limit)
    .execute()
}
