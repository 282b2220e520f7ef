import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** Where a page begins: after this row, newest first. */
export interface Position {
  readonly createdAt: Date
  readonly id: string
}

export interface PageRequest {
  readonly first: number
  readonly after: Position | null
}

/** One row more than asked for tells whether there is a next page. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
}

/**
 * A filtered list as a handful of places, each of them one range of one index in the order of time. What a page costs
 * grows with the number of places and the size of the page, not with the table, and not with how far in it lies.
 */
export interface PagedList extends IndexRange {
  /** A query of its places: one row for each, with the varying columns. */
  readonly groups: RawBuilder<unknown>
}

/** Columns in the order in which an index of the table has them. */
export interface IndexRange {
  readonly table: keyof Schema
  /** Columns that have one value in the whole list. */
  readonly equals: Readonly<Record<string, string>>
  /** Columns that tell its places apart. */
  readonly groupedBy: readonly string[]
  /** What its index says of every row that it has. */
  readonly conditions?: readonly RawBuilder<unknown>[]
}

/** The ids of a page, newest first, and of one row more. */
export const pageOf = (listing: PagedList, { first, after }: PageRequest): RawBuilder<{ id: string }> => sql`(
  with places as (${listing.groups})
  select row.id, row.created_at from places cross join lateral (${newest(listing, first + 1, after)}) row
  order by row.created_at desc, row.id desc limit ${first + 1})`

/**
 * Of each place, so many rows. A place is named by a range, not by an equation: how many rows have a value, a planner believes
 * to know, and may think that sorting them all is quicker than reading the first.
 */
function newest(place: IndexRange, count: number, after: Position | null): RawBuilder<unknown> {
  const { found, wanted } = hashes(place)
  const end = after
    ? sql`${after.createdAt}::timestamptz, ${after.id}::uuid`
    : sql`'infinity'::timestamptz, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`
  return sql`
    select id, created_at from ${sql.table(place.table)}
    where (${found}, created_at, id) < (${wanted}, ${end})
      and (${found}, created_at, id) > (${wanted}, '-infinity'::timestamptz, '00000000-0000-0000-0000-000000000000'::uuid)
      and ${matches(place)}
    order by ${found} desc, created_at desc, id desc limit ${count}`
}

/** Whether a row is at a place: where there is only one, and few rows are expected there. */
export function inRange(place: IndexRange): RawBuilder<boolean> {
  const { found, wanted } = hashes(place)
  return sql`${found} = ${wanted} and ${matches(place)}`
}

// Texts may be longer than an index entry, so indexes are of hashes, and the columns themselves settle it. They stand
// inside a case, where a planner cannot multiply their odds into a belief that hardly any row is left.
function matches(place: IndexRange): RawBuilder<unknown> {
  const { columns, values } = termsOf(place)
  const same = columns.map((column, index) => sql`${column} = ${values[index]}`)
  const settled = sql`case when ${sql.join(same, sql` and `)} then true end`
  return sql.join([settled, ...(place.conditions ?? [])], sql` and `)
}

function hashes(place: IndexRange) {
  const { columns, values } = termsOf(place)
  return { found: hashOf(columns), wanted: hashOf(values) }
}

const termsOf = ({ table, equals, groupedBy }: IndexRange) => ({
  columns: [...Object.keys(equals), ...groupedBy].map((name) => sql.ref(`${table}.${name}`)),
  values: [
    ...Object.values(equals).map((value) => sql`${value}::text`),
    ...groupedBy.map((name) => sql.ref(`places.${name}`)),
  ],
})

const hashOf = (values: readonly RawBuilder<unknown>[]) =>
  sql`hash_array_extended(array[${sql.join(values)}], 0)`

export function toPage<Row>(rows: readonly Row[], { first }: PageRequest): Page<Row> {
  return { rows: rows.slice(0, first), hasNextPage: rows.length > first }
}

/** Counting further would cost more than anybody wants to know it. */
export const maxCount = 10_000

/** How many rows a list has; `null`: too many to count. */
export async function countOf(db: Database, listing: PagedList): Promise<number | null> {
  const enough = maxCount + 1
  const { rows } = await sql<{ count: number }>`
    with places as (${listing.groups})
    select count(*)::int as count from (
      select from places cross join lateral (${newest(listing, enough, null)}) row limit ${enough}
    ) counted`.execute(db)
  const count = rows[0]?.count ?? 0
  return count > maxCount ? null : count
}

/** Whether a text can be compared with a uuid column; others name nothing. */
export const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
