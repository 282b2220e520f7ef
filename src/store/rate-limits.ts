import { sql } from 'kysely'
import type { Database } from './database.ts'

/** What one gateway process adds to the use of a key in the window that starts at `windowStart`. */
export interface RateLimitUse {
  readonly key: string
  readonly windowStart: Date
  readonly used: number
}

/** Adds to the use of each key; returns the totals over all gateways, in any order. */
export async function addRateLimitUse(
  db: Database,
  uses: readonly RateLimitUse[],
): Promise<readonly RateLimitUse[]> {
  if (uses.length === 0) return []
  // Sorted, so that two gateways lock the rows in the same order.
  const sorted = [...uses].sort((one, other) => (one.key < other.key ? -1 : 1))
  const { rows } = await sql<RateLimitUse>`
    insert into rate_limits (key, window_start, used)
    select * from unnest(
      ${sorted.map(({ key }) => key)}::text[],
      ${sorted.map(({ windowStart }) => windowStart)}::timestamptz[],
      ${sorted.map(({ used }) => used)}::double precision[])
    on conflict (key, window_start) do update set used = rate_limits.used + excluded.used
    returning key, window_start, used`.execute(db)
  return rows
}

export async function deleteRateLimitsBefore(db: Database, time: Date): Promise<void> {
  await sql`delete from rate_limits where window_start < ${time}::timestamptz`.execute(db)
}
