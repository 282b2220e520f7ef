import type { Database } from './database.ts'
import type { SyncKind, SyncStateRow } from './schema.ts'

export async function findSyncStates(
  db: Database,
  kind: SyncKind,
  accountKeys: readonly string[],
): Promise<ReadonlyMap<string, SyncStateRow>> {
  if (accountKeys.length === 0) return new Map()
  const rows = await db
    .selectFrom('syncState')
    .selectAll()
    .where('kind', '=', kind)
    .where('accountKey', 'in', [...accountKeys])
    .execute()
  return new Map(rows.map((row) => [row.accountKey, row]))
}

/** Notes how a sync ended; a failure leaves the time of the last success in place. */
export async function recordSync(
  db: Database,
  slice: { readonly accountKey: string; readonly kind: SyncKind },
  outcome: { readonly begunAt: Date; readonly at: Date; readonly error: string | null },
): Promise<void> {
  const { begunAt, at, error } = outcome
  const success = { startedAt: begunAt, syncedAt: at, failedAt: null, error: null }
  const failure = { failedAt: at, error }
  await db
    .insertInto('syncState')
    .values({ ...slice, ...(error === null ? success : { syncedAt: null, ...failure }) })
    .onConflict((conflict) =>
      conflict.columns(['accountKey', 'kind']).doUpdateSet(error === null ? success : failure),
    )
    .execute()
}
