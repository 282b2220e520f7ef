import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('connect_links').addColumn('polled_at', time).execute()
  // The polls of each end user, to find who has waited longest.
  await sql`
    create index connect_links_polls on connect_links (account_key, end_user_id, polled_at)
    where next_check_at is not null`.execute(db)
  await sql`
    create index connect_links_open_by_end_user on connect_links (end_user_id)
    where status in ('CREATED', 'OPENED', 'AUTHORIZING')`.execute(db)
  await createReservations(db)
}

/** Links that are being created at their providers: with the open links they count towards the limit per end user. */
async function createReservations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('link_reservations')
    .addColumn('link_id', 'uuid', (column) => column.primaryKey())
    .addColumn('end_user_id', 'text', (column) => column.notNull())
    .addColumn('connection_id', 'uuid')
    .addColumn('expires_at', time, (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('link_reservations_end_user')
    .on('link_reservations')
    .column('end_user_id')
    .execute()
}
