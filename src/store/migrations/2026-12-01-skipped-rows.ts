import type { Kysely } from 'kysely'

/** How many rows of a list the last complete sync could not read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('sync_state')
    .addColumn('skipped', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}
