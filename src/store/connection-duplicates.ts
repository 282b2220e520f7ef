import { sql } from 'kysely'
import type { Direction } from '../domain/statuses.ts'
import type { Database } from './database.ts'
import { isInGroup } from './keyset-pagination.ts'
import type { ConnectionRow } from './schema.ts'

/**
 * Maps the ID of each of these connections that duplicates an older one to the ID of the oldest such connection. A
 * duplicate has the same end user, connector, direction, provider account and external account. A connection whose end
 * user or external account is unknown, or which is disconnected, is neither a duplicate nor an original.
 */
export async function findOriginals(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // The hash is the first column of the index `connections_of_account`; keyset-pagination.ts explains the hash and the
  // CASE.
  const hashOf = (table: string) =>
    sql`hash_array_extended(array[${sql.join(duplicateKey.map((column) => sql.ref(`${table}.${column}`)))}], 0)`
  const equalities = duplicateKey.map(
    (column) => sql`${sql.ref(`older.${column}`)} = ${sql.ref(`c.${column}`)}`,
  )
  const { rows } = await sql<{ id: string; original: string }>`
    select c.id, original.id as original
    from connections c cross join lateral (
      select older.id from connections older
      where ${hashOf('older')} = ${hashOf('c')} and case when ${sql.join(equalities, sql` and `)} then true end
        and older.visible and older.end_user_id is not null and older.external_account_id is not null
        and older.status <> 'DISCONNECTED'
        and (older.created_at, older.id) < (c.created_at, c.id)
      order by older.created_at, older.id limit 1
    ) original
    where c.id = any(${[...ids]}::uuid[]) and c.status <> 'DISCONNECTED'`.execute(db)
  return new Map(rows.map(({ id, original }) => [id, original]))
}

/** In the order of the index columns. */
const duplicateKey = ['endUserId', 'connectorKey', 'direction', 'accountKey', 'externalAccountId'] as const

export interface UsableConnectionQuery {
  readonly accountKey: string
  readonly endUserId: string
  readonly connectorKey: string
  readonly direction: Direction
}

/**
 * The oldest ACTIVE connection of an end user and connector that needs no reauthorization or configuration and is not
 * revoked.
 */
export function findUsableConnection(
  db: Database,
  query: UsableConnectionQuery,
): Promise<ConnectionRow | undefined> {
  const equals = {
    endUserId: query.endUserId,
    connectorKey: query.connectorKey,
    accountKey: query.accountKey,
    status: 'ACTIVE',
  }
  return db
    .selectFrom('connections')
    .selectAll()
    .where(
      isInGroup({
        table: 'connections',
        equals,
        groupedBy: [],
        conditions: [sql`visible`, sql`end_user_id is not null`],
      }),
    )
    .where('direction', '=', query.direction)
    .where('healthCode', 'not in', ['NEEDS_REAUTH', 'NEEDS_CONFIG', 'REVOKED'])
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}
