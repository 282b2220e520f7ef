import { type RawBuilder, sql } from 'kysely'
import type { Schema } from './schema.ts'
import type { Placeholders } from './statement.ts'

/** Sort position of a row (newest first); a page starts after it. */
export interface Position {
  readonly createdAt: Date
  readonly id: string
}

export interface PageRequest {
  readonly first: number
  readonly after: Position | null
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
}

/**
 * A filtered list as a few groups, each of which is one range of one index, ordered by time. The cost of a page grows
 * with the number of groups and the page size, not with the size of the table or the depth of the page.
 */
export interface PagedList extends IndexedGroup {
  /** Query for the groups: one row each, with the columns of `groupedBy`. */
  readonly groups: RawBuilder<unknown>
}

/** Filter columns, in the order of an index of the table: first `equals`, then `groupedBy`. */
export interface IndexedGroup {
  readonly table: keyof Schema
  /** Columns that have one value in the whole list. */
  readonly equals: Readonly<Record<string, string | RawBuilder<string | null>>>
  /** Columns whose values differ between the groups. */
  readonly groupedBy: readonly string[]
  /** The predicates of the partial index. */
  readonly conditions?: readonly RawBuilder<unknown>[]
  /** Conditions that no index has: rows that do not meet them are read and dropped. */
  readonly filters?: readonly RawBuilder<unknown>[]
}

/** A page and the row after it, as a statement has it. */
export interface PageRange {
  /** Number of rows to read from each group: a few different numbers, which the text of the statement contains. */
  readonly limit: number
  /** Number of rows to return. */
  readonly count: number | RawBuilder<number>
  readonly after?: Position | Placeholders<Position> | null | undefined
}

/**
 * The IDs of a page and of the row after it, newest first; of lists that have no row in common. `limit` is not a parameter:
 * PostgreSQL estimates an unknown limit as a tenth of the rows, and a plan that fits all values of the parameters then
 * reads the groups of a large table in another way.
 */
export const pageOf = (
  lists: readonly PagedList[],
  { limit, count, after }: PageRange,
): RawBuilder<{ id: string }> => sql`(
  select id, created_at from (
    select id, created_at from (${rowsOf(lists, limit, after)}) row
    order by row.created_at desc, row.id desc limit ${sql.lit(limit)}) newest
  order by created_at desc, id desc limit ${count})`

/** `limit` for that many rows: the next of a few numbers. Usual pages have 10, 20, 50 or 100 rows, and the row after. */
export const toLimit = (count: number): number =>
  [2, 11, 21, 51].find((limit) => count <= limit) ?? Math.ceil((count - 1) / 100) * 100 + 1

/** The newest `limit` rows of each group of each list. */
function rowsOf(lists: readonly PagedList[], limit: number, after: PageRange['after']): RawBuilder<unknown> {
  const parts = lists.map((list) => {
    const values = valuesOf(list, (column) => sql.ref(`groups.${column}`))
    return sql`
      select row.id, row.created_at
      from (select groups.*, ${hashOf(values)} as value_hash from (${list.groups}) groups) list_groups
      cross join lateral (${newestRows(list, limit, after)}) row`
  })
  return sql.join(parts, sql` union all `)
}

/**
 * The newest `limit` rows of each group. Uses a range of the index, not `=` on the hash: with `=` the planner uses
 * column statistics, may choose Sort instead of the index order, and overestimates the cost. In the measurement at
 * `hashColumn`, `=` took 40 ms instead of 1.2 ms, because the estimated cost of 142,676 exceeded `jit_above_cost` (100,000)
 * and the query was JIT-compiled.
 */
function newestRows(group: IndexedGroup, limit: number, after: PageRange['after']): RawBuilder<unknown> {
  const hash = hashColumn(group)
  const end = after
    ? sql`${after.createdAt}::timestamptz, ${after.id}::uuid`
    : sql`'infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`
  return sql`
    select id, created_at from ${sql.table(group.table)}
    where (${hash}, created_at, id) < (list_groups.value_hash, ${end})
      and (${hash}, created_at, id) > (list_groups.value_hash, '-infinity'::timestamptz, '00000000-0000-0000-0000-000000000000'::uuid)
      and ${matches(group)}
    order by ${hash} desc, created_at desc, id desc limit ${sql.lit(limit)}`
}

/** Whether a row is in the group. Only for a single group (empty `groupedBy`) with few rows. */
export const isInGroup = (group: IndexedGroup): RawBuilder<boolean> =>
  sql`${hashColumn(group)} = ${hashOf(valuesOf(group))} and ${matches(group)}`

/**
 * Compares the columns themselves, because different values can have the same hash. The CASE hides the comparisons from
 * the planner, which would multiply their selectivities and underestimate the number of rows.
 */
