import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('connect_links')
    .addColumn('guard', 'text', (column) => column.notNull().defaultTo('NONE'))
    .addColumn('code_challenge', 'text')
    .addColumn('claim_hash', 'text')
    .addColumn('claim_expires_at', time)
    .addColumn('held_until', time)
    .addColumn('confirmation_hash', 'text')
    .addColumn('confirmation_attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('removal_due_at', time)
    .execute()
  await db.schema
    .createTable('link_browsers')
    .addColumn('link_id', 'uuid', (column) =>
      column.notNull().references('connect_links.id').onDelete('cascade'),
    )
    .addColumn('browser_hash', 'text', (column) => column.notNull())
    .addColumn('claimed', 'boolean', (column) => column.notNull())
    .addColumn('opened_at', time)
    .addColumn('returned_at', time)
    .addPrimaryKeyConstraint('link_browsers_pkey', ['link_id', 'browser_hash'])
    .execute()
  // Most links have no guard: a sync looks up those that have one by the end user of each connection.
  await sql`
    create index connect_links_guarded on connect_links (end_user_id) where guard <> 'NONE'`.execute(db)
  await sql`
    create index connect_links_held on connect_links (held_until) where held_until is not null`.execute(db)
  await sql`
    create index connect_links_removals on connect_links (removal_due_at) where removal_due_at is not null`.execute(
    db,
  )
}
