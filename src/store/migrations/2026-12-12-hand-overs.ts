import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

/** Links that an end user passes on to a colleague. Sessions read only those of links that they may read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('link_hand_overs')
    .addColumn('link_id', 'uuid', (column) =>
      column.notNull().references('connect_links.id').onDelete('cascade'),
    )
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('token_encrypted', 'text', (column) => column.notNull())
    .addColumn('browser_hash', 'text')
    .addColumn('requester_name', 'text')
    .addColumn('message', 'text')
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('expires_at', time)
    .addColumn('opened_at', time)
    .addColumn('ended_at', time)
    .addColumn('end_reason', 'text')
    .addColumn('decline_reason', 'text')
    .addPrimaryKeyConstraint('link_hand_overs_pkey', ['link_id', 'number'])
    .execute()
  await sql`
    create policy viewer on link_hand_overs using (
      (select nullif(current_setting('gateway.viewer', true), '') is null)
      or exists (select from connect_links where connect_links.id = link_hand_overs.link_id))`.execute(db)
  await sql`alter table link_hand_overs enable row level security, force row level security`.execute(db)
}
