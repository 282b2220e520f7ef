import { type Kysely, sql } from 'kysely'

/** What callers have used in a time window, counted over all gateways that share the database. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Not logged: after a crash of the database the counts of at most one window are lost.
  await sql`
    create unlogged table rate_limits (
      key text not null,
      window_start timestamptz(3) not null,
      used double precision not null,
      primary key (key, window_start)
    )`.execute(db)
}
