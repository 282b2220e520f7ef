import { type RawBuilder, sql } from 'kysely'
import type { RemoteConnection } from '../providers/adapter.ts'
import type { Ownership, ReadOrigin } from './column-rule.ts'
import {
  isChanged,
  notReadSince,
  notSyncedSince,
  toRow,
  type UpsertRow,
  updatesOf,
  upsertColumns,
} from './connection-columns.ts'
import { remoteKey } from './connections.ts'
import type { Database } from './database.ts'
import { retireReusedIds } from './reused-ids.ts'
import type { ConnectionRow } from './schema.ts'

/**
 * Writes connections as their provider returned them at `origin.now`, and returns the written rows; stored rows that
 * were read later are kept. New connections are visible unless `owner` has `visible: false`. Known ones keep their ID,
 * end user, tags and creation time; with `owner`, the end user, tags and visibility are replaced, and with
 * `origin.ownerEvidence` those without an end user get one.
 */
export async function upsertConnections(
  db: Database,
  origin: ReadOrigin,
  connections: readonly RemoteConnection[],
  owner?: Ownership,
): Promise<readonly ConnectionRow[]> {
  const rows = uniqueRows(connections, origin, owner)
  if (rows.length === 0) return []
  await retireReusedIds(db, origin.accountKey, connections)
  // The ownership is written even if the stored row was read later.
  const claim = origin.ownerEvidence === undefined ? 'update' : 'updateClaim'
  return upsert(db, rows, {
    rule: owner === undefined ? claim : 'updateOwner',
    where: owner ? sql<boolean>`true` : notReadSince,
  })
    .returningAll()
    .execute()
}

/** The same for a page of a list, which has mostly known connections: unchanged rows are not written. */
export async function upsertChanged(
  db: Database,
  origin: ReadOrigin,
  connections: readonly RemoteConnection[],
): Promise<void> {
  const rows = uniqueRows(connections, origin)
  const where = sql<boolean>`${notReadSince} and ${notSyncedSince}`
  if (rows.length === 0) return
  await retireReusedIds(db, origin.accountKey, connections)
  await upsert(db, rows, { where, only: isChanged }).execute()
}

interface Upsert {
  readonly rule?: Parameters<typeof updatesOf>[0]
  /** Which of the stored rows are updated. */
  readonly where: RawBuilder<boolean>
  /** Which of the rows that were read are written. */
  readonly only?: RawBuilder<boolean>
}

/** One statement for any number of rows: they are sent as a single JSON parameter. */
function upsert(
  db: Database,
  rows: readonly UpsertRow[],
  { rule = 'update', where, only = sql<boolean>`true` }: Upsert,
) {
  // The rows are called `excluded`, as in ON CONFLICT, so that conditions can be used in both places. They are sorted
  // so that two gateways lock the same rows in the same order.
  const listed = upsertColumns.map((column) =>
    rule !== 'update' ? sql.ref(`listed.${column}`) : unlessGuarded(column),
  )
  const read = sql`select ${sql.join(upsertColumns.map((column) => sql.ref(`excluded.${column}`)))} from (
      select ${sql.join(listed)}
      from jsonb_populate_recordset(null::connections, ${JSON.stringify(rows.map(withColumnNames))}::jsonb) as listed
    ) as excluded where ${only}
    order by excluded.direction, excluded.remote_id`
  return db
    .insertInto('connections')
    .columns(upsertColumns)
    .expression(read)
    .onConflict((conflict) =>
      conflict.constraint('connections_remote').doUpdateSet(updatesOf(rule)).where(where),
    )
}

/**
 * Without the end user that the provider names, if the connection can have been made through a link of that end user that
 * has a guard, or that is in another organization than the account, which the provider does not name: then only the
 * completion of a link gives it to the end user. Links of other connectors and of a reconnect count
 * too, and those that have a connection: end users can edit the address of the provider's page, and with it what is connected
 * there. Links without a page have no `watch_until`. 5 minutes are the tolerated clock skew.
 */
const isGuarded = sql<boolean>`listed.end_user_id is not null and exists (
  select from connect_links link
  where link.end_user_id = listed.end_user_id and link.account_key = listed.account_key
    and (link.guard <> 'NONE' or link.organization_id is distinct from listed.organization_id)
    and coalesce((
      select created_at from connections stored
      where (stored.account_key, stored.direction, stored.remote_id) = (listed.account_key, listed.direction, listed.remote_id)
    ), listed.created_at) between link.created_at - interval '5 minutes'
      and link.watch_until + interval '5 minutes')`

const unlessGuarded = (column: (typeof upsertColumns)[number]) =>
  column === 'endUserId' || column === 'ownerEvidence'
    ? sql`case when ${isGuarded} then null else ${sql.ref(`listed.${column}`)} end as ${sql.ref(column)}`
    : sql.ref(`listed.${column}`)

/** The CamelCasePlugin does not convert keys inside JSON: they have to be the column names. */
const withColumnNames = (row: UpsertRow) =>
  Object.fromEntries(upsertColumns.map((column) => [columnNames[column], row[column]]))

const columnNames = Object.fromEntries(
  upsertColumns.map((column) => [
    column,
    column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ]),
) as Readonly<Record<(typeof upsertColumns)[number], string>>

/** If a page repeats a connection, the last one is used: PostgreSQL rejects an upsert that updates a row twice. */
function uniqueRows(
  connections: readonly RemoteConnection[],
  origin: ReadOrigin,
  owner?: Ownership,
): readonly UpsertRow[] {
  const unique = new Map(connections.map((connection) => [remoteKey(connection), connection]))
  return [...unique.values()].map((connection) => toRow({ connection, origin, owner }))
}
