import { sql } from 'kysely'
import { type ProviderKey, providerKeys } from '../domain/provider-key.ts'
import type { LinkStatus } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import type { Database } from './database.ts'
import {
  countOf,
  isUuid,
  type Listing,
  type Page,
  type PageRequest,
  pageOf,
  toPage,
} from './keyset-pagination.ts'
import type { ConnectLinkRow, LinkTransitionRow } from './schema.ts'

/** Statuses that may still change. */
export const openStatuses = ['CREATED', 'OPENED', 'AUTHORIZING'] as const satisfies readonly LinkStatus[]

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

/** Three addresses lead to a link, each with a token of its own. */
export type TokenColumn = 'token_hash' | 'return_token_hash' | 'webhook_token_hash'

export function findLinkByToken(
  db: Database,
  column: TokenColumn,
  hash: string,
): Promise<ConnectLinkRow | undefined> {
  return db.selectFrom('connect_links').selectAll().where(column, '=', hash).executeTakeFirst()
}

/** The links of a connection at its provider: of those that make it or renew it, newest first. */
export function findLinksOf(
  db: Database,
  scope: string,
  remoteConnectionId: string,
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connect_links')
    .selectAll()
    .where('scope', '=', scope)
    .where('remote_connection_id', '=', remoteConnectionId)
    .orderBy('created_at', 'desc')
    .execute()
}

export async function listLinks(
  db: Database,
  filter: LinkFilter,
  page: PageRequest,
): Promise<Page<ConnectLinkRow>> {
  const rows = await db
    .selectFrom(pageOf(listing(filter), page).as('page'))
    .innerJoin('connect_links', 'connect_links.id', 'page.id')
    .selectAll('connect_links')
    .orderBy('connect_links.created_at', 'desc')
    .orderBy('connect_links.id', 'desc')
    .execute()
  return toPage(rows, page)
}

/** `null`: too many to count. */
export const countLinks = (db: Database, filter: LinkFilter): Promise<number | null> =>
  countOf(db, listing(filter))

/** A record, so that the compiler misses none. */
const everyStatus = {
  CREATED: true,
  OPENED: true,
  AUTHORIZING: true,
  COMPLETED: true,
  FAILED: true,
  EXPIRED: true,
  REVOKED: true,
  SUPERSEDED: true,
} as const satisfies Record<LinkStatus, true>

function listing({ providers, statuses, endUserId, tag }: LinkFilter): Listing {
  const fixed = {
    ...(tag && { key: tag.key, value: tag.value }),
    ...(endUserId != null && { end_user_id: endUserId }),
  }
  const common = { table: tag ? 'connect_link_tags' : 'connect_links', fixed } as const
  const ofProviders = sql`unnest(${[...(providers ?? providerKeys)]}::text[]) as providers(provider)`
  if (statuses == null && Object.keys(fixed).length === 0)
    return { ...common, varying: ['provider'], places: sql`select distinct provider from ${ofProviders}` }
  const wanted = statuses ?? Object.keys(everyStatus)
  return {
    ...common,
    varying: ['provider', 'status'],
    places: sql`select distinct provider, status from ${ofProviders}
      cross join unnest(${[...wanted]}::text[]) as states(status)`,
  }
}

/** The open links that renew that connection. */
export function openReconnectsOf(db: Database, connectionId: string): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connect_links')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('purpose', '=', 'RECONNECT')
    .where('status', 'in', openStatuses)
    .execute()
}

/** Its end user goes through once more; `false`: it has ended. */
export async function noteVisit(db: Database, id: string, at: Date): Promise<boolean> {
  const visited = await db
    .updateTable('connect_links')
    .set({ opened_at: at })
    .where('id', '=', id)
    .where('status', 'in', openStatuses)
    .returning('id')
    .executeTakeFirst()
  return visited !== undefined
}

export async function updateLink(
  db: Database,
  id: string,
  columns: Partial<Pick<ConnectLinkRow, 'connection_id' | 'revoked_at_provider' | 'next_check_at'>>,
): Promise<void> {
  await db.updateTable('connect_links').set(columns).where('id', '=', id).execute()
}

/** The other links that a connection made since this one was could belong to: all that have not got theirs. */
export function rivalsOf(db: Database, link: ConnectLinkRow): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connect_links')
    .selectAll()
    .where('scope', '=', link.scope)
    .where('connector_key', '=', link.connector_key)
    .where('direction', '=', link.direction)
    .where('purpose', '=', 'CONNECT')
    .where('status', '<>', 'COMPLETED')
    .where('connection_id', 'is', null)
    .where(sql<boolean>`remote_group is not distinct from ${link.remote_group}`)
    .where((where) =>
      where.or([
        where('status', 'in', openStatuses),
        where('next_check_at', 'is not', null),
        where('moved_at', '>=', link.created_at),
      ]),
    )
    .where('id', '<>', link.id)
    .execute()
}

/** The provider's groups that links of a scope named, and those that its connections are in: links are forgotten earlier. */
export async function groupsUsed(db: Database, scope: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('connect_links')
    .select('remote_group')
    .where('scope', '=', scope)
    .where('remote_group', 'is not', null)
    .union(
      db
        .selectFrom('connections')
        .select('remote_group')
        .where('scope', '=', scope)
        .where('remote_group', 'is not', null)
        .where('status', '<>', 'DISCONNECTED'),
    )
    .execute()
  return rows.flatMap(({ remote_group }) => remote_group ?? [])
}
