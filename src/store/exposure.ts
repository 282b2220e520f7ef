import { sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import { openLinkStatuses } from '../domain/statuses.ts'
import type { Database } from './database.ts'
import { type Page, type PageRequest, toPage } from './keyset-pagination.ts'
import { pageNewestFirst } from './newest-first.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** What existed at a provider in a time, at any of its accounts. */
export interface ExposureRequest {
  readonly provider: ProviderKey
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
}

export interface ExposureCounts {
  readonly connections: number
  readonly connectLinks: number
  readonly endUsers: number
  readonly organizations: number
}

/** Includes those that are not listed, such as one that is held back until it is confirmed. */
const connectionsIn = ({ provider, from, to }: ExposureRequest) => sql<boolean>`
  provider = ${provider} and created_at < ${to}::timestamptz
  and (status <> 'DISCONNECTED' or updated_at >= ${from}::timestamptz)`

const linksIn = ({ provider, from, to }: ExposureRequest) => sql<boolean>`
  provider = ${provider} and created_at < ${to}::timestamptz
  and (status = any(${[...openLinkStatuses]}::text[]) or status_changed_at >= ${from}::timestamptz)`

/** One page, newest first. */
export const listExposedConnections = (
  db: Database,
  request: ExposureRequest,
  page: PageRequest,
): Promise<Page<ConnectionRow>> =>
  pageNewestFirst(db.selectFrom('connections').selectAll().where(connectionsIn(request)), page)

/** One page, newest first. */
export const listExposedLinks = (
  db: Database,
  request: ExposureRequest,
  page: PageRequest,
): Promise<Page<ConnectLinkRow>> =>
  pageNewestFirst(db.selectFrom('connectLinks').selectAll().where(linksIn(request)), page)

/** End users are counted once in each organization. */
export async function countExposure(db: Database, request: ExposureRequest): Promise<ExposureCounts> {
  const { rows } = await sql<ExposureCounts>`
    with exposed as (
      select true as is_connection, end_user_id, organization_id from connections where ${connectionsIn(request)}
      union all
      select false, end_user_id, organization_id from connect_links where ${linksIn(request)}
    )
    select count(*) filter (where is_connection)::int as connections,
      count(*) filter (where not is_connection)::int as connect_links,
      (select count(*)::int from (
        select distinct end_user_id, organization_id from exposed where end_user_id is not null) users) as end_users,
      count(distinct organization_id)::int as organizations
    from exposed`.execute(db)
  return rows[0] as ExposureCounts
}

/** An end user, in an organization if there is one, with the numbers of what existed. */
export interface ExposedEndUser {
  readonly endUserId: string
  readonly organizationId: string | null
  readonly connections: number
  readonly connectLinks: number
}

/** One page, ordered by the IDs. `after`: the last one of the page before. */
export async function listExposedEndUsers(
  db: Database,
  request: ExposureRequest,
  { first, after }: { readonly first: number; readonly after: readonly [string, string] | null },
): Promise<Page<ExposedEndUser>> {
  const isAfter =
    after === null
      ? sql`true`
      : sql`(end_user_id, coalesce(organization_id, '')) > (${after[0]}, ${after[1]})`
  const { rows } = await sql<ExposedEndUser>`
    select end_user_id, organization_id, count(*) filter (where is_connection)::int as connections,
      count(*) filter (where not is_connection)::int as connect_links
    from (
      select true as is_connection, end_user_id, organization_id from connections where ${connectionsIn(request)}
      union all
      select false, end_user_id, organization_id from connect_links where ${linksIn(request)}
    ) exposed
    where end_user_id is not null and ${isAfter}
    group by end_user_id, organization_id
    order by end_user_id, coalesce(organization_id, '') limit ${first + 1}`.execute(db)
  return toPage(rows, { first })
}
