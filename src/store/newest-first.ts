import { type SelectQueryBuilder, sql } from 'kysely'
import { type Page, type PageRequest, toPage } from './keyset-pagination.ts'
import type { Schema } from './schema.ts'

/**
 * One page of a query over one table with `created_at` and a UUID, newest first. The whole list is sorted, unless the table
 * has an index for it: lists that can be long are those of keyset-pagination.ts.
 */
export async function pageNewestFirst<Table extends keyof Schema, Row>(
  query: SelectQueryBuilder<Schema, Table, Row>,
  { first, after }: PageRequest,
): Promise<Page<Row>> {
  const rows = await query
    .$if(after !== null, (one) =>
      one.where(sql<boolean>`(created_at, id) < (${after?.createdAt}::timestamptz, ${after?.id}::uuid)`),
    )
    .orderBy(sql`created_at`, 'desc')
    .orderBy(sql`id`, 'desc')
    .limit(first + 1)
    .execute()
  return toPage(rows, { first })
}
