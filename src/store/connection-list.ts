import { type RawBuilder, sql } from 'kysely'
import type { ConnectionStatus } from '../domain/statuses.ts'
import {
  type ConnectionFilter,
  type ListArguments,
  type ListPlaceholders,
  type ListVariant,
  listOf,
  toPagedLists,
} from './connection-groups.ts'
import type { Database } from './database.ts'
import {
  countOf,
  isUuid,
  type Page,
  type PageRequest,
  type Position,
  pageOf,
  toCount,
  toLimit,
  toPage,
} from './keyset-pagination.ts'
import type { ConnectionRow } from './schema.ts'
import {
  anyOf,
  columnsAs,
  defineStatement,
  type OneOf,
  oneOf,
  type Placeholders,
  quoted,
} from './statement.ts'

/** Rows of an account that is no longer configured have the status UNKNOWN: the gateway cannot check them. */
const reportedStatus = (accountKeys: RawBuilder<readonly string[]>) =>
  sql<ConnectionStatus>`case when connections.account_key = any(${accountKeys}::text[]) then connections.status else 'UNKNOWN' end`

/**
 * A full sync checks every row that it finds but does not write unchanged ones, so its start time counts as their
 * check. Rows that it missed and disconnected rows keep their own time.
 */
const lastCheckedAt = sql<Date | null>`case when connections.missing_since is null and connections.status <> 'DISCONNECTED'
  then greatest(connections.last_checked_at, sync_state.started_at) else connections.last_checked_at end`

/** Columns of all rows. Without generated columns, which no reader uses. */
const commonColumns = {
  id: true,
  provider: true,
  accountKey: true,
  remoteId: true,
  direction: true,
  connectorKey: true,
  name: true,
  endUserId: true,
  organizationId: true,
  owner: true,
  createdAt: true,
  updatedAt: true,
} as const

/** Columns that a list reads on demand: a page with all of them takes twice the time of one without. */
const detailColumns = {
  health: { healthCode: true, healthMessage: true, healthSince: true },
  person: { endUserName: true, endUserEmail: true, organizationName: true, ownerEvidence: true },
  account: { externalAccountId: true, externalAccountName: true, externalAccountEmail: true },
  tags: { tags: true },
  check: { remoteGroup: true, visible: true, orphaned: true, missingSince: true },
} as const

/** A group of columns of a connection; `check` also has `lastCheckedAt`. */
export type ConnectionDetail = keyof typeof detailColumns
export const connectionDetails = Object.keys(detailColumns) as readonly ConnectionDetail[]

type DetailColumn = { [Detail in ConnectionDetail]: keyof (typeof detailColumns)[Detail] }[ConnectionDetail]
type ReadColumn = keyof typeof commonColumns | DetailColumn
type ReportedColumn = 'status' | 'lastCheckedAt'

// A column that is in no group is a compile error.
const columnsOf = (
  details: readonly ConnectionDetail[],
): Record<Exclude<keyof ConnectionRow, ReportedColumn>, true> =>
  Object.assign({}, commonColumns, ...details.map((detail) => detailColumns[detail])) as Record<
    ReadColumn,
    true
  >

/** Connections with the status and check time that API clients see. Columns of other details are missing in the rows. */
const selectReported = (
  db: Database,
  accountKeys: RawBuilder<readonly string[]>,
  details: readonly ConnectionDetail[] = connectionDetails,
) =>
  db
    .selectFrom('connections')
    .select(columnsAs('connections', columnsOf(details)))
    .select(reportedStatus(accountKeys).as('status'))
    .$if(details.includes('check'), (query) =>
      query
        .leftJoin('syncState', (join) =>
          join
            .onRef('syncState.accountKey', '=', 'connections.accountKey')
            .on('syncState.kind', '=', sql.lit('CONNECTIONS')),
        )
        .select(lastCheckedAt.as<'lastCheckedAt'>(quoted('lastCheckedAt'))),
    )
    .$castTo<ConnectionRow>()

const selectByIds = defineStatement(
  (db, { accountKeys, ids }: Placeholders<{ accountKeys: readonly string[]; ids: OneOf }>) =>
    selectReported(db, accountKeys).where('id', '=', anyOf(ids, 'uuid')).where('visible', '=', sql.lit(true)),
)

export async function findConnections(
  db: Database,
  accountKeys: readonly string[],
  ids: readonly string[],
): Promise<readonly ConnectionRow[]> {
  const uuids = ids.filter(isUuid)
  return uuids.length === 0 ? [] : selectByIds(db, { accountKeys, ids: oneOf(uuids) }, null)
}

interface PageArguments extends ListArguments {
  readonly count: number
  readonly after?: Position | undefined
}

interface PageVariant extends ListVariant {
  readonly limit: number
  readonly details: readonly ConnectionDetail[]
}

const selectPage = defineStatement(
  (db, args: Placeholders<PageArguments>, { limit, details, ...variant }: PageVariant) =>
    selectReported(db, args.accountKeys, details)
      .innerJoin(
        pageOf(toPagedLists(args, variant), { limit, count: args.count, after: args.after }).as('page'),
        'page.id',
        'connections.id',
      )
      .orderBy('connections.createdAt', 'desc')
      .orderBy('connections.id', 'desc'),
)

export interface ConnectionListRequest {
  readonly filter: ConnectionFilter
  readonly page: PageRequest
  /** The details that are read; those that are not are missing in the rows. By default all. */
  readonly details?: readonly ConnectionDetail[]
}

export async function listConnections(
  db: Database,
  accountKeys: readonly string[],
  { filter, page, details = connectionDetails }: ConnectionListRequest,
): Promise<Page<ConnectionRow>> {
  const list = listOf(accountKeys, filter)
  if (list === null) return toPage([], page)
  const count = page.first + 1
  const args = { ...list.args, count, after: page.after ?? undefined }
  return toPage(await selectPage(db, args, { ...list.variant, limit: toLimit(count), details }), page)
}

const selectCount = defineStatement((_db, args: ListPlaceholders, variant: ListVariant) =>
  countOf(toPagedLists(args, variant)),
)

/** Returns `null` above `maxCount`. */
export async function countConnections(
  db: Database,
  accountKeys: readonly string[],
  filter: ConnectionFilter,
): Promise<number | null> {
  const list = listOf(accountKeys, filter)
  return list === null ? 0 : toCount(await selectCount(db, list.args, list.variant))
}

/** IDs of the visible connections whose `updatedAt` is `since` or later. */
export function connectionsChangedSince(
  db: Database,
  since: Date,
): Promise<readonly Pick<ConnectionRow, 'id' | 'updatedAt'>[]> {
  return db
    .selectFrom('connections')
    .select(['id', 'updatedAt'])
    .where('visible', '=', true)
    .where('updatedAt', '>=', since)
    .execute()
}
