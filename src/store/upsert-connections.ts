import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { EndUser } from '../domain/end-user.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Tag } from '../domain/tag.ts'
import type { RemoteConnection } from '../providers/adapter.ts'
import {
  accountColumns,
  changed,
  isNews,
  keptWhenUnnamed,
  notReadLater,
  notWalkedLater,
  wantedMessage,
  wantedStatus,
} from './connection-changes.ts'
import { remoteKey } from './connections.ts'
import type { Database } from './database.ts'
import type { ConnectionRow } from './schema.ts'

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

/**
 * Writes connections as the provider showed them at `origin.now`; what was read later stands. New ones are listed; known
 * ones keep their id, end user, tags and place in the list.
 */
export function saveConnections(
  db: Database,
  origin: Origin,
  connections: readonly RemoteConnection[],
  owner?: Ownership,
): Promise<readonly ConnectionRow[]> {
  const rows = uniqueRows(connections, origin, owner)
  if (rows.length === 0) return Promise.resolve([])
  // Whose it is does not depend on who read it last.
  return upsert(db, rows, { owner, where: owner ? sql<boolean>`true` : notReadLater })
    .returningAll()
    .execute()
}

/** The same for a page of a list, most of which is known already: what says nothing new is not touched. */
export async function saveNews(
  db: Database,
  origin: Origin,
  connections: readonly RemoteConnection[],
): Promise<void> {
  const rows = uniqueRows(connections, origin)
  const where = sql<boolean>`${notReadLater} and ${notWalkedLater}`
  if (rows.length > 0) await upsert(db, rows, { where, only: isNews }).execute()
}

const columns = [
  'id',
  'provider',
  'scope',
  'remote_id',
  'direction',
  'connector_key',
  'name',
  'status',
  'health_code',
  'health_message',
  'health_since',
  'remote_group',
  'end_user_id',
  'end_user_name',
  'end_user_email',
  'external_account_id',
  'external_account_name',
  'external_account_email',
  'tags',
  'listed',
  'created_at',
  'updated_at',
  'last_checked_at',
] as const satisfies readonly (keyof ConnectionRow)[]

type NewRow = Pick<ConnectionRow, (typeof columns)[number]>

interface Upsert {
  readonly owner?: Ownership | undefined
  /** Which known rows are written again. */
  readonly where: RawBuilder<boolean>
  /** Which rows are looked at. */
  readonly only?: RawBuilder<boolean>
}

/** One statement for any number of rows: they travel as one parameter. */
function upsert(db: Database, rows: readonly NewRow[], { owner, where, only = sql<boolean>`true` }: Upsert) {
  // Called as PostgreSQL calls what is to be inserted, so that the conditions can be asked in both places. In one order: two
  // gateways that lock the same rows in two would wait for each other.
  const shown = sql`select ${sql.join(columns.map((name) => sql.ref(`excluded.${name}`)))}
    from jsonb_populate_recordset(null::connections, ${JSON.stringify(rows)}::jsonb) as excluded where ${only}
    order by excluded.direction, excluded.remote_id`
  return db
    .insertInto('connections')
    .columns(columns)
    .expression(shown)
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
        .where(where),
    )
}

/** A row that a page repeats would make one statement touch it twice, which PostgreSQL refuses: the last one counts. */
function uniqueRows(
  connections: readonly RemoteConnection[],
  origin: Origin,
  owner?: Ownership,
): readonly NewRow[] {
  const unique = new Map(connections.map((connection) => [remoteKey(connection), connection]))
  return [...unique.values()].map((connection) => newRow(connection, origin, owner))
}

function newRow(connection: RemoteConnection, origin: Origin, owner?: Ownership): NewRow {
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
    tags: owner?.tags ?? [],
    listed: owner?.listed ?? true,
    created_at: connection.createdAt ?? origin.now,
    updated_at: origin.now,
    last_checked_at: origin.now,
  }
}
