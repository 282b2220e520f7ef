import type { Kysely } from 'kysely'

/** The inputs of a connector; `null` until its provider's catalogue is read again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('connectors').addColumn('inputs', 'jsonb').execute()
}
