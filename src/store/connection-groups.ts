import { type RawBuilder, sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import { type ConnectionStatus, connectionOwners } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import type { Database } from './database.ts'
import { literals, type PagedList } from './keyset-pagination.ts'
import { type OwnerCondition, type OwnerFilter, ownerConditions } from './row-access.ts'
import type { Placeholders } from './statement.ts'

export interface ConnectionFilter extends OwnerFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly ConnectionStatus[] | null | undefined
  readonly connectorKey?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

/** The values of a list. */
export interface ListArguments {
  readonly accountKeys: readonly string[]
  readonly providers?: readonly ProviderKey[] | undefined
  readonly statuses?: readonly ConnectionStatus[] | undefined
  readonly connectorKey?: string | undefined
  readonly tag?: Tag | undefined
  readonly conditions: readonly OwnerCondition[]
}

/** What the text of its statement depends on besides which values there are. */
export interface ListVariant {
  /** Whether rows are listed whose status is reported as UNKNOWN. */
  readonly includesUnknown: boolean
  /** For each condition, whether its rows are found by their organization. */
  readonly areByOrganization: readonly boolean[]
}

export type ListPlaceholders = Placeholders<ListArguments>

/** Returns `null` if no row can match. */
export function listOf(
  accountKeys: readonly string[],
  filter: ConnectionFilter,
): { readonly args: ListArguments; readonly variant: ListVariant } | null {
  const conditions = ownerConditions(filter)
  if (conditions.length === 0) return null
  const { providers, statuses, connectorKey, tag } = filter
  return {
    args: {
      accountKeys,
      conditions,
      providers: providers ?? undefined,
      statuses: statuses ?? undefined,
      connectorKey: connectorKey ?? undefined,
      tag: tag ? { key: tag.key, value: tag.value } : undefined,
    },
    variant: {
      includesUnknown: statuses?.includes('UNKNOWN') ?? true,
      areByOrganization: conditions.map(
        ({ endUserId, organizationId }) => endUserId === undefined && organizationId != null,
      ),
    },
  }
}

/** The account keys under which connections of a provider are stored. */
export async function findAccountKeys(db: Database, provider: ProviderKey): Promise<readonly string[]> {
  const { rows } = await sql<{ accountKey: string }>`
    select account_key from ${accountsOf(sql`${[provider]}`)}`.execute(db)
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

export const toPagedLists = (args: ListPlaceholders, variant: ListVariant): readonly PagedList[] =>
  args.conditions.map((condition, index) =>
    toPagedList(args, variant, { ...condition, isByOrganization: variant.areByOrganization[index] === true }),
  )

interface PlacedCondition extends Placeholders<OwnerCondition> {
  readonly isByOrganization: boolean
}

function toPagedList(
  { accountKeys, providers, statuses, connectorKey, tag }: ListPlaceholders,
  { includesUnknown }: ListVariant,
  { isByOrganization, ...condition }: PlacedCondition,
): PagedList {
  const { endUserId, organizationId, owner } = condition
  const equals = {
    ...(tag && { key: tag.key, value: tag.value }),
    ...(endUserId && { endUserId }),
    ...(isByOrganization && organizationId && { organizationId }),
    ...(connectorKey && { connectorKey }),
  }
  const conditions = [
    ...(tag ? [] : [sql`visible`]),
    ...(endUserId ? [sql`end_user_id is not null`] : []),
    ...(isByOrganization ? [sql`organization_id is not null`] : []),
  ]
  const filters = isByOrganization ? [] : filtersOf(condition)
  const common = { table: tag ? 'connectionTags' : 'connections', equals, conditions, filters } as const
  if (statuses === undefined && Object.keys(equals).length === 0)
    return {
      ...common,
      groupedBy: ['accountKey'],
      groups: sql`select account_key from ${accountsOf(providers)}`,
    }
  const groups = sql`${accountsOf(providers)} ${statusesOf(accountKeys, statuses, includesUnknown)}`
  if (!isByOrganization)
    return {
      ...common,
      groupedBy: ['accountKey', 'status'],
      groups: sql`select account_key, status from ${groups}`,
    }
  return {
    ...common,
    groupedBy: ['owner', 'accountKey', 'status'],
    groups: sql`select owner, account_key, status from (select account_key, status from ${groups}) states
      cross join unnest(${owner ? sql`array[${owner}::text]` : literals(connectionOwners)}) as owners(owner)`,
  }
}

/** What the indexes with the end user do not have: an end user has few connections in other organizations. */
const filtersOf = ({
  organizationId,
  owner,
}: Placeholders<OwnerCondition>): readonly RawBuilder<unknown>[] => [
  ...(organizationId ? [sql`organization_id is not distinct from ${organizationId}`] : []),
  ...(owner ? [sql`owner = ${owner}`] : []),
]

// All account keys, by a loose index scan: there are few accounts, and one row of each is read. `account_key > ''` is
// always true; it lowers the row estimate so that PostgreSQL does not JIT-compile the query, which takes longer than
// running it.
const accountsOf = (providers: ListPlaceholders['providers']) => sql`(
  with recursive accounts as (
    (select account_key, provider from connections order by account_key limit 1)
    union all
    select next.account_key, next.provider from accounts cross join lateral
      (select account_key, provider from connections where account_key > accounts.account_key order by account_key limit 1) next
  )
  select account_key from accounts where account_key > ''
  ${providers ? sql`and ${hidden(sql`provider = any(${providers}::text[])`)}` : sql``}) as accounts`

/**
 * A condition whose selectivity the planner does not estimate. It would estimate fewer groups for a known array than for a
 * parameter, and so prefer to plan each execution anew, which takes longer than running it.
 */
const hidden = (condition: RawBuilder<unknown>) => sql`case when ${condition} then true end`

/**
 * Stored statuses that match the filter. Rows of accounts that are not configured match UNKNOWN, whatever is stored.
 */
function statusesOf(
  configured: ListPlaceholders['accountKeys'],
  statuses: ListPlaceholders['statuses'],
  includesUnknown: boolean,
) {
  const all = sql`cross join unnest(${literals(Object.keys(allStatuses))}) as statuses(status)`
  if (statuses === undefined) return all
  const isConfigured = sql`account_key = any(${configured}::text[])`
  return includesUnknown
    ? sql`${all} where ${hidden(sql`not ${isConfigured} or status = any(${statuses}::text[])`)}`
    : sql`${all} where ${hidden(sql`${isConfigured} and status = any(${statuses}::text[])`)}`
}
