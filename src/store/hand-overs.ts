import type { Database } from './database.ts'
import type { LinkHandOverRow } from './schema.ts'

export async function insertHandOver(transaction: Database, handOver: LinkHandOverRow): Promise<void> {
  await transaction.insertInto('linkHandOvers').values(handOver).execute()
}

/** The latest hand-over of a link, active or not. */
export async function findLastHandOver(db: Database, linkId: string): Promise<LinkHandOverRow | undefined> {
  const [last] = await findLastHandOvers(db, [linkId])
  return last
}

/** The latest hand-over of each link that has one. */
export async function findLastHandOvers(
  db: Database,
  linkIds: readonly string[],
): Promise<readonly LinkHandOverRow[]> {
  if (linkIds.length === 0) return []
  return db
    .selectFrom('linkHandOvers')
    .selectAll()
    .distinctOn('linkId')
    .where('linkId', 'in', [...linkIds])
    .orderBy('linkId')
    .orderBy('number', 'desc')
    .execute()
}

export function findHandOverByToken(db: Database, tokenHash: string): Promise<LinkHandOverRow | undefined> {
  return db.selectFrom('linkHandOvers').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst()
}

export async function updateHandOver(
  transaction: Database,
  { linkId, number }: Pick<LinkHandOverRow, 'linkId' | 'number'>,
  columns: Partial<Pick<LinkHandOverRow, 'openedAt' | 'endedAt' | 'endReason' | 'declineReason'>>,
): Promise<void> {
  await transaction
    .updateTable('linkHandOvers')
    .set(columns)
    .where('linkId', '=', linkId)
    .where('number', '=', number)
    .execute()
}
