import { type SelectQueryBuilder, sql } from 'kysely'
import type { ProviderKey } from '../provider-key.ts'
import type { Database } from './database.ts'
import { isUuid, newestFirst, type Page, type PageRequest } from './keyset.ts'
import type { ConnectLinkRow, LinkStatus, LinkTransitionRow, Schema, Tag } from './schema.ts'

/** Statuses that may still change. */
export const openStatuses = ['CREATED', 'OPENED', 'AUTHORIZING'] as const satisfies readonly LinkStatus[]

export const isOpen = (status: LinkStatus): boolean => openStatuses.some((open) => open === status)

export interface LinkFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly LinkStatus[] | null | undefined
  readonly endUserId?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

export async function insertLink(
  db: Database,
  link: ConnectLinkRow,
  transition: Omit<LinkTransitionRow, 'link_id' | 'number'>,
): Promise<void> {
  const columns = { ...link, memo: JSON.stringify(link.memo), tags: JSON.stringify(link.tags) }
  await db.insertInto('connect_links').values(columns).execute()
  await db
    .insertInto('link_transitions')
    .values({ ...transition, link_id: link.id, number: 1 })
    .execute()
}

export async function findLinks(db: Database, ids: readonly string[]): Promise<readonly ConnectLinkRow[]> {
  const wanted = ids.filter(isUuid)
  if (wanted.length === 0) return []
  return db.selectFrom('connect_links').selectAll().where('id', 'in', wanted).execute()
}

export function findLinkByToken(db: Database, tokenHash: string): Promise<ConnectLinkRow | undefined> {
  return db.selectFrom('connect_links').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
}

export function listLinks(
  db: Database,
  filter: LinkFilter,
  page: PageRequest,
): Promise<Page<ConnectLinkRow>> {
  return newestFirst(filtered(db.selectFrom('connect_links').selectAll(), filter), page)
}

export async function countLinks(db: Database, filter: LinkFilter): Promise<number> {
  const query = db.selectFrom('connect_links').select(sql<number>`count(*)::int`.as('count'))
  return (await filtered(query, filter).executeTakeFirstOrThrow()).count
}

function filtered<Row>(query: SelectQueryBuilder<Schema, 'connect_links', Row>, filter: LinkFilter) {
  const { providers, statuses, endUserId, tag } = filter
  return query
    .$if(providers != null, (q) => q.where(sql<boolean>`provider = any(${[...(providers ?? [])]}::text[])`))
    .$if(statuses != null, (q) => q.where(sql<boolean>`status = any(${[...(statuses ?? [])]}::text[])`))
    .$if(endUserId != null, (q) => q.where('end_user_id', '=', endUserId ?? ''))
    .$if(tag != null, (q) => q.where(sql<boolean>`tags @> ${JSON.stringify([tag])}::jsonb`))
}

export async function historyOf(db: Database, ids: readonly string[]): Promise<readonly LinkTransitionRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('link_transitions')
    .selectAll()
    .where('link_id', 'in', [...ids])
    .orderBy('number')
    .execute()
}

export interface LinksToCheck {
  readonly scopes: readonly string[]
  readonly now: Date
  readonly notSince: Date
  readonly limit: number
  /** Only this one; a text that is no id finds nothing. */
  readonly linkId: string | null
}

/**
 * Takes the open links whose provider has not been asked lately, longest unasked first, and notes that they are
 * being asked now: of two readers or two gateways only one gets a link.
 */
export function takeLinksToCheck(db: Database, at: LinksToCheck): Promise<readonly ConnectLinkRow[]> {
  return db
    .updateTable('connect_links')
    .set({ checked_at: at.now })
    .where('id', 'in', (query) =>
      query
        .selectFrom('connect_links')
        .select('id')
        .where('status', 'in', openStatuses)
        .where(sql<boolean>`scope = any(${[...at.scopes]}::text[])`)
        .$if(at.linkId !== null, (q) => q.where(sql<boolean>`id::text = ${at.linkId}`))
        .where((where) => where.or([where('checked_at', 'is', null), where('checked_at', '<', at.notSince)]))
        .orderBy(sql`checked_at asc nulls first, created_at desc`)
        .limit(at.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** Moves a link that is still open to `to` and writes its history; `false` when it has ended meanwhile. */
export async function moveLink(
  db: Database,
  id: string,
  move: Omit<LinkTransitionRow, 'link_id' | 'number' | 'from_status'> & { readonly connection_id?: string },
): Promise<boolean> {
  const link = await db
    .selectFrom('connect_links')
    .select('status')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (link === undefined || !isOpen(link.status)) return false
  const { connection_id, ...transition } = move
  await db
    .updateTable('connect_links')
    .set({ status: move.to_status, ...(connection_id === undefined ? {} : { connection_id }) })
    .where('id', '=', id)
    .execute()
  const number = sql<number>`(select coalesce(max(number), 0) + 1 from link_transitions where link_id = ${id})`
  await db
    .insertInto('link_transitions')
    .values({ ...transition, link_id: id, number, from_status: link.status })
    .execute()
  return true
}

/** Links still open whose end lies before that time, and whose provider has been asked in vain or cannot be asked. */
export function overdueLinks(
  db: Database,
  at: { readonly before: Date; readonly scopes: readonly string[]; readonly limit: number },
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connect_links')
    .selectAll()
    .where('status', 'in', openStatuses)
    .where('expires_at', '<', at.before)
    .where(sql<boolean>`(checked_at > expires_at or not scope = any(${[...at.scopes]}::text[]))`)
    .limit(at.limit)
    .execute()
}

/** The open links that one new connection could belong to. */
export function openRivals(db: Database, link: ConnectLinkRow): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connect_links')
    .selectAll()
    .where('scope', '=', link.scope)
    .where('connector_key', '=', link.connector_key)
    .where('direction', '=', link.direction)
    .where(sql<boolean>`remote_group is not distinct from ${link.remote_group}`)
    .where('status', 'in', openStatuses)
    .where('id', '<>', link.id)
    .execute()
}

/** The provider's groups that links of a scope named. */
export async function groupsUsed(db: Database, scope: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('connect_links')
    .select('remote_group')
    .distinct()
    .where('scope', '=', scope)
    .where('remote_group', 'is not', null)
    .execute()
  return rows.flatMap(({ remote_group }) => remote_group ?? [])
}
