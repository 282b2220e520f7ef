import { type RawBuilder, sql } from 'kysely'
import {
  type FunnelDrop,
  type FunnelGrouping,
  type FunnelKey,
  type FunnelStage,
  funnelStages,
} from '../domain/link-funnel.ts'
import type { Database } from './database.ts'

export interface FunnelRequest {
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
  /** `null`: one group with all links. */
  readonly groupBy: FunnelGrouping | null
}

/** Links of a group that reached the same stage and have the same status and last failure. */
export type FunnelCount = FunnelKey & FunnelDrop

export interface FunnelMedians extends FunnelKey {
  readonly secondsToOpen: number | null
  readonly secondsToComplete: number | null
}

/**
 * Counts the links that were created in that time, by their recorded histories; not those that reused a connection, with
 * which the end user has nothing to do.
 */
export async function countFunnel(db: Database, request: FunnelRequest): Promise<readonly FunnelCount[]> {
  const { rows } = await sql<FunnelKey & Omit<FunnelDrop, 'stage'> & { readonly stage: number }>`
    with ${funnelLinks(request)}
    select provider, connector_key, organization_id, day, stage, status, failure_code, count(*)::int as count
    from links group by provider, connector_key, organization_id, day, stage, status, failure_code`.execute(
    db,
  )
  return rows.map(({ stage, ...row }) => ({ ...row, stage: funnelStages[stage] as FunnelStage }))
}

/** The median times from creation to opening and to completion, in seconds, of each group. */
export async function readFunnelMedians(
  db: Database,
  request: FunnelRequest,
): Promise<readonly FunnelMedians[]> {
  const { rows } = await sql<FunnelMedians>`
    with ${funnelLinks(request)}
    select provider, connector_key, organization_id, day, ${median(sql.ref('opened_at'))} as seconds_to_open,
      ${median(sql.ref('completed_at'))} as seconds_to_complete
    from links group by provider, connector_key, organization_id, day`.execute(db)
  return rows
}

const median = (time: RawBuilder<unknown>) => sql`
  round((percentile_cont(0.5) within group (order by extract(epoch from ${time} - created_at)::float8))::numeric, 3)::float8`

/** The columns of each grouping; a grouping leaves the others empty, so that all its links are equal in them. */
const keyColumns: Readonly<Record<FunnelGrouping, readonly (keyof typeof keys)[]>> = {
  PROVIDER: ['provider'],
  CONNECTOR: ['provider', 'connector_key'],
  ORGANIZATION: ['organization_id'],
  DAY: ['day'],
}

const keys = {
  provider: sql`connect_links.provider`,
  connector_key: sql`connect_links.connector_key`,
  organization_id: sql`connect_links.organization_id`,
  day: sql`date_trunc('day', connect_links.created_at, 'UTC')`,
}

const types = { provider: 'text', connector_key: 'text', organization_id: 'text', day: 'timestamptz' }

const keyOf = (groupBy: FunnelGrouping | null) =>
  sql.join(
    (Object.keys(keys) as (keyof typeof keys)[]).map((column) => {
      const isUsed = groupBy !== null && keyColumns[groupBy].includes(column)
      return sql`${isUsed ? keys[column] : sql.raw(`null::${types[column]}`)} as ${sql.ref(column)}`
    }),
  )

/** What a person does on the gateway's page or in the application, and a removal, are no attempts at the provider. */
const isAttempt = sql`(to_status in ('AUTHORIZING', 'COMPLETED') or (failure_code <> 'REMOVED_AT_PROVIDER'
  and source not in ('API_CALL', 'HOSTED_PAGE', 'COLLEAGUE', 'TIMEOUT')))`

/** Each link with its group, the number of its last stage, and the times at which it reached them. */
const funnelLinks = ({ from, to, groupBy }: FunnelRequest) => sql`
  created as (
    select link_id from link_transitions
    where at >= ${from}::timestamptz and at < ${to}::timestamptz and number = 1 and reason is distinct from 'REUSED'
  ),
  reached as (
    select link_id,
      min(at) filter (where to_status = 'OPENED' or ${isAttempt}) as opened_at,
      min(at) filter (where ${isAttempt}) as attempted_at,
      min(at) filter (where to_status = 'COMPLETED') as completed_at,
      (array_agg(failure_code order by number desc) filter (where failure_code is not null))[1] as failure_code
    from created join link_transitions using (link_id) group by link_id
  ),
  links as (
    select ${keyOf(groupBy)}, connect_links.status, connect_links.created_at,
      reached.opened_at, completed_at, failure_code,
      case when completed_at is not null then 3 when attempted_at is not null then 2
        when reached.opened_at is not null then 1 else 0 end as stage
    from reached join connect_links on connect_links.id = reached.link_id
  )`
