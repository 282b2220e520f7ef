import { sql } from 'kysely'
import { connectionStatuses } from '../../src/domain/statuses.ts'
import type { ConnectionFilter } from '../../src/store/connection-groups.ts'
import type { Database } from '../../src/store/database.ts'
import type { LinkFilter } from '../../src/store/link-list.ts'
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
      end_user_id, organization_id, owner, tags, visible, created_at, updated_at, last_checked_at)
    select gen_random_uuid(), split_part(account_key, '|', 1), account_key, 'remote-' || n, 'TOOL',
      case when ${rare} then 'rare' when n % 2 = 0 then 'common' else 'connector-' || n % 500 end,
      case when ${rare} then 'NEEDS_ATTENTION' else 'ACTIVE' end, 'OK',
      case when n % 2 = 0 then 'common-user' else 'user-' || n % 100000 end,
      case n % 6 when 0 then null when 1 then 'globex' else 'acme' end,
      case when ${rare} or n % 6 = 2 then 'ORGANIZATION' else 'PERSON' end,
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
const common = { endUserId: 'common-user', connectorKey: 'common' }

/** Those of a list without a filter by status. */
const present = connectionStatuses.filter((status) => status !== 'DISCONNECTED')

export const connectionFilters: readonly ConnectionFilter[] = [
  {},
  { statuses: present },
  { ...common, statuses: present },
  { providers: ['CENSUS'], statuses: present },
  { providers: ['CENSUS'] },
  { providers: [] },
  { statuses: ['ACTIVE'] },
  { statuses: ['NEEDS_ATTENTION'] },
  { statuses: ['PAUSED'] },
  { statuses: ['UNKNOWN'] },
  { endUserId: 'common-user' },
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
  { organizationId: 'acme' },
  { organizationId: 'acme', connectorKey: 'rare' },
  { organizationId: 'globex', statuses: ['NEEDS_ATTENTION', 'UNKNOWN'] },
  { organizationId: 'unknown' },
  { tag: pro, organizationId: 'acme' },
  { endUserId: 'common-user', organizationId: 'acme' },
]

const own = { endUserId: 'common-user', organizationId: 'acme' }

/** What sessions with and without access to an organization may read. */
export const restrictedFilters: readonly ConnectionFilter[] = [
  { within: [own] },
  { within: [{ endUserId: 'user-77', organizationId: null }] },
  { within: [own], tag: pro },
  { within: [own], connectorKey: 'common', statuses: ['ACTIVE'] },
  {
    within: [
      { ...own, owner: 'PERSON' },
      { organizationId: 'acme', owner: 'ORGANIZATION' },
    ],
  },
  {
    within: [
      { ...own, owner: 'PERSON' },
      { organizationId: 'acme', owner: 'ORGANIZATION' },
    ],
    statuses: ['PAUSED'],
  },
]

/** Inserts `count` links, one per second back in time; all but the 50 oldest have expired. */
export async function fillLinks(db: Database, count: number): Promise<void> {
  await sql`
    insert into connect_links (id, provider, account_key, connector_key, direction, purpose, status, expiry_source, embeddable,
      requires_provider_login, end_user_id, organization_id, tags, created_at, status_changed_at)
    select gen_random_uuid(), (array['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'])[1 + n % 4], 'account_key', 'key', 'TOOL',
      'CONNECT', case when n >= ${count - 50}::int then 'CREATED' else 'EXPIRED' end, 'NONE', false, false,
      case when n % 2 = 0 then 'common-user' else 'user-' || n % 100000 end,
      case n % 6 when 0 then null when 1 then 'globex' else 'acme' end,
      '[{"key":"plan","value":"pro"}]'::jsonb, at - n * interval '1 second', at
    from (select n, ${startedAt}::timestamptz as at from generate_series(0, ${count - 1}::int) as n) numbered`.execute(
    db,
  )
  await sql`vacuum analyze connect_links`.execute(db)
  await sql`vacuum analyze connect_link_tags`.execute(db)
}

export const linkFilters: readonly LinkFilter[] = [
  {},
  { providers: ['CENSUS'] },
  { statuses: ['CREATED'] },
  { endUserId: 'common-user' },
  { endUserId: 'common-user', statuses: ['CREATED', 'FAILED'] },
  { tag: pro },
  { tag: pro, statuses: ['CREATED'] },
  { tag: pro, endUserId: 'common-user', providers: ['XPANDER'], statuses: ['FAILED'] },
  { organizationId: 'acme' },
  { tag: pro, organizationId: 'globex', statuses: ['CREATED'] },
  { endUserId: 'common-user', organizationId: 'acme' },
]
