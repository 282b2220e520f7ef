import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { DeliveryRow } from './schema.ts'

/** Stores a delivery; `false`: it is there already. */
export async function insertDelivery(
  db: Database,
  delivery: Omit<DeliveryRow, 'attempts'>,
): Promise<boolean> {
  const stored = await db
    .insertInto('deliveries')
    .values(delivery)
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .returning('id')
    .executeTakeFirst()
  return stored !== undefined
}

/** Takes deliveries that are due, oldest first. Each is due again after a pause that grows with its attempts, unless it is finished. */
export function takeDeliveries(
  db: Database,
  at: {
    readonly now: Date
    readonly scopes: readonly string[]
    readonly limit: number
  },
): Promise<readonly DeliveryRow[]> {
  return db
    .updateTable('deliveries')
    .set({
      try_at: sql<Date>`${at.now}::timestamptz + least(300, 5 * 2 ^ attempts) * interval '1 second'`,
      attempts: sql<number>`attempts + 1`,
    })
    .where('id', 'in', (query) =>
      query
        .selectFrom('deliveries')
        .select('id')
        .where('try_at', '<=', at.now)
        .where(sql<boolean>`scope = any(${[...at.scopes]}::text[])`)
        .orderBy('received_at')
        .limit(at.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** It has had its effect, or will never have one. Its digest stays: the same delivery may come again. */
export async function finishDelivery(db: Database, id: string): Promise<void> {
  await db.updateTable('deliveries').set({ try_at: null, news_sealed: '' }).where('id', '=', id).execute()
}

export async function forgetDeliveries(db: Database, receivedBefore: Date): Promise<void> {
  await db.deleteFrom('deliveries').where('received_at', '<', receivedBefore).execute()
}
