import type { Kysely } from 'kysely'

/** Language and branding of the pages of a link, and the gateway's instructions on them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('connect_links')
    .addColumn('locale', 'text')
    .addColumn('branding', 'jsonb')
    .addColumn('steps', 'jsonb')
    .execute()
}
