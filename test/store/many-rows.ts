import { sql } from 'kysely'
import type { ConnectionFilter } from '../../src/store/connection-list.ts'
import type { Database } from '../../src/store/database.ts'
import { startedAt } from './rows.ts'

/** The configured accounts; the connections have a fifth account, which is not configured. */
export const accountKeys = ['FIVETRAN|a', 'CENSUS|a', 'PIPEDREAM|a', 'XPANDER|a']

/**
 * Inserts `count` connections, one per second back in time. Half of them have the same end user and connector, nearly
 * all are ACTIVE, and all are tagged. The rows with rare values are the oldest, which a scan in the order of time
 * reaches last.
 */
export async function fillConnections(db: Database, count: number): Promise<void> {
  await sql`alter table connections disable trigger announce_connection_made`.execute(db)
  const rare = sql`n >= ${count - 50}::int`
  await sql`
    insert into connections (id, provider, account_key, remote_id, direction, connector_key, status, health_code,
      end_user_id, tags, visible, created_at, updated_at, last_checked_at)
    select gen_random_uuid(), split_part(account_key, '|', 1), account_key, 'remote-' || n, 'TOOL',
      case when ${rare} then 'rare' when n % 2 = 0 then 'common' else 'connector-' || n % 500 end,
      case when ${rare} then 'NEEDS_ATTENTION' else 'ACTIVE' end, 'OK',
      case when n % 2 = 0 then 'organisation' else 'user-' || n % 100000 end,
      case when ${rare} then '[{"key":"plan","value":"pro"},{"key":"kind","value":"rare"}]'::jsonb
        else '[{"key":"plan","value":"pro"}]'::jsonb end,
      n % 1000 <> 7, at - n * interval '1 second', at, at
    from (
      select n, ${startedAt}::timestamptz as at,
        (array['FIVETRAN|a', 'CENSUS|a', 'PIPEDREAM|a', 'XPANDER|a', 'PIPEDREAM|former'])[1 + n % 5] as account_key
      from generate_series(0, ${count - 1}::int) as n
    ) numbered`.execute(db)
  await sql`alter table connections enable trigger announce_connection_made`.execute(db)
  await sql`vacuum analyze connections`.execute(db)
  await sql`vacuum analyze connection_tags`.execute(db)
}

const pro = { key: 'plan', value: 'pro' }
const common = { endUserId: 'organisation', connectorKey: 'common' }

export const connectionFilters: readonly ConnectionFilter[] = [
  {},
  { providers: ['CENSUS'] },
  { providers: [] },
  { statuses: ['ACTIVE'] },
  { statuses: ['NEEDS_ATTENTION'] },
  { statuses: ['PAUSED'] },
  { statuses: ['UNKNOWN'] },
  { endUserId: 'organisation' },
  { endUserId: 'user-77' },
  { endUserId: 'unknown-user' },
  { connectorKey: 'common' },
  { connectorKey: 'rare' },
  common,
  { ...common, statuses: ['PAUSED', 'NEEDS_ATTENTION'] },
  { ...common, providers: ['XPANDER'], statuses: ['UNKNOWN'] },
  { providers: ['PIPEDREAM'], statuses: ['NEEDS_ATTENTION', 'UNKNOWN'] },
  { tag: pro },
  { tag: { key: 'kind', value: 'rare' } },
  { tag: pro, statuses: ['NEEDS_ATTENTION'] },
  { tag: pro, connectorKey: 'rare' },
  { tag: pro, endUserId: 'user-77' },
  { tag: pro, ...common, statuses: ['PAUSED'] },
]

/** Inserts `count` links, one per second back in time; all but the 50 oldest have expired. */
export async function fillLinks(db: Database, count: number): Promise<void> {
  await sql`
    insert into connect_links (id, provider, account_key, connector_key, direction, purpose, status, expiry_source, embeddable,
      requires_provider_login, end_user_id, tags, created_at, status_changed_at)
    select gen_random_uuid(), (array['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'])[1 + n % 4], 'account_key', 'key', 'TOOL',
      'CONNECT', case when n >= ${count - 50}::int then 'CREATED' else 'EXPIRED' end, 'NONE', false, false,
      case when n % 2 = 0 then 'organisation' else 'user-' || n % 100000 end,
      '[{"key":"plan","value":"pro"}]'::jsonb, at - n * interval '1 second', at
    from (select n, ${startedAt}::timestamptz as at from generate_series(0, ${count - 1}::int) as n) numbered`.execute(
    db,
  )
  await sql`vacuum analyze connect_links`.execute(db)
  await sql`vacuum analyze connect_link_tags`.execute(db)
}

export const linkFilters = [
  {},
  { providers: ['CENSUS'] },
  { statuses: ['CREATED'] },
  { endUserId: 'organisation' },
  { endUserId: 'organisation', statuses: ['CREATED', 'FAILED'] },
  { tag: pro },
  { tag: pro, statuses: ['CREATED'] },
  { tag: pro, endUserId: 'organisation', providers: ['XPANDER'], statuses: ['FAILED'] },
] as const
