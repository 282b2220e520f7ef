import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { SyncKind, SyncStateRow } from './schema.ts'
import { columnsAs, defineStatement, type Placeholders } from './statement.ts'

/** A record, so that a missing column is a compile error. */
const columns = {
  accountKey: true,
  kind: true,
  startedAt: true,
  syncedAt: true,
  failedAt: true,
  error: true,
  skipped: true,
} as const satisfies Record<keyof SyncStateRow, true>

const selectStates = defineStatement(
  (db, { kind, accountKeys }: Placeholders<{ kind: SyncKind; accountKeys: readonly string[] }>) =>
    db
      .selectFrom('syncState')
      .select(columnsAs('syncState', columns))
      .where('kind', '=', kind)
      .where('accountKey', '=', sql<string>`any(${accountKeys}::text[])`),
)

export async function findSyncStates(
  db: Database,
  kind: SyncKind,
  accountKeys: readonly string[],
): Promise<ReadonlyMap<string, SyncStateRow>> {
  if (accountKeys.length === 0) return new Map()
  const rows = await selectStates(db, { kind, accountKeys }, null)
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
