import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { ProviderKey } from '../provider-key.ts'
import {
  type ConnectionStatus,
  type EndUser,
  type RemoteConnection,
  type RemoteReference,
  unnamedConnector,
} from '../providers/provider.ts'
import type { Database } from './database.ts'
import type { ConnectionRow, NewConnection, Tag } from './schema.ts'

/** Where connections come from, and when they were read. */
export interface Origin {
  readonly provider: ProviderKey
  readonly scope: string
  readonly now: Date
}

/** What the gateway knows of a connection beside its provider. */
export interface Ownership {
  readonly endUser: EndUser
  readonly tags: readonly Tag[]
  readonly listed: boolean
}

/** What one statement takes: PostgreSQL counts at most 65,535 parameters. */
const rowsPerStatement = 500

/**
 * Writes connections as the provider showed them at `origin.now`; what was read later stands. New ones are listed; known
 * ones keep their id, end user, tags and place in the list.
 */
export async function saveConnections(
  db: Database,
  origin: Origin,
  connections: readonly RemoteConnection[],
  owner?: Ownership,
): Promise<readonly ConnectionRow[]> {
  // A row that a page repeats would make one statement touch it twice, which PostgreSQL refuses.
  const unique = new Map(connections.map((connection) => [remoteKey(connection), connection]))
  const rows = [...unique.values()].map((connection) => newRow(connection, origin, owner))
  const saved: ConnectionRow[] = []
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    saved.push(...(await upsert(db, rows.slice(start, start + rowsPerStatement), owner)))
  }
  return saved
}

// A list may leave out what a link knew.
const keptWhenUnnamed = sql<string>`case when excluded.connector_key = ${unnamedConnector} then connections.connector_key else excluded.connector_key end`
// What its provider cannot remove must not look as if it could be used.
const wantedStatus = sql<ConnectionStatus>`case when connections.unwanted and excluded.status = 'ACTIVE' then 'NEEDS_ATTENTION' else excluded.status end`
const wantedMessage = sql<
  string | null
>`case when connections.unwanted and excluded.status = 'ACTIVE' then connections.health_message else excluded.health_message end`
// A list may say less of an account than the connection itself; the three columns stay together.
const account = (column: 'id' | 'name' | 'email') => {
  const name = sql.id(`external_account_${column}`)
  return sql<
    string | null
  >`case when excluded.external_account_id is null then connections.${name} else excluded.${name} end`
}
const accountColumns = {
  external_account_id: account('id'),
  external_account_name: account('name'),
  external_account_email: account('email'),
}
const changed = sql<boolean>`(connections.name, connections.status, connections.health_code, connections.health_message, connections.connector_key,
    connections.external_account_id, connections.external_account_name, connections.external_account_email)
  is distinct from (excluded.name, ${wantedStatus}, excluded.health_code, ${wantedMessage}, ${keptWhenUnnamed},
    ${sql.join(Object.values(accountColumns))})`
const notReadLater = sql<boolean>`(connections.last_checked_at is null or connections.last_checked_at <= excluded.last_checked_at)`

function upsert(
  db: Database,
  rows: readonly NewConnection[],
  owner?: Ownership,
): Promise<readonly ConnectionRow[]> {
  return db
    .insertInto('connections')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .constraint('connections_remote')
        .doUpdateSet((known) => ({
          connector_key: keptWhenUnnamed,
          name: known.ref('excluded.name'),
          status: wantedStatus,
          health_code: known.ref('excluded.health_code'),
          health_message: wantedMessage,
          health_since: sql<Date>`case when connections.health_code = excluded.health_code then connections.health_since else excluded.health_since end`,
          remote_group: known.ref('excluded.remote_group'),
          end_user_id: sql<string>`coalesce(connections.end_user_id, excluded.end_user_id)`,
          ...accountColumns,
          missing_since: null,
          last_checked_at: known.ref('excluded.last_checked_at'),
          updated_at: sql<Date>`case when ${changed} then excluded.updated_at else connections.updated_at end`,
          ...(owner && {
            end_user_id: known.ref('excluded.end_user_id'),
            end_user_name: known.ref('excluded.end_user_name'),
            end_user_email: known.ref('excluded.end_user_email'),
            tags: known.ref('excluded.tags'),
            listed: known.ref('excluded.listed'),
            updated_at: known.ref('excluded.updated_at'),
          }),
        }))
        // Whose it is does not depend on who read it last.
        .where(owner ? sql<boolean>`true` : notReadLater),
    )
    .returningAll()
    .execute()
}

function newRow(connection: RemoteConnection, origin: Origin, owner?: Ownership): NewConnection {
  return {
    id: randomUUID(),
    provider: origin.provider,
    scope: origin.scope,
    remote_id: connection.remoteId,
    direction: connection.direction,
    connector_key: connection.connectorKey,
    name: connection.name,
    status: connection.status,
    health_code: connection.health,
    health_message: connection.healthMessage,
    health_since: origin.now,
    remote_group: connection.remoteGroup,
    end_user_id: owner?.endUser.id ?? connection.endUserId,
    end_user_name: owner?.endUser.name ?? null,
    end_user_email: owner?.endUser.email ?? null,
    external_account_id: connection.externalAccount?.id ?? null,
    external_account_name: connection.externalAccount?.name ?? null,
    external_account_email: connection.externalAccount?.email ?? null,
    tags: JSON.stringify(owner?.tags ?? []),
    listed: owner?.listed ?? true,
    missing_since: null,
    created_at: connection.createdAt ?? origin.now,
    updated_at: origin.now,
    last_checked_at: origin.now,
  }
}

