import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { unknownConnectorKey } from '../providers/adapter.ts'
import { type ColumnRule, excluded, type Read } from './column-rule.ts'
import { personRules } from './person-columns.ts'
import type { ConnectionRow } from './schema.ts'

/** Columns that an upsert sets without a value from the provider. */
type OwnColumn = 'missingSince' | 'orphaned'
export type UpsertColumn = Exclude<keyof ConnectionRow, OwnColumn>
type Rules = { readonly [Column in UpsertColumn]: ColumnRule<ConnectionRow[Column]> }

// The three account columns are written together: a list response may have less account data than the response for a
// single connection.
const accountColumn = (column: string) =>
  sql<string | null>`case when excluded.external_account_id is null
    then ${sql.ref(`connections.${column}`)} else ${sql.ref(`excluded.${column}`)} end`

/** An orphan must not look usable: its status and message stay while its provider still returns it as ACTIVE. */
const unlessOrphan = <Value>(column: string, orphan: RawBuilder<Value>) =>
  sql<Value>`case when connections.orphaned and excluded.status = 'ACTIVE' then ${orphan} else ${sql.ref(`excluded.${column}`)} end`

/** One rule for each column: a column of the table without a rule is a compile error. */
const rules: Rules = {
  id: { insert: () => randomUUID() },
  provider: { insert: ({ origin }) => origin.provider },
  accountKey: { insert: ({ origin }) => origin.accountKey },
  remoteId: { insert: ({ connection }) => connection.remoteId },
  direction: { insert: ({ connection }) => connection.direction },
  connectorKey: {
    insert: ({ connection }) => connection.connectorKey,
    // A list response may omit a connector key that is known from the link.
    update: sql<string>`case when excluded.connector_key = ${unknownConnectorKey} then connections.connector_key else excluded.connector_key end`,
    isReported: true,
  },
  name: { insert: ({ connection }) => connection.name, update: excluded('name'), isReported: true },
  status: {
    insert: ({ connection }) => connection.status,
    update: unlessOrphan('status', sql`'NEEDS_ATTENTION'`),
    isReported: true,
  },
  healthCode: {
    insert: ({ connection }) => connection.health,
    update: excluded('healthCode'),
    isReported: true,
  },
  healthMessage: {
    insert: ({ connection }) => connection.healthMessage,
    update: unlessOrphan('healthMessage', sql`connections.health_message`),
    isReported: true,
  },
  healthSince: {
    insert: ({ origin }) => origin.now,
    update: sql`case when connections.health_code = excluded.health_code then connections.health_since else excluded.health_since end`,
  },
  ...personRules,
  remoteGroup: { insert: ({ connection }) => connection.remoteGroup, update: excluded('remoteGroup') },
  externalAccountId: {
    insert: ({ connection }) => connection.externalAccount?.id ?? null,
    update: accountColumn('externalAccountId'),
    isReported: true,
  },
  externalAccountName: {
    insert: ({ connection }) => connection.externalAccount?.name ?? null,
    update: accountColumn('externalAccountName'),
    isReported: true,
  },
  externalAccountEmail: {
    insert: ({ connection }) => connection.externalAccount?.email ?? null,
    update: accountColumn('externalAccountEmail'),
    isReported: true,
  },
  tags: { insert: ({ owner }) => owner?.tags ?? [], updateOwner: excluded('tags') },
  visible: { insert: ({ owner }) => owner?.visible ?? true, updateOwner: excluded('visible') },
  createdAt: { insert: ({ connection, origin }) => connection.createdAt ?? origin.now },
  updatedAt: {
    insert: ({ origin }) => origin.now,
    get update() {
      return sql<Date>`case when ${isReportedChange} then excluded.updated_at else connections.updated_at end`
    },
    updateOwner: excluded('updatedAt'),
  },
  lastCheckedAt: { insert: ({ origin }) => origin.now, update: excluded('lastCheckedAt') },
}

/** In insert order. */
export const upsertColumns = Object.keys(rules) as readonly UpsertColumn[]

export type UpsertRow = Pick<ConnectionRow, UpsertColumn>

/** The row to insert for a connection that was read. */
export function toRow(read: Read): UpsertRow {
  return Object.fromEntries(upsertColumns.map((column) => [column, rules[column].insert(read)])) as UpsertRow
}

const reported = Object.entries<ColumnRule<unknown>>(rules).filter(([, rule]) => rule.isReported)

/** Whether the connection that was read differs from the stored row in a reported column. */
const isReportedChange = sql<boolean>`(${sql.join(reported.map(([column]) => sql.ref(`connections.${column}`)))})
  is distinct from (${sql.join(reported.map(([, { update }]) => sql`${update}`))})`

/** The columns that the upsert sets on an existing row; columns without an update rule are kept. */
export function updatesOf(rule: 'update' | 'updateClaim' | 'updateOwner') {
  const updates = Object.entries<ColumnRule<unknown>>(rules).flatMap(([column, columnRule]) => {
    const value = columnRule[rule] ?? columnRule.update
    return value === undefined ? [] : [[column, value] as const]
  })
  return { ...Object.fromEntries(updates), missingSince: null }
}

/** The stored row was not read or written after the read that is to be written. */
export const notReadSince = sql<boolean>`(connections.last_checked_at is null or connections.last_checked_at <= excluded.last_checked_at)`

/**
 * No full sync that started after this read has completed. Its rows do not show this: a full sync does not write
 * unchanged rows.
 */
export const notSyncedSince = sql<boolean>`not exists (select from sync_state
    where sync_state.account_key = excluded.account_key and sync_state.kind = 'CONNECTIONS' and sync_state.started_at > excluded.last_checked_at)`

/** Whether a row that was read has to be written: it is new, or a column has changed, reported or not. */
export const isChanged = sql<boolean>`not exists (select from connections where
    (connections.account_key, connections.direction, connections.remote_id) = (excluded.account_key, excluded.direction, excluded.remote_id)
    and connections.missing_since is null
    and connections.remote_group is not distinct from excluded.remote_group
    and not ${isReportedChange})`
