import { sql } from 'kysely'
import type { ConnectionOwner, Direction } from '../domain/statuses.ts'
import type { Database } from './database.ts'
import { hashName, isInGroup } from './keyset-pagination.ts'
import type { ConnectionRow } from './schema.ts'

/**
 * Maps the ID of each of these connections that duplicates an older one to the ID of the oldest such connection. A
 * duplicate has the same end user, organization, owner, connector, direction, provider account and external account. A connection whose end
 * user or external account is unknown, or which is disconnected, is neither a duplicate nor an original.
 */
export async function findOriginals(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // keyset-pagination.ts explains the hash and the CASE.
  const hashOf = (table: string) => sql.ref(`${table}.${hashName(duplicateKey)}`)
  const equalities = duplicateKey.map(
    (column) => sql`${sql.ref(`older.${column}`)} = ${sql.ref(`c.${column}`)}`,
  )
  const { rows } = await sql<{ id: string; original: string }>`
    select c.id, original.id as original
    from connections c cross join lateral (
      select older.id from connections older
      where ${hashOf('older')} = ${hashOf('c')} and case when ${sql.join(equalities, sql` and `)} then true end
        and older.organization_id is not distinct from c.organization_id and older.owner = c.owner
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
  readonly organizationId: string | null
  readonly owner: ConnectionOwner
  readonly connectorKey: string
  readonly direction: Direction
}

/**
 * The oldest ACTIVE connection of an end user, organization, owner and connector that needs no reauthorization or configuration and is not
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
    .where('owner', '=', query.owner)
    .where(sql<boolean>`organization_id is not distinct from ${query.organizationId}`)
    .where('healthCode', 'not in', ['NEEDS_REAUTH', 'NEEDS_CONFIG', 'REVOKED'])
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}
