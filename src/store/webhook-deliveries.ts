import { sql } from 'kysely'
import type { Database } from './database.ts'
import { deleteInBatches } from './delete-in-batches.ts'
import type { WebhookDeliveryRow } from './schema.ts'

/** Stores a delivery. Returns `false` if one with the same digest is stored. */
export async function insertDelivery(
  db: Database,
  delivery: Omit<WebhookDeliveryRow, 'attempts'>,
): Promise<boolean> {
  const stored = await db
    .insertInto('webhookDeliveries')
    .values(delivery)
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('id')
    .executeTakeFirst()
  return stored !== undefined
}

/**
 * Claims due deliveries, oldest first, with SKIP LOCKED. Unless finished, each is due again after an exponential
 * backoff of 5 s to 300 s.
 */
export function lockDueDeliveries(
  db: Database,
  query: {
    readonly now: Date
    readonly accountKeys: readonly string[]
    readonly limit: number
  },
): Promise<readonly WebhookDeliveryRow[]> {
  return db
    .updateTable('webhookDeliveries')
    .set({
      nextAttemptAt: sql<Date>`${query.now}::timestamptz + least(300, 5 * 2 ^ attempts) * interval '1 second'`,
      attempts: sql<number>`attempts + 1`,
    })
    .where('id', 'in', (due) =>
      due
        .selectFrom('webhookDeliveries')
        .select('id')
        .where('nextAttemptAt', '<=', query.now)
        .where(sql<boolean>`account_key = any(${[...query.accountKeys]}::text[])`)
        .orderBy('receivedAt')
        .limit(query.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/**
 * Marks a delivery as processed or given up. Its digest is kept, because the provider may deliver the same event again.
 */
export async function finishDelivery(db: Database, id: string): Promise<void> {
  await db
    .updateTable('webhookDeliveries')
    .set({ nextAttemptAt: null, eventEncrypted: '' })
    .where('id', '=', id)
    .execute()
}

export function deleteDeliveries(db: Database, receivedBefore: Date): Promise<void> {
  return deleteInBatches(db, 'webhook_deliveries', sql<boolean>`received_at < ${receivedBefore}::timestamptz`)
}
