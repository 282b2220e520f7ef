import { sql } from 'kysely'
import { type ProviderKey, providerKeys } from '../domain/provider-key.ts'
import type { LinkStatus } from '../domain/statuses.ts'
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
import { insertTransition, type Transition } from './link-history.ts'
import type { ConnectLinkRow } from './schema.ts'

/** Statuses that may still change. */
export const openStatuses = ['CREATED', 'OPENED', 'AUTHORIZING'] as const satisfies readonly LinkStatus[]

export interface LinkFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly LinkStatus[] | null | undefined
  readonly endUserId?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

export async function insertLink(db: Database, link: ConnectLinkRow, transition: Transition): Promise<void> {
  const columns = {
    ...link,
    providerState: JSON.stringify(link.providerState),
    tags: JSON.stringify(link.tags),
  }
  await db.insertInto('connectLinks').values(columns).execute()
  await insertTransition(db, { linkId: link.id, fromStatus: null }, transition)
}

export async function findLinks(db: Database, ids: readonly string[]): Promise<readonly ConnectLinkRow[]> {
  const uuids = ids.filter(isUuid)
  if (uuids.length === 0) return []
  return db.selectFrom('connectLinks').selectAll().where('id', 'in', uuids).execute()
}

/** A link has three URLs, each with its own token. */
export type TokenColumn = 'tokenHash' | 'returnTokenHash' | 'webhookTokenHash'

export function findLinkByToken(
  db: Database,
  column: TokenColumn,
  hash: string,
): Promise<ConnectLinkRow | undefined> {
  return db.selectFrom('connectLinks').selectAll().where(column, '=', hash).executeTakeFirst()
}

/** The links that create or renew a connection, by its ID at the provider; newest first. */
export function findLinksByRemoteConnection(
  db: Database,
  accountKey: string,
  remoteConnectionId: string,
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connectLinks')
    .selectAll()
    .where('accountKey', '=', accountKey)
    .where('remoteConnectionId', '=', remoteConnectionId)
    .orderBy('createdAt', 'desc')
    .execute()
}

export async function listLinks(
  db: Database,
  filter: LinkFilter,
  page: PageRequest,
): Promise<Page<ConnectLinkRow>> {
  const rows = await db
    .selectFrom(pageOf(toPagedList(filter), page).as('page'))
    .innerJoin('connectLinks', 'connectLinks.id', 'page.id')
    .selectAll('connectLinks')
    .orderBy('connectLinks.createdAt', 'desc')
    .orderBy('connectLinks.id', 'desc')
    .execute()
  return toPage(rows, page)
}

/** Returns `null` above `maxCount`. */
export const countLinks = (db: Database, filter: LinkFilter): Promise<number | null> =>
  countOf(db, toPagedList(filter))

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

function toPagedList({ providers, statuses, endUserId, tag }: LinkFilter): PagedList {
  const equals = {
    ...(tag && { key: tag.key, value: tag.value }),
    ...(endUserId != null && { endUserId }),
  }
  const common = { table: tag ? 'connectLinkTags' : 'connectLinks', equals } as const
  const fromProviders = sql`unnest(${[...(providers ?? providerKeys)]}::text[]) as providers(provider)`
  if (statuses == null && Object.keys(equals).length === 0)
    return { ...common, groupedBy: ['provider'], groups: sql`select distinct provider from ${fromProviders}` }
  const statusValues = statuses ?? Object.keys(allStatuses)
  return {
    ...common,
    groupedBy: ['provider', 'status'],
    groups: sql`select distinct provider, status from ${fromProviders}
      cross join unnest(${[...statusValues]}::text[]) as statuses(status)`,
  }
}

/** The open RECONNECT links of a connection. */
export function findOpenReconnects(db: Database, connectionId: string): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connectLinks')
    .selectAll()
    .where('connectionId', '=', connectionId)
    .where('purpose', '=', 'RECONNECT')
    .where('status', 'in', openStatuses)
    .execute()
}

/** Sets `openedAt` when the end user opens the link again. Returns `false` if the link has ended. */
export async function recordVisit(db: Database, id: string, at: Date): Promise<boolean> {
  const updated = await db
    .updateTable('connectLinks')
    .set({ openedAt: at })
    .where('id', '=', id)
    .where('status', 'in', openStatuses)
    .returning('id')
    .executeTakeFirst()
  return updated !== undefined
}

/**
 * Makes the next check of the link due now, unless no check is planned. With `isSuccess`, sets `returnedAt` if this is the
 * first return from the provider's success page; later ones can be reloads.
 */
export async function recordReturn(
  db: Database,
  id: string,
  { at, isSuccess }: { readonly at: Date; readonly isSuccess: boolean },
): Promise<void> {
  await db
    .updateTable('connectLinks')
    .set({
      nextCheckAt: sql<Date | null>`case when next_check_at is null then null else ${at}::timestamptz end`,
      ...(isSuccess && { returnedAt: sql<Date>`coalesce(returned_at, ${at}::timestamptz)` }),
    })
    .where('id', '=', id)
    .execute()
}

export async function updateLink(
  db: Database,
  id: string,
  columns: Partial<
    Pick<
      ConnectLinkRow,
      | 'connectionId'
      | 'revokedAtProvider'
      | 'nextCheckAt'
      | 'claimHash'
      | 'claimExpiresAt'
      | 'heldUntil'
      | 'confirmationHash'
      | 'confirmationAttempts'
      | 'removalDueAt'
    >
  >,
): Promise<void> {
  await db.updateTable('connectLinks').set(columns).where('id', '=', id).execute()
}

/**
 * The provider's groups that an account's links or connections are in; connections too, because links are deleted
 * earlier.
 */
export async function findRemoteGroups(db: Database, accountKey: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('connectLinks')
    .select('remoteGroup')
    .where('accountKey', '=', accountKey)
    .where('remoteGroup', 'is not', null)
    .union(
      db
        .selectFrom('connections')
        .select('remoteGroup')
        .where('accountKey', '=', accountKey)
        .where('remoteGroup', 'is not', null)
        .where('status', '<>', 'DISCONNECTED'),
    )
    .execute()
  return rows.flatMap(({ remoteGroup }) => remoteGroup ?? [])
}
