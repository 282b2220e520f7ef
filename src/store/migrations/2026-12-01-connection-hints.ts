import { type Kysely, sql } from 'kysely'

/** What the providers say about the credentials of a connector. Only xpander has it: its catalogue is read again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('connectors')
    .addColumn('connection_hint', 'text')
    .addColumn('credentials_option', 'text')
    .execute()
  // Older than a day is due. The stored catalogue remains in use until then.
  await sql`
    update sync_state set started_at = started_at - interval '1 day', synced_at = synced_at - interval '1 day'
    where kind = 'CONNECTORS' and account_key like 'XPANDER|%'`.execute(db)
}