function matches(group: IndexedGroup): RawBuilder<unknown> {
  const values = valuesOf(group)
  const equalities = groupColumns(group).map(
    (column, index) => sql`${sql.ref(`${group.table}.${column}`)} = ${values[index]}`,
  )
  const areEqual = sql`case when ${sql.join([...equalities, ...(group.filters ?? [])], sql` and `)} then true end`
  return sql.join([areEqual, ...(group.conditions ?? [])], sql` and `)
}

/** The columns of an index, in its order. */
const groupColumns = ({ equals, groupedBy }: IndexedGroup) => [...Object.keys(equals), ...groupedBy]

const valuesOf = (
  { equals, groupedBy }: IndexedGroup,
  groupValue = (column: string) => sql.ref(`list_groups.${column}`),
) => [...Object.values(equals).map((value) => sql`${value}::text`), ...groupedBy.map(groupValue)]

/**
 * The first column of every list index (migrations/2026-12-04-row-security.ts): a generated column with a 64-bit hash of
 * the filter columns, followed by `created_at, id`; the index type is btree. An index on the expression would not be used
 * for a table with policies. A btree index on the columns themselves is as fast to read, but rejects
 * valid input: an index entry is limited to 2704 bytes, while a tag key (64 characters), a tag value (500), an end user
 * ID (250) and a connector key (200) can have 3042 bytes, at 3 bytes of UTF-8 for each UTF-16 code unit. Inserting a
 * connection with random CJK texts of these lengths failed with SQLSTATE 54000 (repetitive texts are compressed and fit):
 *
 *     index row size 3136 exceeds btree version 4 maximum 2704 for index "plain_btree"
 *
 * Measured on PostgreSQL 15.18 with 1,000,000 connections (test/store/many-rows.ts): IDs of the first page of 100,
 * filtered by tag, end user and connector. EXPLAIN (ANALYZE, BUFFERS), shortened; median execution time of five runs.
 * The present index, 73 MB (then on the expression):
 *
 *     Limit (rows=101) Buffers: shared hit=190
 *     -> Sort (rows=101) Sort Key: created_at DESC, id DESC; top-N heapsort
 *        -> Index Scan Backward using connection_tags_by_key_value_end_user_connector_scope_status (rows=17 loops=30)
 *             Index Cond: ROW(hash_array_extended(...), created_at, id) < ROW(...) AND ROW(...) > ROW(...)
 *             Filter: CASE WHEN ... END; Buffers: shared hit=165
 *     Execution Time: 1.2 ms
 *
 * A btree index on (key, value, end_user_id, connector_key, account_key, status, created_at, id), 97 MB:
 *
 *     Limit (rows=101) Buffers: shared hit=152
 *     -> Sort (rows=101) Sort Key: created_at DESC, id DESC; top-N heapsort
 *        -> Index Only Scan Backward using plain_btree (rows=17 loops=30)
 *             Index Cond: key = ... AND value = ... AND end_user_id = ... AND ROW(created_at, id) < ROW(...)
 *             Heap Fetches: 0; Buffers: shared hit=127
 *     Execution Time: 0.9 ms
 *
 * The second plan needs `=` on each column. With the range of `newestRows` it took 3 to 6 s (87,522 buffers): a row
 * comparison ends an index scan by its first column only, which is then the tag key, the same for all rows.
 */
const hashColumn = (group: IndexedGroup) => sql.ref(`${group.table}.${hashName(groupColumns(group))}`)

/** `endUserId, connectorKey` → `byEndUserConnector` */
export const hashName = (columns: readonly string[]) =>
  `by${columns.map((column) => column[0]?.toUpperCase() + column.slice(1).replace(/(Id|Key)$/, '')).join('')}`

/** The value of such a column for these values. */
const hashOf = (values: readonly RawBuilder<unknown>[]) =>
  sql<string>`hash_array_extended(array[${sql.join(values)}], 0)`

/** Builds a page from `first + 1` rows; a row beyond `first` shows that there is a next page. */
export function toPage<Row>(rows: readonly Row[], { first }: Pick<PageRequest, 'first'>): Page<Row> {
  return { rows: rows.slice(0, first), hasNextPage: rows.length > first }
}

/** Larger counts are not computed: the cost of a count grows with the number of rows. */
export const maxCount = 10_000

/** The number of rows of lists that have none in common, up to one more than `maxCount`. */
export function countOf(lists: readonly PagedList[]): RawBuilder<{ count: number }> {
  const limit = maxCount + 1
  return sql`
    select count(*)::int as count from (
      select from (${rowsOf(lists, limit, null)}) row limit ${sql.lit(limit)}
    ) counted`
}

/** The number from the rows of `countOf`; `null` above `maxCount`. */
export function toCount([row]: readonly { readonly count: number }[]): number | null {
  const count = row?.count ?? 0
  return count > maxCount ? null : count
}

/** An array of constants in the text of a statement, so that the planner knows how many there are. */
export const literals = (values: readonly string[]) =>
  sql`array[${sql.join(values.map((value) => sql.lit(value)))}]`

/** Whether a text is a UUID in canonical form. Other texts match no row, and PostgreSQL can reject them as uuid. */
export const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