/**
 * Looks after the rows that a whole walk since `walkedSince` did not meet. One walk may miss a row whose page shifted,
 * so a row is disconnected when a second one misses it too. Answers how many were missed for the first time.
 */
export async function noteMissing(db: Database, origin: Origin, walkedSince: Date): Promise<number> {
  const unmet = db
    .updateTable('connections')
    .where('scope', '=', origin.scope)
    .where('listed', '=', true)
    .where('status', '<>', 'DISCONNECTED')
    .where('last_checked_at', '<', walkedSince)
  await unmet.set(disconnected(origin.now)).where('missing_since', 'is not', null).execute()
  const first = await unmet
    .set({ missing_since: origin.now })
    .where('missing_since', 'is', null)
    .executeTakeFirst()
  return Number(first.numUpdatedRows)
}

export async function markDisconnected(db: Database, id: string, now: Date): Promise<void> {
  await db.updateTable('connections').set(disconnected(now)).where('id', '=', id).execute()
}

/** Shows a connection that should not be there and cannot be removed, now and after every later sync. */
export async function markUnwanted(db: Database, id: string, now: Date): Promise<void> {
  const columns = {
    unwanted: true,
    status: 'NEEDS_ATTENTION',
    health_message: 'It was made through a link that had been withdrawn: remove it at the provider.',
    updated_at: now,
  } as const
  await db.updateTable('connections').set(columns).where('id', '=', id).execute()
}

const disconnected = (now: Date) =>
  ({
    status: 'DISCONNECTED',
    health_code: 'REVOKED',
    health_message: null,
    health_since: now,
    updated_at: now,
    // A page that was read before knows nothing of it.
    last_checked_at: now,
  }) as const

/** Names a recorded connection at its provider. */
export const referenceTo = ({
  remote_id,
  direction,
  connector_key,
}: Pick<ConnectionRow, 'remote_id' | 'direction' | 'connector_key'>): RemoteReference => ({
  remoteId: remote_id,
  direction,
  connectorKey: connector_key,
})

/** The record of a connection by its provider's id, whichever direction it has. */
export function findByRemoteId(
  db: Database,
  scope: string,
  remoteId: string,
): Promise<ConnectionRow | undefined> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('scope', '=', scope)
    .where('remote_id', '=', remoteId)
    .executeTakeFirst()
}

/** The gateway's id of a connection that has been saved. */
export async function findConnectionId(
  db: Database,
  scope: string,
  { direction, remoteId }: RemoteReference,
): Promise<string> {
  const row = await db
    .selectFrom('connections')
    .select('id')
    .where('scope', '=', scope)
    .where('direction', '=', direction)
    .where('remote_id', '=', remoteId)
    .executeTakeFirstOrThrow()
  return row.id
}

/** Names a connection among those of one scope; Census gives a source and a destination the same number. */
export const remoteKey = ({ direction, remoteId }: Pick<RemoteReference, 'direction' | 'remoteId'>) =>
  `${direction} ${remoteId}`

/** Of these connections, the keys of those that a link stands for already, other than that one. */
export async function takenConnections(
  db: Database,
  scope: string,
  connections: readonly RemoteConnection[],
  exceptLinkId?: string,
): Promise<ReadonlySet<string>> {
  if (connections.length === 0) return new Set()
  const ids = connections.map(({ remoteId }) => remoteId)
  const rows = await db
    .selectFrom('connections')
    .innerJoin('connect_links', 'connect_links.connection_id', 'connections.id')
    .select(['connections.remote_id as remoteId', 'connections.direction'])
    .where('connections.scope', '=', scope)
    .where('connections.remote_id', 'in', ids)
    .$if(exceptLinkId !== undefined, (q) => q.where('connect_links.id', '<>', exceptLinkId ?? ''))
    .execute()
  return new Set(rows.map(remoteKey))
}

/** A half-made connection shows itself: its link is done with it, one way or the other. */
export async function listHalfMade(db: Database, scope: string, remoteId: string): Promise<void> {
  await halfMade(db, scope, remoteId).set({ listed: true }).execute()
}

/** The record of a half-made connection that the provider no longer has. */
export async function forgetConnection(db: Database, scope: string, remoteId: string): Promise<void> {
  await db.deleteFrom('connections').where('scope', '=', scope).where('remote_id', '=', remoteId).execute()
}

const halfMade = (db: Database, scope: string, remoteId: string) =>
  db
    .updateTable('connections')
    .where('scope', '=', scope)
    .where('remote_id', '=', remoteId)
    .where('listed', '=', false)
