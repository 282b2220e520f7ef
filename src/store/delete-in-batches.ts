import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

const batchSize = 1_000
const maxBatches = 20

/**
 * Deletes rows that meet the condition: 1,000 in a statement, because a statement that deletes very many is cancelled by
 * the statement timeout each time, and 20,000 in a call. Rows that another gateway is deleting are skipped.
 */
export async function deleteInBatches(
  db: Database,
  table: 'connect_links' | 'connections' | 'idempotency_keys' | 'webhook_deliveries' | 'webhook_messages',
  condition: RawBuilder<boolean>,
): Promise<void> {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where ${condition} limit ${batchSize} for update skip locked
      ))`.execute(db)
    if (numAffectedRows < batchSize) return
  }
}
