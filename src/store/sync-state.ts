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

/** Records the outcome of a sync; a failure keeps the times and the skipped rows of the last success. */
export async function recordSync(
  db: Database,
  list: { readonly accountKey: string; readonly kind: SyncKind },
  outcome: {
    readonly startedAt: Date
    readonly at: Date
    readonly error: string | null
    /** Of a success; default: 0. */
    readonly skipped?: number
  },
): Promise<void> {
  const { startedAt, at, error, skipped = 0 } = outcome
  const success = { startedAt, syncedAt: at, failedAt: null, error: null, skipped }
  const failure = { failedAt: at, error }
  await db
    .insertInto('syncState')
    .values({ ...list, ...(error === null ? success : { syncedAt: null, ...failure }) })
    .onConflict((conflict) =>
      conflict.columns(['accountKey', 'kind']).doUpdateSet(error === null ? success : failure),
    )
    .execute()
}
