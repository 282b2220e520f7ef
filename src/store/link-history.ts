import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { ConnectLinkRow, LinkTransitionRow } from './schema.ts'

/** The row, locked until the transaction ends: what is decided about it holds. */
export function lockLink(transaction: Database, id: string): Promise<ConnectLinkRow | undefined> {
  return transaction
    .selectFrom('connect_links')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export type Transition = Omit<LinkTransitionRow, 'link_id' | 'number' | 'from_status'>

/** Moves a locked link and writes the next row of its history. */
export async function recordTransition(
  transaction: Database,
  link: ConnectLinkRow,
  move: Transition,
  columns: Partial<Pick<ConnectLinkRow, 'connection_id' | 'next_check_at'>> = {},
): Promise<void> {
  await transaction
    .updateTable('connect_links')
    .set({ ...columns, status: move.to_status, moved_at: move.at, opened_at: openedAt(link, move) })
    .where('id', '=', link.id)
    .execute()
  const number = sql<number>`(select max(number) + 1 from link_transitions where link_id = ${link.id})`
  await transaction
    .insertInto('link_transitions')
    .values({ ...move, link_id: link.id, number, from_status: link.status })
    .execute()
}

const openedAt = ({ opened_at }: ConnectLinkRow, { to_status, at }: Transition) =>
  opened_at ?? (to_status === 'OPENED' || to_status === 'AUTHORIZING' ? at : null)

/** The steps of a link after that number. */
export function historyAfter(
  db: Database,
  linkId: string,
  number: number,
): Promise<readonly LinkTransitionRow[]> {
  return db
    .selectFrom('link_transitions')
    .selectAll()
    .where('link_id', '=', linkId)
    .where('number', '>', number)
    .orderBy('number')
    .execute()
}

/** The steps of all links since that time, in their order. */
export function transitionsSince(
  db: Database,
  since: Date,
): Promise<readonly Pick<LinkTransitionRow, 'link_id' | 'number'>[]> {
  return db
    .selectFrom('link_transitions')
    .select(['link_id', 'number'])
    .where('at', '>=', since)
    .orderBy('at')
    .orderBy('number')
    .execute()
}

export async function historyOf(db: Database, ids: readonly string[]): Promise<readonly LinkTransitionRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('link_transitions')
    .selectAll()
    .where('link_id', 'in', [...ids])
    .orderBy('number')
    .execute()
}
