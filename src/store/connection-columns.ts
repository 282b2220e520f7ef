import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { EndUser, Organization } from '../domain/end-user.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { OwnerEvidence } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import { type RemoteConnection, unknownConnectorKey } from '../providers/adapter.ts'
import type { ConnectionRow } from './schema.ts'

/** The account that connections were read from, and the time of the read. */
export interface ReadOrigin {
  readonly provider: ProviderKey
  readonly accountKey: string
  readonly now: Date
  /**
   * Why connections that name an end user belong to it, also those that are stored without one. Default: the provider
   * names the end user, which counts when the connection is first stored only.
   */
  readonly ownerEvidence?: OwnerEvidence
  /** The organization of the end users that connections name. Default: none, as no provider names one. */
  readonly organization?: Organization | null
}

/** What the gateway knows about a connection in addition to what its provider returns. */
export interface Ownership {
  readonly endUser: EndUser
  readonly evidence: OwnerEvidence
  readonly tags: readonly Tag[]
  readonly visible: boolean
}

interface Read {
  readonly connection: RemoteConnection
  readonly origin: ReadOrigin
  readonly owner: Ownership | undefined
}

/**
 * How one column is written by an upsert. In SQL, `connections` is the stored row and `excluded` the one that was read.
 */
interface ColumnRule<Value> {
  readonly insert: (read: Read) => Value
  /** The new value when the provider returns a known connection again; absent: the stored value is kept. */
  readonly update?: RawBuilder<Value>
  /** The new value when there is evidence for the end user; absent: as `update`. */
  readonly updateClaim?: RawBuilder<Value>
  /** The new value when the ownership is written too; absent: as `update`. */
  readonly updateOwner?: RawBuilder<Value>
  /** API clients see the column: a changed value updates `updatedAt` and notifies subscribers. */
  readonly isReported?: true
}

/** Columns that an upsert sets without a value from the provider. */
type OwnColumn = 'missingSince' | 'orphaned'
export type UpsertColumn = Exclude<keyof ConnectionRow, OwnColumn>
type Rules = { readonly [Column in UpsertColumn]: ColumnRule<ConnectionRow[Column]> }

const excluded = <Value>(column: string) => sql<Value>`${sql.ref(`excluded.${column}`)}`

// The three account columns are written together: a list response may have less account data than the response for a
// single connection.
const accountColumn = (column: string) =>
  sql<string | null>`case when excluded.external_account_id is null
    then ${sql.ref(`connections.${column}`)} else ${sql.ref(`excluded.${column}`)} end`

/** An orphan must not look usable: its status and message stay while its provider still returns it as ACTIVE. */
const unlessOrphan = <Value>(column: string, orphan: RawBuilder<Value>) =>
  sql<Value>`case when connections.orphaned and excluded.status = 'ACTIVE' then ${orphan} else ${sql.ref(`excluded.${column}`)} end`

/** End users are not stored with their organization: one whom an organization's account names may be another one's. */
const endUserNamed = ({ connection, origin }: Read) => (origin.organization ? null : connection.endUserId)

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
  remoteGroup: { insert: ({ connection }) => connection.remoteGroup, update: excluded('remoteGroup') },
  endUserId: {
    insert: (read) => read.owner?.endUser.id ?? endUserNamed(read),
    // An orphan was taken from its end user; its provider may still name that end user.
    updateClaim: sql`case when connections.orphaned then connections.end_user_id else coalesce(connections.end_user_id, excluded.end_user_id) end`,
    updateOwner: excluded('endUserId'),
  },
  ownerEvidence: {
    insert: (read) =>
      read.owner?.evidence ??
      (endUserNamed(read) === null ? null : (read.origin.ownerEvidence ?? 'PROVIDER')),
    updateClaim: sql`case when connections.end_user_id is null and not connections.orphaned then excluded.owner_evidence else connections.owner_evidence end`,
    updateOwner: excluded('ownerEvidence'),
  },
  endUserName: { insert: ({ owner }) => owner?.endUser.name ?? null, updateOwner: excluded('endUserName') },
  endUserEmail: {
    insert: ({ owner }) => owner?.endUser.email ?? null,
    updateOwner: excluded('endUserEmail'),
  },
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
