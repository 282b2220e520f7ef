import { sql } from 'kysely'
import type { ReadOrigin } from './connection-columns.ts'
import { disconnectedColumns, remoteKey } from './connections.ts'
import type { Database } from './database.ts'

/** A whole walk of a provider's list. */
export interface FullSync {
  readonly startedAt: Date
  /** The keys of all that it showed. */
  readonly seen: ReadonlySet<string>
}

const rowsAtOnce = 1_000

/**
 * Looks after the rows that a walk did not meet. One walk may miss a row whose page shifted, so a row is disconnected when
 * a second one misses it too that began after the first: two at once may miss it for the same reason. Answers how many
 * were missed for the first time.
 */
export async function markMissing(db: Database, origin: ReadOrigin, walk: FullSync): Promise<number> {
  let first = 0
  for await (const ids of unseen(db, origin.accountKey, walk)) {
    const still = db
      .updateTable('connections')
      .where(sql<boolean>`id = any(${ids}::uuid[])`)
      .where('status', '<>', 'DISCONNECTED')
      .where('lastCheckedAt', '<', walk.startedAt)
    await still.set(disconnectedColumns(origin.now)).where('missingSince', '<=', walk.startedAt).execute()
    const { numUpdatedRows } = await still
      .set({ missingSince: origin.now })
      .where('missingSince', 'is', null)
      .executeTakeFirst()
    first += Number(numUpdatedRows)
  }
  return first
}

/** The ids of listed rows that the walk did not meet, a part of the table at a time. */
async function* unseen(
  db: Database,
  accountKey: string,
  { startedAt, seen }: FullSync,
): AsyncGenerator<readonly string[]> {
  let last = { direction: '', remoteId: '' }
  for (;;) {
    const rows = await db
      .selectFrom('connections')
      .select(['id', 'direction', 'remoteId as remoteId', 'lastCheckedAt', 'visible', 'status'])
      .where('accountKey', '=', accountKey)
      .where(sql<boolean>`(direction, remote_id) > (${last.direction}, ${last.remoteId})`)
      .orderBy('direction')
      .orderBy('remoteId')
      .limit(rowsAtOnce)
      .execute()
    const ids = rows
      .filter(({ visible, status }) => visible && status !== 'DISCONNECTED')
      // What was recorded while the walk went on may lie on a page that it had turned.
      .filter(({ lastCheckedAt }) => lastCheckedAt !== null && lastCheckedAt < startedAt)
      .filter((row) => !seen.has(remoteKey(row)))
      .map(({ id }) => id)
    if (ids.length > 0) yield ids
    const end = rows.at(-1)
    if (end === undefined || rows.length < rowsAtOnce) return
    last = end
  }
}
