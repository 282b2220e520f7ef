import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { ConnectLinkRow, LinkTransitionRow } from './schema.ts'

/** The row, locked until the transaction ends: what is decided about it holds. */
export function lockLink(transaction: Database, id: string): Promise<ConnectLinkRow | undefined> {
  return transaction
    .selectFrom('connectLinks')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export type Transition = Omit<LinkTransitionRow, 'linkId' | 'number' | 'fromStatus'>

/** Moves a locked link and writes the next row of its history. */
export async function recordTransition(
  transaction: Database,
  link: ConnectLinkRow,
  move: Transition,
  columns: Partial<Pick<ConnectLinkRow, 'connectionId' | 'nextCheckAt'>> = {},
): Promise<void> {
  await transaction
    .updateTable('connectLinks')
    .set({ ...columns, status: move.toStatus, statusChangedAt: move.at, openedAt: openedAt(link, move) })
    .where('id', '=', link.id)
    .execute()
  const number = sql<number>`(select max(number) + 1 from link_transitions where link_id = ${link.id})`
  await transaction
    .insertInto('linkTransitions')
    .values({ ...move, linkId: link.id, number, fromStatus: link.status })
    .execute()
}

const openedAt = ({ openedAt }: ConnectLinkRow, { toStatus, at }: Transition) =>
  openedAt ?? (toStatus === 'OPENED' || toStatus === 'AUTHORIZING' ? at : null)

/** The steps of a link after that number. */
export function historyAfter(
  db: Database,
  linkId: string,
  number: number,
): Promise<readonly LinkTransitionRow[]> {
  return db
    .selectFrom('linkTransitions')
    .selectAll()
    .where('linkId', '=', linkId)
    .where('number', '>', number)
    .orderBy('number')
    .execute()
}

/** The steps of all links since that time, in their order. */
export function transitionsSince(
  db: Database,
  since: Date,
): Promise<readonly Pick<LinkTransitionRow, 'linkId' | 'number'>[]> {
  return db
    .selectFrom('linkTransitions')
    .select(['linkId', 'number'])
    .where('at', '>=', since)
    .orderBy('at')
    .orderBy('number')
    .execute()
}

export async function historyOf(db: Database, ids: readonly string[]): Promise<readonly LinkTransitionRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('linkTransitions')
    .selectAll()
    .where('linkId', 'in', [...ids])
    .orderBy('number')
    .execute()
}
