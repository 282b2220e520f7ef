import { sql } from 'kysely'
import { advisoryLock, type Database } from './database.ts'

/** A revocation of all sessions of one end user. */
export interface SessionRevocation {
  /** Not the ID itself: a revocation outlives the erasure of its end user. */
  readonly endUserHash: string
  /** Larger than that of every earlier revocation. */
  readonly number: number
}

/** The number of the latest revocation of any end user; 0: there was none. */
export async function lastRevocationNumber(db: Database): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select (case when is_called then last_value else 0 end)::double precision as number
    from session_revocation_numbers`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('a sequence always has a value')
  return row.number
}

export async function insertRevocation(db: Database, endUserHash: string, revokedAt: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // One after the other, so that they become visible in the order of their numbers.
    await advisoryLock(transaction, 'session revocations')
    await sql`
      insert into session_revocations (end_user_hash, number, revoked_at)
      values (${endUserHash}, nextval('session_revocation_numbers'), ${revokedAt}::timestamptz)
      on conflict (end_user_hash) do update set number = excluded.number, revoked_at = excluded.revoked_at`.execute(
      transaction,
    )
  })
}

/** The revocations with a larger number than `after`, the latest first, at most `limit`. */
export async function findRevocations(
  db: Database,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly SessionRevocation[]> {
  const { rows } = await sql<SessionRevocation>`
    select end_user_hash, number::double precision from session_revocations
    where number > ${after}::bigint order by number desc limit ${limit}`.execute(db)
  return rows
}

export async function deleteRevocations(db: Database, before: Date): Promise<void> {
  await sql`delete from session_revocations where revoked_at < ${before}::timestamptz`.execute(db)
}

/**
 * Records which keys are old by now, each when it is first seen so. A key that has become the present one again is not
 * old any more.
 */
export async function recordSessionKeys(
  db: Database,
  {
    presentId,
    oldIds,
    at,
  }: { readonly presentId: string; readonly oldIds: readonly string[]; readonly at: Date },
): Promise<void> {
  await sql`delete from old_session_keys where id = ${presentId}`.execute(db)
  await sql`
    insert into old_session_keys (id, old_since)
    select id, ${at}::timestamptz from unnest(${[...oldIds]}::text[]) as id
    on conflict (id) do nothing`.execute(db)
}

/** Since when keys are old, by their IDs. */
export async function findOldSessionKeys(db: Database): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await sql<{
    id: string
    oldSince: Date
  }>`select id, old_since from old_session_keys`.execute(db)
  return new Map(rows.map(({ id, oldSince }) => [id, oldSince]))
}
