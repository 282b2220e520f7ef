import { sql } from 'kysely'
import { auditConnections, changeTo } from './audit-changes.ts'
import { withAuditOrigin } from './audit-origin.ts'
import type { ReadOrigin } from './column-rule.ts'
import { disconnectedColumns } from './connections.ts'
import type { Database } from './database.ts'
import type { ConnectionRow } from './schema.ts'

export type ListedRow = Pick<ConnectionRow, 'direction' | 'remoteId' | 'remoteGroup'>

/** A complete read of a provider's list. */
export interface FullSync {
  readonly startedAt: Date
  /** Whether the list contains the connection, or may contain it in a row that could not be read. */
  mayContain(row: ListedRow): boolean
}

const batchSize = 1_000

/**
 * Marks the rows that a full sync did not find. One sync may miss a row because pages shifted, so a row is disconnected
 * only when a second sync misses it too. The second one must have started after the first had marked the row, because
 * concurrent syncs may miss it for the same reason. Returns the number of rows that were missed for the first time.
 */
export async function markMissing(db: Database, origin: ReadOrigin, sync: FullSync): Promise<number> {
  let newlyMissing = 0
  for await (const ids of unseenIds(db, origin.accountKey, sync)) {
    await db.transaction().execute(async (transaction) => {
      const disconnected = await missingOf(transaction, ids, sync)
        .set(disconnectedColumns(origin.now))
        .where('missingSince', '<=', sync.startedAt)
        .returning(['id', 'endUserId', 'organizationId'])
        .execute()
      const change = { name: changeTo('DISCONNECTED'), at: origin.now }
      // Whichever request has started the sync: its caller has not disconnected them.
      await withAuditOrigin({}, () => auditConnections(transaction, disconnected, change))
    })
    const { numUpdatedRows } = await missingOf(db, ids, sync)
      .set({ missingSince: origin.now })
      .where('missingSince', 'is', null)
      .executeTakeFirst()
    newlyMissing += Number(numUpdatedRows)
  }
  return newlyMissing
}

const missingOf = (db: Database, ids: readonly string[], { startedAt }: FullSync) =>
  db
    .updateTable('connections')
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('status', '<>', 'DISCONNECTED')
    .where('lastCheckedAt', '<', startedAt)

/** Yields the IDs of visible rows that the sync did not find, in batches. */
async function* unseenIds(
  db: Database,
  accountKey: string,
  { startedAt, mayContain }: FullSync,
): AsyncGenerator<readonly string[]> {
  let last = { direction: '', remoteId: '' }
  for (;;) {
    const rows = await db
      .selectFrom('connections')
      .select([
        'id',
        'direction',
        'remoteId as remoteId',
        'remoteGroup',
        'lastCheckedAt',
        'visible',
        'status',
      ])
      .where('accountKey', '=', accountKey)
      .where(sql<boolean>`(direction, remote_id) > (${last.direction}, ${last.remoteId})`)
      .orderBy('direction')
      .orderBy('remoteId')
      .limit(batchSize)
      .execute()
    const ids = rows
      .filter(({ visible, status }) => visible && status !== 'DISCONNECTED')
      // A row that was written during the sync may belong to a page that was read before.
      .filter(({ lastCheckedAt }) => lastCheckedAt !== null && lastCheckedAt < startedAt)
      .filter((row) => !mayContain(row))
      .map(({ id }) => id)
    if (ids.length > 0) yield ids
    const end = rows.at(-1)
    if (end === undefined || rows.length < batchSize) return
    last = end
  }
}
