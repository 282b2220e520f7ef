import { sql } from 'kysely'
import type { Direction } from '../domain/statuses.ts'
import type { Database } from './database.ts'
import { inRange } from './keyset-pagination.ts'
import type { ConnectionRow } from './schema.ts'

/**
 * Of these connections, by id, those that repeat an older one: the same end user's, of the same connector at the same
 * provider, for the same account. Nothing is concluded where the account or the end user is not known, and removed
 * connections neither are repetitions nor are repeated.
 */
export async function originalsOf(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const accountOf = (table: string) =>
    sql`hash_array_extended(array[${sql.join(account.map((column) => sql.ref(`${table}.${column}`)))}], 0)`
  const same = account.map((column) => sql`${sql.ref(`older.${column}`)} = ${sql.ref(`c.${column}`)}`)
  const { rows } = await sql<{ id: string; original: string }>`
    select c.id, original.id as original
    from connections c cross join lateral (
      select older.id from connections older
      where ${accountOf('older')} = ${accountOf('c')} and case when ${sql.join(same, sql` and `)} then true end
        and older.visible and older.end_user_id is not null and older.external_account_id is not null
        and older.status <> 'DISCONNECTED'
        and (older.created_at, older.id) < (c.created_at, c.id)
      order by older.created_at, older.id limit 1
    ) original
    where c.id = any(${[...ids]}::uuid[]) and c.status <> 'DISCONNECTED'`.execute(db)
  return new Map(rows.map(({ id, original }) => [id, original]))
}

/** In the order of the index. */
const account = ['endUserId', 'connectorKey', 'direction', 'accountKey', 'externalAccountId'] as const

export interface WantedConnection {
  readonly accountKey: string
  readonly endUserId: string
  readonly connectorKey: string
  readonly direction: Direction
}

/** The oldest connection of that end user and connector that can be used as it is. */
export function findUsable(db: Database, wanted: WantedConnection): Promise<ConnectionRow | undefined> {
  const fixed = {
    endUserId: wanted.endUserId,
    connectorKey: wanted.connectorKey,
    accountKey: wanted.accountKey,
    status: 'ACTIVE',
  }
  return db
    .selectFrom('connections')
    .selectAll()
    .where(
      inRange({
        table: 'connections',
        equals: fixed,
        groupedBy: [],
        conditions: [sql`visible`, sql`end_user_id is not null`],
      }),
    )
    .where('direction', '=', wanted.direction)
    .where('healthCode', 'not in', ['NEEDS_REAUTH', 'NEEDS_CONFIG', 'REVOKED'])
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}
