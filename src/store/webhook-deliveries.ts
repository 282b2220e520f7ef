import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { WebhookDeliveryRow } from './schema.ts'

/** Stores a delivery; `false`: it is there already. */
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

/** Takes deliveries that are due, oldest first. Each is due again after a pause that grows with its attempts, unless it is finished. */
export function lockDueDeliveries(
  db: Database,
  at: {
    readonly now: Date
    readonly accountKeys: readonly string[]
    readonly limit: number
  },
): Promise<readonly WebhookDeliveryRow[]> {
  return db
    .updateTable('webhookDeliveries')
    .set({
      nextAttemptAt: sql<Date>`${at.now}::timestamptz + least(300, 5 * 2 ^ attempts) * interval '1 second'`,
      attempts: sql<number>`attempts + 1`,
    })
    .where('id', 'in', (query) =>
      query
        .selectFrom('webhookDeliveries')
        .select('id')
        .where('nextAttemptAt', '<=', at.now)
        .where(sql<boolean>`account_key = any(${[...at.accountKeys]}::text[])`)
        .orderBy('receivedAt')
        .limit(at.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** It has had its effect, or will never have one. Its digest stays: the same delivery may come again. */
export async function finishDelivery(db: Database, id: string): Promise<void> {
  await db
    .updateTable('webhookDeliveries')
    .set({ nextAttemptAt: null, eventEncrypted: '' })
    .where('id', '=', id)
    .execute()
}

export async function deleteDeliveries(db: Database, receivedBefore: Date): Promise<void> {
  await db.deleteFrom('webhookDeliveries').where('receivedAt', '<', receivedBefore).execute()
}
