import type { Database } from './database.ts'
import type { SliceKind, SliceRow } from './schema.ts'

export async function findSlices(
  db: Database,
  kind: SliceKind,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, SliceRow>> {
  if (scopes.length === 0) return new Map()
  const rows = await db
    .selectFrom('slices')
    .selectAll()
    .where('kind', '=', kind)
    .where('scope', 'in', [...scopes])
    .execute()
  return new Map(rows.map((row) => [row.scope, row]))
}

/** Notes how a sync ended; a failure leaves the time of the last success in place. */
export async function noteSync(
  db: Database,
  slice: { readonly scope: string; readonly kind: SliceKind },
  outcome: { readonly begunAt: Date; readonly at: Date; readonly error: string | null },
): Promise<void> {
  const { begunAt, at, error } = outcome
  const success = { begun_at: begunAt, synced_at: at, failed_at: null, error: null }
  const failure = { failed_at: at, error }
  await db
    .insertInto('slices')
    .values({ ...slice, ...(error === null ? success : { synced_at: null, ...failure }) })
    .onConflict((conflict) =>
      conflict.columns(['scope', 'kind']).doUpdateSet(error === null ? success : failure),
    )
    .execute()
}
