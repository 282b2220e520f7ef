import { type Kysely, sql } from 'kysely'

/**
 * Links and messages to webhook endpoints get the W3C `traceparent` of the change that creates them, which its transaction
 * sets: see traced-pool.ts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['connect_links', 'webhook_messages'])
    await sql`
      alter table ${sql.table(table)}
        add column trace_parent text,
        alter column trace_parent set default nullif(current_setting('gateway.trace_parent', true), '')`.execute(
      db,
    )
}
