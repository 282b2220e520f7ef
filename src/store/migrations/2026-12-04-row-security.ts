import { type Kysely, type RawBuilder, sql } from 'kysely'

/**
 * Row-level security for the reads of sessions (see `asViewer` in row-access.ts). Superusers bypass it: PGlite, whose
 * only user is one, has the policies without their effect.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await dropHashIndexes(db)
  for (const table of ['connections', 'connection_tags', 'connect_links', 'connect_link_tags'])
    await indexLists(db, table)
  await restrictRows(db)
}

/**
 * An index on an expression with a function that is not LEAKPROOF, such as `hash_array_extended`, is not used for a table
 * with policies: PostgreSQL would call the function with rows that the policy hides. Generated columns replace them.
 */
async function dropHashIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ declare name text; begin
      for name in select indexname from pg_indexes
        where schemaname = current_schema() and indexdef like '%hash_array_extended%'
      loop execute format('drop index %I', name); end loop;
    end $$`.execute(db)
}

const connectionState = ['account_key', 'status']
const linkState = ['provider', 'status']

/** The column sets that lists are filtered by, without tags: see `groupColumns` in keyset-pagination.ts. */
const connectionLists = [
  connectionState,
  ['connector_key', ...connectionState],
  ['end_user_id', ...connectionState],
  ['end_user_id', 'connector_key', ...connectionState],
  ['organization_id', 'owner', ...connectionState],
  ['organization_id', 'connector_key', 'owner', ...connectionState],
]
const linkLists = [linkState, ['end_user_id', ...linkState], ['organization_id', ...linkState]]

/** Of the lookup of duplicates (connection-duplicates.ts). */
const duplicateKey = ['end_user_id', 'connector_key', 'direction', 'account_key', 'external_account_id']

const withTag = (lists: readonly (readonly string[])[]) =>
  lists.map((columns) => ['key', 'value', ...columns])

const listsOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  connections: [['account_key'], ...connectionLists, duplicateKey],
  connection_tags: withTag(connectionLists),
  connect_links: [['provider'], ...linkLists],
  connect_link_tags: withTag(linkLists),
}

/** All columns of a table at once: each ALTER TABLE rewrites it. */
async function indexLists(db: Kysely<unknown>, table: string): Promise<void> {
  const lists = listsOf[table] ?? []
  const columns = lists.map(
    (list) => sql`add column ${sql.id(nameOf(list))} bigint
      generated always as (hash_array_extended(array[${sql.join(list.map((column) => sql.id(column)))}], 0)) stored`,
  )
  await sql`alter table ${sql.table(table)} ${sql.join(columns)}`.execute(db)
  for (const list of lists) {
    // PostgreSQL truncates names to 63 bytes.
    await sql`
      create index ${sql.id(`${table}_${nameOf(list)}`)} on ${sql.table(table)} (${sql.id(nameOf(list))}, created_at, id)
      ${whereOf(table, list)}`.execute(db)
  }
}

const nameOf = (list: readonly string[]) =>
  `by_${list.map((column) => column.replace(/_(id|key)$/, '')).join('_')}`

/** Hidden rows are in no list, and rows without the value of a filter not in its lists. */
function whereOf(table: string, list: readonly string[]): RawBuilder<unknown> {
  const optional = [
    'organization_id',
    'external_account_id',
    ...(table.startsWith('connection') ? ['end_user_id'] : []),
  ]
  const conditions = [
    ...(table === 'connections' ? [sql`visible`] : []),
    ...list.filter((column) => optional.includes(column)).map((column) => sql`${sql.id(column)} is not null`),
  ]
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`
}

/**
 * The setting `gateway.viewer` is the `RowAccess` of the caller as JSON. Unset or empty, which it is after the transaction
 * that sets it: the gateway itself, without restriction. Scalar subqueries are evaluated once for each statement, not
 * for each row.
 */
async function restrictRows(db: Kysely<unknown>): Promise<void> {
  const setting = sql`nullif(current_setting('gateway.viewer', true), '')`
  const isGateway = sql`(select ${setting} is null)`
  const value = (key: string) => sql`(select ${setting}::jsonb ->> ${sql.lit(key)})`
  const isOwn = sql`end_user_id = ${value('endUserId')} and organization_id is not distinct from ${value('organizationId')}`
  const isShared = sql`owner = 'ORGANIZATION' and organization_id = ${value('sharedOrganizationId')}`
  const isOfVisibleLink = sql`exists (select from connect_links where connect_links.id = link_transitions.link_id)`
  await addPolicy(db, 'connect_links', sql`${isGateway} or (${isOwn})`)
  await addPolicy(db, 'connect_link_tags', sql`${isGateway} or (${isOwn})`)
  await addPolicy(db, 'link_transitions', sql`${isGateway} or ${isOfVisibleLink}`)
  await addPolicy(db, 'connections', sql`${isGateway} or (${isOwn}) or (${isShared})`)
  await addPolicy(db, 'connection_tags', sql`${isGateway} or (${isOwn}) or (${isShared})`)
  await addPolicy(db, 'connection_assignments', isGateway)
}

async function addPolicy(db: Kysely<unknown>, table: string, condition: RawBuilder<unknown>): Promise<void> {
  await sql`create policy viewer on ${sql.table(table)} using (${condition})`.execute(db)
  // Forced, because the gateway owns the tables: without it, policies do not apply to the owner.
  await sql`alter table ${sql.table(table)} enable row level security, force row level security`.execute(db)
}
