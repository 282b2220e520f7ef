import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface StoreMetrics {
  readonly openLinks: readonly {
    readonly provider: string
    readonly status: string
    readonly count: number
  }[]
  /** Of the last hour. */
  readonly endedLinks: readonly { readonly status: string; readonly count: number }[]
  readonly syncAges: readonly {
    readonly accountKey: string
    readonly kind: string
    readonly seconds: number
  }[]
  /** At most 10,001: larger numbers are not counted. */
  readonly pendingMessages: number
  readonly pendingDeliveries: number
}

const maxCounted = 10_001

/** Reads what the metrics show of the database. Every part reads a small range of an index, whatever the size of the tables. */
export async function readStoreMetrics(db: Database, now: Date): Promise<StoreMetrics> {
  const since = new Date(now.getTime() - 3_600_000)
  const [openLinks, ended, syncs, queues] = await Promise.all([
    sql<{ provider: string; status: string; count: string }>`
      select provider, status, count(*) from connect_links
      where status in ('CREATED', 'OPENED', 'AUTHORIZING') group by provider, status`.execute(db),
    sql<{ status: string; count: string }>`
      select to_status as status, count(*) from link_transitions
      where at >= ${since}::timestamptz and to_status is distinct from from_status
        and to_status in ('COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED')
      group by to_status`.execute(db),
    sql<{ accountKey: string; kind: string; seconds: number }>`
      select account_key, kind, extract(epoch from ${now}::timestamptz - synced_at)::float8 as seconds
      from sync_state where synced_at is not null`.execute(db),
    sql<{ messages: number; deliveries: number }>`
      select
        (select count(*)::int from (select from webhook_messages where state = 'PENDING' limit ${maxCounted}) m) as messages,
        (select count(*)::int from (select from webhook_deliveries where next_attempt_at is not null limit ${maxCounted}) d)
          as deliveries`.execute(db),
  ])
  return {
    openLinks: openLinks.rows.map(({ count, ...row }) => ({ ...row, count: Number(count) })),
    endedLinks: ended.rows.map(({ status, count }) => ({ status, count: Number(count) })),
    syncAges: syncs.rows,
    pendingMessages: queues.rows[0]?.messages ?? 0,
    pendingDeliveries: queues.rows[0]?.deliveries ?? 0,
  }
}
