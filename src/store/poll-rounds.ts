import { type RawBuilder, sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import type { LockRequest } from './link-checks.ts'
import type { ConnectLinkRow } from './schema.ts'

export interface PollLockRequest extends LockRequest {
  readonly instanceId: string
  /** Open links whose end user opened them or returned from the provider after this time go first; `null`: none do. */
  readonly activeSince: Date | null
}

/**
 * Locks due links that no other live instance leases, and leases them to this instance. Fair to the end users: one link
 * of each goes before a second one of any, in the order of `activeSince` and of the end users' last polls. Of the links
 * of one end user, the least recently checked go first.
 */
export async function lockLinksForPoll(
  db: Database,
  request: PollLockRequest,
): Promise<readonly ConnectLinkRow[]> {
  const { now, lockExpiresAt, instanceId, limit } = request
  // The conditions are repeated beside the queue, because only those of the locked table itself are checked again for a
  // row that another instance has changed meanwhile.
  const { rows } = await sql<ConnectLinkRow>`
    update connect_links set checked_at = ${now}::timestamptz, polled_at = ${now}::timestamptz,
      check_lock_expires_at = ${lockExpiresAt}::timestamptz, leased_by = ${instanceId}
    where id in (
      select connect_links.id
      from connect_links inner join (${queue(request)}) as queue on queue.id = connect_links.id
      where ${isDue(request)}
      order by turn, is_active desc, last_poll nulls first, queue.checked_at nulls first, queue.next_check_at
      limit ${limit}
      for update of connect_links skip locked
    )
    returning *`.execute(db)
  return rows
}

/** Every due link, with its place among those of its end user (`turn`, from 1) and the end user's last poll. */
const queue = (request: PollLockRequest) => sql`
  select id, checked_at, next_check_at, is_active, last_poll, row_number() over (
    partition by end_user_id order by is_active desc, checked_at nulls first, next_check_at) as turn
  from (
    select id, end_user_id, checked_at, next_check_at,
      status = any(${[...openStatuses]}::text[]) and coalesce(
        greatest(opened_at, returned_at) > ${request.activeSince}::timestamptz, false) as is_active,
      (select max(polled.polled_at) from connect_links polled
        where polled.account_key = connect_links.account_key and polled.end_user_id = connect_links.end_user_id
          and polled.next_check_at is not null) as last_poll
    from connect_links where ${isDue(request)}
  ) as due`

const isDue = ({ accountKeys, now, instanceId }: PollLockRequest): RawBuilder<boolean> => sql`
  connect_links.account_key = any(${[...accountKeys]}::text[])
  and connect_links.next_check_at <= ${now}::timestamptz
  and (connect_links.check_lock_expires_at is null or connect_links.check_lock_expires_at <= ${now}::timestamptz)
  and (connect_links.leased_by is null or connect_links.leased_by = ${instanceId}
    or connect_links.leased_by <> all(array(
      select id from instances where lease_expires_at > ${now}::timestamptz)))`
