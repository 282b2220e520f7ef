import { sql } from 'kysely'
import type { LinkStatus } from '../domain/statuses.ts'
import { transitionEvent } from './audit-changes.ts'
import { toAuditRow } from './audit-events.ts'
import type { Database } from './database.ts'
import { isUuid } from './keyset-pagination.ts'
import { linkColumns } from './link-columns.ts'
import { type Transition, transitionColumns } from './link-history.ts'
import type { ConnectLinkRow, LinkPageColumns, NewConnectLink } from './schema.ts'
import { anyOf, columnsAs, defineStatement, type OneOf, oneOf, type Placeholders } from './statement.ts'

/** Statuses that may still change. */
export const openStatuses = ['CREATED', 'OPENED', 'AUTHORIZING'] as const satisfies readonly LinkStatus[]

const insertWithHistory = defineStatement(
  (db, { link, first, event }: Placeholders<ReturnType<typeof toInsert>>) =>
    db
      .with('link', (query) => query.insertInto('connectLinks').values(link))
      .with('first', (query) => query.insertInto('linkTransitions').values(first))
      .with('released', (query) => query.deleteFrom('linkReservations').where('linkId', '=', link.id))
      .insertInto('auditEvents')
      .values(event),
)

function toInsert(
  { locale = null, branding = null, steps = null, ...link }: NewConnectLink,
  transition: Transition,
) {
  const first = { ...transition, fromStatus: null }
  return {
    link: {
      ...link,
      providerState: JSON.stringify(link.providerState),
      tags: JSON.stringify(link.tags),
      locale,
      branding: branding && JSON.stringify(branding),
      steps: steps && JSON.stringify(steps),
    },
    first: { ...transitionColumns(link.id, first), number: 1 },
    event: toAuditRow(transitionEvent(link, first)),
  }
}

/**
 * Inserts a link with the first entry of its history, records it in the audit log and releases its reservation. One
 * statement: a link is created often, and each round trip to the database costs as much as the work in it.
 */
export async function insertLink(db: Database, link: NewConnectLink, transition: Transition): Promise<void> {
  await insertWithHistory(db, toInsert(link, transition), null)
}

const selectByIds = defineStatement((db, { ids }: Placeholders<{ ids: OneOf }>) =>
  db
    .selectFrom('connectLinks')
    .select(columnsAs('connectLinks', linkColumns))
    .where('id', '=', anyOf(ids, 'uuid')),
)

export async function findLinks(db: Database, ids: readonly string[]): Promise<readonly ConnectLinkRow[]> {
  const uuids = ids.filter(isUuid)
  return uuids.length === 0 ? [] : selectByIds(db, { ids: oneOf(uuids) }, null)
}

/** What only the pages of a link need; all `null` if there is no such link. */
export async function findPageColumns(db: Database, id: string): Promise<LinkPageColumns> {
  const found = await db
    .selectFrom('connectLinks')
    .select(['locale', 'branding', 'steps'])
    .where('id', '=', id)
    .executeTakeFirst()
  return found ?? { locale: null, branding: null, steps: null }
}

/** W3C `traceparent` of the creation of a link; `null`: it was not recorded. */
export async function findCreationTrace(db: Database, id: string): Promise<string | null> {
  const found = await db
    .selectFrom('connectLinks')
    .select('traceParent')
    .where('id', '=', id)
    .executeTakeFirst()
  return found?.traceParent ?? null
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
      | 'redirectUriEncrypted'
      | 'errorRedirectUriEncrypted'
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
