import { type RawBuilder, sql } from 'kysely'
import { unknownConnectorKey } from '../providers/adapter.ts'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import { type DueRequest, isDue } from './poll-rounds.ts'
import type { ConnectLinkRow } from './schema.ts'

/** Open links of one account that are due, and whose checks a list of the account's connections can answer. */
export interface ListedLinksRequest extends Omit<DueRequest, 'accountKeys'> {
  readonly accountKey: string
  readonly purposes: readonly ConnectLinkRow['purpose'][]
}

const isListed = (request: ListedLinksRequest): RawBuilder<boolean> => sql`
  ${isDue({ ...request, accountKeys: [request.accountKey] })}
  and connect_links.purpose = any(${[...request.purposes]}::text[])
  and connect_links.status in (${sql.join(openStatuses.map((status) => sql.lit(status)))})
  and connect_links.held_until is null`

/** How many such links there are, at most `limit`. */
export async function countListedLinks(
  db: Database,
  request: ListedLinksRequest,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from (select from connect_links where ${isListed(request)} limit ${limit}) as due`.execute(db)
  return rows[0]?.count ?? 0
}

/** `remoteConnectionId`: the connection that the provider created with the link; `null`: it does so later. */
export type ListedLink = Pick<ConnectLinkRow, 'id' | 'direction' | 'remoteConnectionId' | 'remoteGroup'>

/** Such links in the order of their IDs, from the one after `afterId`. */
export async function findListedLinks(
  db: Database,
  request: ListedLinksRequest,
  { afterId, limit }: { readonly afterId: string; readonly limit: number },
): Promise<readonly ListedLink[]> {
  const { rows } = await sql<ListedLink>`
    select id, direction, remote_connection_id, remote_group from connect_links
    where ${isListed(request)} and id > ${afterId}::uuid
    order by id limit ${limit}`.execute(db)
  return rows
}

export interface ListCheck extends ListedLinksRequest {
  readonly ids: readonly string[]
  /** Whether the provider created a connection with each of these links, and the list contains it. */
  readonly hasPendingConnection: boolean
  /** Before the list was read. */
  readonly readAt: Date
  /** The time to the next check of a link is that since its last status change, times `share`, within these limits. */
  readonly interval: { readonly share: number; readonly minMs: number; readonly maxMs: number }
  /** When a link that has expired is due again, if it was not ended meanwhile. */
  readonly expiredNextAt: Date
}

/**
 * Records in one statement that these links were checked when the read of the list began, and that the list shows no
 * connection for them. Links whose connection may have been made, or changed, since they were created are left as they
 * are. Returns those that were checked.
 */
export async function recordListCheck(
  db: Database,
  check: ListCheck,
): Promise<readonly { readonly id: string; readonly isExpired: boolean }[]> {
  const { readAt } = check
  const { rows } = await sql<{ id: string; isExpired: boolean }>`
    ${check.hasPendingConnection ? sql`` : newConnections(check)}
    update connect_links set checked_at = ${readAt}::timestamptz, polled_at = ${readAt}::timestamptz,
      leased_by = ${check.instanceId}, next_check_at = ${nextCheckAt(check)}
    where id in (
      select id from connect_links
      where id = any(${[...check.ids]}::uuid[]) and ${isListed({ ...check, now: readAt })}
        and ${check.hasPendingConnection ? isStillPending : hasNoNewConnection}
      for update skip locked
    )
    returning id, coalesce(expires_at <= ${readAt}::timestamptz, false) as is_expired`.execute(db)
  return rows
}

/** As `nextCheckAt` of `connect/links/poll-interval.ts`. */
const nextCheckAt = ({ now, readAt, interval, expiredNextAt }: ListCheck) => sql`
  case when expires_at <= ${readAt}::timestamptz then ${expiredNextAt}::timestamptz
  else least(expires_at, ${now}::timestamptz + least(${interval.maxMs} * interval '1 millisecond', greatest(
    ${interval.minMs} * interval '1 millisecond', ${interval.share} * (${now}::timestamptz - status_changed_at)))) end`

const isStillPending = sql<boolean>`exists (
  select from connections
  where (connections.account_key, connections.direction, connections.remote_id)
    = (connect_links.account_key, connect_links.direction, connect_links.remote_connection_id)
    and connections.status = 'PENDING')`

/** A list that was requested just before a link was created may still show its connection. */
const tolerance = sql`interval '1 minute'`

/**
 * The connections of no link that were stored, or have changed, since the oldest of the links was created. Materialized,
 * so that they are compared with all links at once.
 */
const newConnections = ({ accountKey, ids }: ListCheck) => sql`
  with new_connections as materialized (
    select end_user_id, connector_key, updated_at from connections
    where account_key = ${accountKey} and visible and status <> 'DISCONNECTED'
      and updated_at >= (select min(created_at) from connect_links where id = any(${[...ids]}::uuid[])) - ${tolerance}
      and not exists (select from connect_links claiming where claiming.connection_id = connections.id)
  )`

const isNew = sql<boolean>`new_connections.updated_at >= connect_links.created_at - ${tolerance}`

/** Three conditions, not one with OR: the first two can be decided for all links by hashing. */
const hasNoNewConnection = sql<boolean>`not exists (
    select from new_connections where new_connections.end_user_id = connect_links.end_user_id and ${isNew})
  and not exists (
    select from new_connections where new_connections.end_user_id is null
      and new_connections.connector_key = connect_links.connector_key and ${isNew})
  and not exists (
    select from new_connections where new_connections.end_user_id is null
      and new_connections.connector_key = ${unknownConnectorKey} and ${isNew})`
