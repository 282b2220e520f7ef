import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { IdempotencyKeyRow } from './schema.ts'

export type KeyName = Pick<IdempotencyKeyRow, 'operation' | 'key'>

/** Takes the key for a new attempt; `false`: somebody holds it. A key past its time is free again. */
export async function reserveKey(
  db: Database,
  name: KeyName,
  attempt: { readonly fingerprint: string; readonly now: Date; readonly expiresAt: Date },
): Promise<boolean> {
  const columns = {
    fingerprint: attempt.fingerprint,
    expires_at: attempt.expiresAt,
    link_id: null,
    answer: null,
  }
  const taken = await db
    .insertInto('idempotency_keys')
    .values({ ...name, ...columns })
    .onConflict((conflict) =>
      conflict
        .columns(['operation', 'key'])
        .doUpdateSet(columns)
        .where(sql<boolean>`idempotency_keys.expires_at <= ${attempt.now}::timestamptz`),
    )
    .returning('key')
    .executeTakeFirst()
  return taken !== undefined
}

export function findKey(db: Database, { operation, key }: KeyName): Promise<IdempotencyKeyRow | undefined> {
  return db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('operation', '=', operation)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** In the transaction that records the link: either both are there, or neither. */
export async function answerKey(
  db: Database,
  { operation, key }: KeyName,
  answer: { readonly linkId: string; readonly answer: object },
): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ link_id: answer.linkId, answer: JSON.stringify(answer.answer) })
    .where('operation', '=', operation)
    .where('key', '=', key)
    .execute()
}

export async function releaseKey(db: Database, { operation, key }: KeyName): Promise<void> {
  await db
    .deleteFrom('idempotency_keys')
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('link_id', 'is', null)
    .execute()
}

export async function forgetOldKeys(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('expires_at', '<=', now).execute()
}
