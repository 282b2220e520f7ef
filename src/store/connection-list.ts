import { type RawBuilder, sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import { type ConnectionStatus, connectionOwners } from '../domain/statuses.ts'
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
import { type OwnerCondition, type OwnerFilter, ownerConditions } from './row-access.ts'
import type { ConnectionRow } from './schema.ts'

export interface ConnectionFilter extends OwnerFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly ConnectionStatus[] | null | undefined
  readonly connectorKey?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

/** Rows of an account that is no longer configured have the status UNKNOWN: the gateway cannot check them. */
const reportedStatus = (accountKeys: readonly string[]) =>
  sql<ConnectionStatus>`case when connections.account_key = any(${[...accountKeys]}::text[]) then connections.status else 'UNKNOWN' end`

/**
 * A full sync checks every row that it finds but does not write unchanged ones, so its start time counts as their
 * check. Rows that it missed and disconnected rows keep their own time.
 */
const lastCheckedAt = sql<Date | null>`case when connections.missing_since is null and connections.status <> 'DISCONNECTED'
  then greatest(connections.last_checked_at, sync_state.started_at) else connections.last_checked_at end`

/** A record, so that a missing column is a compile error. Without generated columns, which no reader uses. */
const columns = {
  id: true,
  provider: true,
  accountKey: true,
  remoteId: true,
  direction: true,
  connectorKey: true,
  name: true,
  healthCode: true,
  healthMessage: true,
  healthSince: true,
  remoteGroup: true,
  endUserId: true,
  endUserName: true,
  endUserEmail: true,
  organizationId: true,
  organizationName: true,
  owner: true,
  ownerEvidence: true,
  tags: true,
  externalAccountId: true,
  externalAccountName: true,
  externalAccountEmail: true,
  visible: true,
  orphaned: true,
  missingSince: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Record<Exclude<keyof ConnectionRow, 'status' | 'lastCheckedAt'>, true>

const storedColumns = Object.keys(columns).map(
  (column) => `connections.${column}` as `connections.${keyof typeof columns}`,
)

/** Connections with the status and check time that API clients see. */
const selectReported = (db: Database, accountKeys: readonly string[]) =>
  db
    .selectFrom('connections')
    .leftJoin('syncState', (join) =>
      join
        .onRef('syncState.accountKey', '=', 'connections.accountKey')
        .on('syncState.kind', '=', 'CONNECTIONS'),
    )
    .select(storedColumns)
    .select([reportedStatus(accountKeys).as('status'), lastCheckedAt.as('lastCheckedAt')])

export async function findConnections(
  db: Database,
  accountKeys: readonly string[],
  ids: readonly string[],
): Promise<readonly ConnectionRow[]> {
  const uuids = ids.filter(isUuid)
  if (uuids.length === 0) return []
  return selectReported(db, accountKeys).where('id', 'in', uuids).where('visible', '=', true).execute()
}

export async function listConnections(
  db: Database,
  accountKeys: readonly string[],
  { filter, page }: { readonly filter: ConnectionFilter; readonly page: PageRequest },
): Promise<Page<ConnectionRow>> {
  const lists = toPagedLists(accountKeys, filter)
  if (lists.length === 0) return toPage([], page)
  const rows = await selectReported(db, accountKeys)
    .innerJoin(pageOf(lists, page).as('page'), 'page.id', 'connections.id')
    .orderBy('connections.createdAt', 'desc')
    .orderBy('connections.id', 'desc')
    .execute()
  return toPage(rows, page)
}

/** Returns `null` above `maxCount`. */
export const countConnections = (
  db: Database,
  accountKeys: readonly string[],
  filter: ConnectionFilter,
): Promise<number | null> => countOf(db, toPagedLists(accountKeys, filter))

/** IDs of the visible connections whose `updatedAt` is `since` or later. */

export function connectionsChangedSince(
  db: Database,
  since: Date,
): Promise<readonly Pick<ConnectionRow, 'id' | 'updatedAt'>[]> {
  return db
    .selectFrom('connections')
    .select(['id', 'updatedAt'])
    .where('visible', '=', true)
    .where('updatedAt', '>=', since)
    .execute()
}

/** The account keys under which connections of a provider are stored. */
export async function findAccountKeys(db: Database, provider: ProviderKey): Promise<readonly string[]> {
  const { rows } = await sql<{ accountKey: string }>`
    select account_key from ${accountsOf([provider])}`.execute(db)
  return rows.map(({ accountKey }) => accountKey)
}

/** A record, so that a missing status is a compile error. */
const allStatuses = {
  PENDING: true,
  ACTIVE: true,
  NEEDS_ATTENTION: true,
  PAUSED: true,
  DISCONNECTED: true,
  UNKNOWN: true,
} as const satisfies Record<ConnectionStatus, true>

const toPagedLists = (configured: readonly string[], filter: ConnectionFilter): readonly PagedList[] =>
  ownerConditions(filter).map((condition) => toPagedList(configured, filter, condition))

function toPagedList(
  configured: readonly string[],
  { providers, statuses, connectorKey, tag }: ConnectionFilter,
  condition: OwnerCondition,
): PagedList {
  const { endUserId, organizationId, owner } = condition
  const isByOrganization = endUserId === undefined && organizationId != null
  const equals = {
    ...(tag && { key: tag.key, value: tag.value }),
    ...(endUserId !== undefined && { endUserId }),
    ...(isByOrganization && { organizationId }),
    ...(connectorKey != null && { connectorKey }),
  }
  const conditions = [
    ...(tag ? [] : [sql`visible`]),
    ...(endUserId === undefined ? [] : [sql`end_user_id is not null`]),
    ...(isByOrganization ? [sql`organization_id is not null`] : []),
  ]
  const filters = isByOrganization ? [] : filtersOf(condition)
  const common = { table: tag ? 'connectionTags' : 'connections', equals, conditions, filters } as const
  if (statuses == null && Object.keys(equals).length === 0)
    return {
      ...common,
      groupedBy: ['accountKey'],
      groups: sql`select account_key from ${accountsOf(providers)}`,
    }
  const groups = sql`${accountsOf(providers)} ${statusesOf(configured, statuses)}`
  if (!isByOrganization)
    return {
      ...common,
      groupedBy: ['accountKey', 'status'],
      groups: sql`select account_key, status from ${groups}`,
    }
  const owners = owner === undefined ? connectionOwners : [owner]
  return {
    ...common,
    groupedBy: ['owner', 'accountKey', 'status'],
    groups: sql`select owner, account_key, status from (select account_key, status from ${groups}) states
      cross join unnest(${[...owners]}::text[]) as owners(owner)`,
  }
}

/** What the indexes with the end user do not have: an end user has few connections in other organizations. */
const filtersOf = ({ organizationId, owner }: OwnerCondition): readonly RawBuilder<unknown>[] => [
  ...(organizationId === undefined ? [] : [sql`organization_id is not distinct from ${organizationId}`]),
  ...(owner === undefined ? [] : [sql`owner = ${owner}`]),
]

// All account keys, by a loose index scan: there are few accounts, and one row of each is read. `account_key > ''` is
// always true; it lowers the row estimate so that PostgreSQL does not JIT-compile the query, which takes longer than
// running it.
const accountsOf = (providers: ConnectionFilter['providers']) => sql`(
  with recursive accounts as (
    (select account_key, provider from connections order by account_key limit 1)
    union all
    select next.account_key, next.provider from accounts cross join lateral
      (select account_key, provider from connections where account_key > accounts.account_key order by account_key limit 1) next
  )
  select account_key from accounts where account_key > ''
  ${providers == null ? sql`` : sql`and provider = any(${[...providers]}::text[])`}) as accounts`

/**
 * Stored statuses that match the filter. Rows of accounts that are not configured match UNKNOWN, whatever is stored.
 */
function statusesOf(configured: readonly string[], statuses: ConnectionFilter['statuses']) {
  const all = sql`cross join unnest(${Object.keys(allStatuses)}::text[]) as statuses(status)`
  if (statuses == null) return all
  const isConfigured = sql`account_key = any(${[...configured]}::text[])`
  return statuses.includes('UNKNOWN')
    ? sql`${all} where not ${isConfigured} or status = any(${[...statuses]}::text[])`
    : sql`${all} where ${isConfigured} and status = any(${[...statuses]}::text[])`
}
