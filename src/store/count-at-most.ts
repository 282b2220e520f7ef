import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { maxCount, toCount } from './keyset-pagination.ts'
import type { Schema } from './schema.ts'

/** The number of rows of a query; `null` above `maxCount`. */
export async function countAtMost<Row>(
  db: Database,
  rows: SelectQueryBuilder<Schema, keyof Schema, Row>,
): Promise<number | null> {
  const counted = rows.limit(maxCount + 1).as('counted')
  return toCount(await db.selectFrom(counted).select(sql<number>`count(*)::int`.as('count')).execute())
}
