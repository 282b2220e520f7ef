import type { Kysely } from 'kysely'

/** Where a call that left the provider open was tried last: a retry must not make a second link somewhere else. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('idempotency_keys')
    .addColumn('tried_provider', 'text')
    .addColumn('tried_connector', 'text')
    .addColumn('taken_over', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
}
