import { sql } from 'kysely'
import { disconnected, remoteKey } from './connections.ts'
import type { Database } from './database.ts'
import type { Origin } from './upsert-connections.ts'

/** A whole walk of a provider's list. */
export interface Walk {
  readonly since: Date
  /** The keys of all that it showed. */
  readonly met: ReadonlySet<string>
}

const rowsAtOnce = 1_000

/**
 * Looks after the rows that a walk did not meet. One walk may miss a row whose page shifted, so a row is disconnected when
 * a second one misses it too that began after the first: two at once may miss it for the same reason. Answers how many
 * were missed for the first time.
 */
export async function noteMissing(db: Database, origin: Origin, walk: Walk): Promise<number> {
  let first = 0
  for await (const ids of unmet(db, origin.scope, walk)) {
    const still = db
      .updateTable('connections')
      .where(sql<boolean>`id = any(${ids}::uuid[])`)
      .where('status', '<>', 'DISCONNECTED')
      .where('last_checked_at', '<', walk.since)
    await still.set(disconnected(origin.now)).where('missing_since', '<=', walk.since).execute()
    const { numUpdatedRows } = await still
      .set({ missing_since: origin.now })
      .where('missing_since', 'is', null)
      .executeTakeFirst()
    first += Number(numUpdatedRows)
  }
  return first
}

/** The ids of listed rows that the walk did not meet, a part of the table at a time. */
async function* unmet(db: Database, scope: string, { since, met }: Walk): AsyncGenerator<readonly string[]> {
  let last = { direction: '', remoteId: '' }
  for (;;) {
    const rows = await db
      .selectFrom('connections')
      .select(['id', 'direction', 'remote_id as remoteId', 'last_checked_at', 'listed', 'status'])
      .where('scope', '=', scope)
      .where(sql<boolean>`(direction, remote_id) > (${last.direction}, ${last.remoteId})`)
      .orderBy('direction')
      .orderBy('remote_id')
      .limit(rowsAtOnce)
      .execute()
    const ids = rows
      .filter(({ listed, status }) => listed && status !== 'DISCONNECTED')
      // What was recorded while the walk went on may lie on a page that it had turned.
      .filter(({ last_checked_at }) => last_checked_at !== null && last_checked_at < since)
      .filter((row) => !met.has(remoteKey(row)))
      .map(({ id }) => id)
    if (ids.length > 0) yield ids
    const end = rows.at(-1)
    if (end === undefined || rows.length < rowsAtOnce) return
    last = end
  }
}
