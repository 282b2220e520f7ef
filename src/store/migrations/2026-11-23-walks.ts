import { type Kysely, sql } from 'kysely'

/** When the last complete reading of a list began: what it showed unchanged is not written again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('slices').addColumn('begun_at', sql`timestamptz(3)`).execute()
}
