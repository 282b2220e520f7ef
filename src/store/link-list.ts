import { sql } from 'kysely'
import { type ProviderKey, providerKeys } from '../domain/provider-key.ts'
import type { LinkStatus } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import type { Database } from './database.ts'
import {
  countOf,
  literals,
  type Page,
  type PagedList,
  type PageRequest,
  pageOf,
  toCount,
  toLimit,
  toPage,
} from './keyset-pagination.ts'
import { type OwnerCondition, type OwnerFilter, ownerConditions } from './row-access.ts'
import type { ConnectLinkRow } from './schema.ts'

export interface LinkFilter extends OwnerFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly LinkStatus[] | null | undefined
  readonly tag?: Tag | null | undefined
}

export async function listLinks(
  db: Database,
  filter: LinkFilter,
  page: PageRequest,
): Promise<Page<ConnectLinkRow>> {
  const lists = toPagedLists(filter)
  if (lists.length === 0) return toPage([], page)
  const count = page.first + 1
  const rows = await db
    .selectFrom(pageOf(lists, { limit: toLimit(count), count, after: page.after }).as('page'))
    .innerJoin('connectLinks', 'connectLinks.id', 'page.id')
    .selectAll('connectLinks')
    .orderBy('connectLinks.createdAt', 'desc')
    .orderBy('connectLinks.id', 'desc')
    .execute()
  return toPage(rows, page)
}

/** Returns `null` above `maxCount`. */
export async function countLinks(db: Database, filter: LinkFilter): Promise<number | null> {
  const lists = toPagedLists(filter)
  return lists.length === 0 ? 0 : toCount((await countOf(lists).execute(db)).rows)
}

/** A record, so that a missing status is a compile error. */
const allStatuses = {
  CREATED: true,
  OPENED: true,
  AUTHORIZING: true,
  COMPLETED: true,
  FAILED: true,
  EXPIRED: true,
  REVOKED: true,
  SUPERSEDED: true,
} as const satisfies Record<LinkStatus, true>

const toPagedLists = (filter: LinkFilter): readonly PagedList[] =>
  ownerConditions(filter).map((condition) => toPagedList(filter, condition))

function toPagedList(
  { providers, statuses, tag }: LinkFilter,
  { endUserId, organizationId }: OwnerCondition,
): PagedList {
  const isByOrganization = endUserId === undefined && organizationId != null
  const equals = {
    ...(tag && { key: tag.key, value: tag.value }),
    ...(endUserId !== undefined && { endUserId }),
    ...(isByOrganization && { organizationId }),
  }
  const conditions = isByOrganization ? [sql`organization_id is not null`] : []
  // Not in the indexes with the end user, who has few links in other organizations.
  const filters =
    organizationId === undefined || isByOrganization
      ? []
      : [sql`organization_id is not distinct from ${organizationId}`]
  const common = { table: tag ? 'connectLinkTags' : 'connectLinks', equals, conditions, filters } as const
  const fromProviders = sql`unnest(${[...(providers ?? providerKeys)]}::text[]) as providers(provider)`
  if (statuses == null && Object.keys(equals).length === 0)
    return { ...common, groupedBy: ['provider'], groups: sql`select distinct provider from ${fromProviders}` }
  return {
    ...common,
    groupedBy: ['provider', 'status'],
    groups: sql`select distinct provider, status from ${fromProviders}
      cross join unnest(${statuses ? sql`${[...statuses]}::text[]` : literals(Object.keys(allStatuses))}) as statuses(status)`,
  }
}
