import { type Kysely, sql } from 'kysely'

/** When the last full sync of a list started: rows that it finds unchanged are not written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('slices').addColumn('begun_at', sql`timestamptz(3)`).execute()
}
