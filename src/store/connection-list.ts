import { sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { ConnectionStatus } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import type { Database } from './database.ts'
import {
  countOf,
  isUuid,
  type Page,
  type PagedList,
  type PageRequest,
  pageOf,
  toPage,
} from './keyset-pagination.ts'
import type { ConnectionRow } from './schema.ts'

export interface ConnectionFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly ConnectionStatus[] | null | undefined
  readonly endUserId?: string | null | undefined
  readonly connectorKey?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

/** Rows of a scope that is no longer configured are served with status UNKNOWN: nobody can look after them. */
const status = (accountKeys: readonly string[]) =>
  sql<ConnectionStatus>`case when connections.account_key = any(${[...accountKeys]}::text[]) then connections.status else 'UNKNOWN' end`

/** What the last whole walk met was looked at then, although it was not written; what it missed, and what is gone, was not. */
const lastCheckedAt = sql<Date | null>`case when connections.missing_since is null and connections.status <> 'DISCONNECTED'
  then greatest(connections.last_checked_at, sync_state.started_at) else connections.last_checked_at end`

/** Connections as readers see them. */
const shown = (db: Database, accountKeys: readonly string[]) =>
  db
    .selectFrom('connections')
    .leftJoin('syncState', (join) =>
      join
        .onRef('syncState.accountKey', '=', 'connections.accountKey')
        .on('syncState.kind', '=', 'CONNECTIONS'),
    )
    .selectAll('connections')
    .select([status(accountKeys).as('status'), lastCheckedAt.as('lastCheckedAt')])

export async function findConnections(
  db: Database,
  accountKeys: readonly string[],
  ids: readonly string[],
): Promise<readonly ConnectionRow[]> {
  const wanted = ids.filter(isUuid)
  if (wanted.length === 0) return []
  return shown(db, accountKeys).where('id', 'in', wanted).where('visible', '=', true).execute()
}

export async function listConnections(
  db: Database,
  accountKeys: readonly string[],
  { filter, page }: { readonly filter: ConnectionFilter; readonly page: PageRequest },
): Promise<Page<ConnectionRow>> {
  const rows = await shown(db, accountKeys)
    .innerJoin(pageOf(listing(accountKeys, filter), page).as('page'), 'page.id', 'connections.id')
    .orderBy('connections.createdAt', 'desc')
    .orderBy('connections.id', 'desc')
    .execute()
  return toPage(rows, page)
}

/** `null`: too many to count. */
export const countConnections = (
  db: Database,
  accountKeys: readonly string[],
  filter: ConnectionFilter,
): Promise<number | null> => countOf(db, listing(accountKeys, filter))

/** Ids of the connections whose records have changed since. */
export async function connectionsChangedSince(db: Database, since: Date): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('connections')
    .select('id')
    .where('visible', '=', true)
    .where('updatedAt', '>=', since)
    .execute()
  return rows.map(({ id }) => id)
}

/** A record, so that the compiler misses none. */
const everyStatus = {
  PENDING: true,
  ACTIVE: true,
  NEEDS_ATTENTION: true,
  PAUSED: true,
  DISCONNECTED: true,
  UNKNOWN: true,
} as const satisfies Record<ConnectionStatus, true>

function listing(
  configured: readonly string[],
  { providers, statuses, endUserId, connectorKey, tag }: ConnectionFilter,
): PagedList {
  const equals = {
    ...(tag && { key: tag.key, value: tag.value }),
    ...(endUserId != null && { endUserId }),
    ...(connectorKey != null && { connectorKey }),
  }
  const conditions = [
    ...(tag ? [] : [sql`visible`]),
    ...(endUserId == null ? [] : [sql`end_user_id is not null`]),
  ]
  const common = { table: tag ? 'connectionTags' : 'connections', equals, conditions } as const
  if (statuses == null && Object.keys(equals).length === 0)
    return {
      ...common,
      groupedBy: ['accountKey'],
      groups: sql`select account_key from ${scopesOf(providers)}`,
    }
  return {
    ...common,
    groupedBy: ['accountKey', 'status'],
    groups: sql`select account_key, status from ${scopesOf(providers)} ${statesOf(configured, statuses)}`,
  }
}

// All scopes there are, by leaps from one to the next: there are few, and one row of each is enough to find them. None is
// empty; a planner that is told so expects fewer, and does not compile the statement, which takes longer than running it.
const scopesOf = (providers: ConnectionFilter['providers']) => sql`(
  with recursive accounts as (
    (select account_key, provider from connections order by account_key limit 1)
    union all
    select next.account_key, next.provider from accounts cross join lateral
      (select account_key, provider from connections where account_key > accounts.account_key order by account_key limit 1) next
  )
  select account_key from accounts where account_key > ''
  ${providers == null ? sql`` : sql`and provider = any(${[...providers]}::text[])`}) as accounts`

/** The statuses as they are stored: rows of other scopes are found as UNKNOWN, whatever they were. */
function statesOf(configured: readonly string[], statuses: ConnectionFilter['statuses']) {
  const all = sql`cross join unnest(${Object.keys(everyStatus)}::text[]) as states(status)`
  if (statuses == null) return all
  const here = sql`account_key = any(${[...configured]}::text[])`
  return statuses.includes('UNKNOWN')
    ? sql`${all} where not ${here} or status = any(${[...statuses]}::text[])`
    : sql`${all} where ${here} and status = any(${[...statuses]}::text[])`
}
