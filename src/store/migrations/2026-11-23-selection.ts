import type { Kysely } from 'kysely'

/** The last offer tried for a call without a provider: a retry must not create a second link at another provider. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('idempotency_keys')
    .addColumn('tried_provider', 'text')
    .addColumn('tried_connector', 'text')
    .addColumn('taken_over', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute()
}
