import { type Kysely, sql } from 'kysely'

/** Inputs from the providers' endpoints for a single connector. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connector_inputs')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('inputs', 'jsonb')
    .addColumn('read_at', sql`timestamptz`, (column) => column.notNull())
    .addPrimaryKeyConstraint('connector_inputs_pkey', ['scope', 'key'])
    .execute()
}
