import { type SelectQueryBuilder, sql } from 'kysely'

/** Where a page begins: after this row, newest first. */
export interface Position {
  readonly createdAt: Date
  readonly id: string
}

export interface PageRequest {
  readonly first: number
  readonly after: Position | null
}

/** One row more than asked for tells whether there is a next page. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
}

/** Newest first by (created_at, id): the cost of a page does not grow with its distance from the first. */
export async function newestFirst<DB, TB extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { first, after }: PageRequest,
): Promise<Page<Row>> {
  const from = after
    ? query.where(sql<boolean>`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`)
    : query
  const rows = await from
    .orderBy(sql`created_at`, 'desc')
    .orderBy(sql`id`, 'desc')
    .limit(first + 1)
    .execute()
  return { rows: rows.slice(0, first), hasNextPage: rows.length > first }
}

/** Whether a text can be compared with a uuid column; others name nothing. */
export const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
