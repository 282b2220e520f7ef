import { type RawBuilder, sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import type { LockRequest } from './link-checks.ts'
import type { ConnectLinkRow } from './schema.ts'

/** Selects links that are due for an instance. */
export interface DueRequest extends Pick<LockRequest, 'accountKeys' | 'now'> {
  readonly instanceId: string
}

/** ACTIVE: open links whose end user opened them or returned from the provider within a time. OTHER: all others. */
export type LinkActivity = 'ACTIVE' | 'OTHER'

export interface PollLockRequest extends DueRequest, LockRequest {
  readonly activity: LinkActivity
  /** Openings and returns after this time make a link active. */
  readonly activeSince: Date
}

/**
 * Locks due links that no other live instance leases, and leases them to this instance. Fair to the end users: one link
 * of each goes before a second one of any; those first that were not checked since they were opened or returned, then in
 * the order of the end users' last polls. Of the links of one end user, the least recently checked go first.
 */
export async function lockLinksForPoll(
  db: Database,
  request: PollLockRequest,
): Promise<readonly ConnectLinkRow[]> {
  // The conditions are repeated beside the queue, because only those of the locked table itself are checked again for a
  // row that another instance has changed meanwhile. Each row is read and locked by its primary key, in the order of the
  // queue until there are enough: a join would compare every row with every other one where the table has no statistics.
  const { rows } = await sql<ConnectLinkRow>`
    update connect_links set ${polled(request)}
    where id in (
      select locked.id
      from (
        select * from (${queue(request)}) as due
        order by turn, is_unseen desc, last_poll nulls first, checked_at nulls first, next_check_at
      ) as queue
      cross join lateral (
        select id from connect_links
        where connect_links.id = queue.id and ${isDue(request)}
        for update skip locked
      ) as locked
      limit ${request.limit}
    )
    returning *`.execute(db)
  return rows
}

/** The same for those of these links that are due. */
export async function lockDueLinks(
  db: Database,
  request: DueRequest & Pick<LockRequest, 'lockExpiresAt'> & { readonly ids: readonly string[] },
): Promise<readonly ConnectLinkRow[]> {
  const { rows } = await sql<ConnectLinkRow>`
    update connect_links set ${polled(request)}
    where id in (
      select id from connect_links
      where id = any(${[...request.ids]}::uuid[]) and ${isDue(request)}
      for update skip locked
    )
    returning *`.execute(db)
  return rows
}

const polled = ({ now, lockExpiresAt, instanceId }: DueRequest & Pick<LockRequest, 'lockExpiresAt'>) => sql`
  checked_at = ${now}::timestamptz, polled_at = ${now}::timestamptz,
  check_lock_expires_at = ${lockExpiresAt}::timestamptz, leased_by = ${instanceId}`

/** Every due link, with its place among those of its end user (`turn`, from 1) and the end user's last poll. */
const queue = (request: PollLockRequest) => sql`
  select id, checked_at, next_check_at, is_unseen, last_poll, row_number() over (
    partition by end_user_id order by is_unseen desc, checked_at nulls first, next_check_at) as turn
  from (
    select id, end_user_id, checked_at, next_check_at,
      ${request.activity === 'ACTIVE'} and coalesce(checked_at < greatest(opened_at, returned_at), true) as is_unseen,
      (select max(polled.polled_at) from connect_links polled
        where polled.account_key = connect_links.account_key and polled.end_user_id = connect_links.end_user_id
          and polled.next_check_at is not null) as last_poll
    from connect_links where ${isDue(request)} and ${hasActivity(request)}
  ) as due`

const hasActivity = ({ activity, activeSince }: PollLockRequest): RawBuilder<boolean> => {
  const isActive = sql<boolean>`(status in (${sql.join(openStatuses.map((status) => sql.lit(status)))})
    and greatest(opened_at, returned_at) > ${activeSince}::timestamptz)`
  return activity === 'ACTIVE' ? isActive : sql<boolean>`${isActive} is not true`
}

/** Whether a link is due, is not being checked, and is not leased by another live instance. */
export const isDue = ({ accountKeys, now, instanceId }: DueRequest): RawBuilder<boolean> => sql`
  connect_links.account_key = any(${[...accountKeys]}::text[])
  and connect_links.next_check_at <= ${now}::timestamptz
  and (connect_links.check_lock_expires_at is null or connect_links.check_lock_expires_at <= ${now}::timestamptz)
  and (connect_links.leased_by is null or connect_links.leased_by = ${instanceId}
    or connect_links.leased_by <> all(array(
      select id from instances where lease_expires_at > ${now}::timestamptz)))`
