import { type Kysely, sql } from 'kysely'

/** For reading the changes since a time, every 2 s while notifications do not arrive. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index link_transitions_by_time on link_transitions (at, number)`.execute(db)
  await sql`create index connections_by_change on connections (updated_at) where visible`.execute(db)
}
