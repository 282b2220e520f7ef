import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

export async function up(db: Kysely<unknown>): Promise<void> {
  await nameAccounts(db)
  await keepConnectionTags(db)
  await keepLinkTags(db)
  await indexPlaces(db)
  await letLinksBeReused(db)
}

/** The account at the connected application, if the provider returns it. */
async function nameAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('connections')
    .addColumn('external_account_id', 'text')
    .addColumn('external_account_name', 'text')
    .addColumn('external_account_email', 'text')
    .execute()
  await sql`
    create index connections_of_account on connections
      (hash_array_extended(array[end_user_id, connector_key, direction, scope, external_account_id], 0), created_at, id)
    where listed and end_user_id is not null and external_account_id is not null`.execute(db)
}

// One row for each tag: neither tags in a jsonb array nor an index on such arrays can be read in the order of time.
async function keepConnectionTags(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connection_tags')
    .addColumn('id', 'uuid', (column) => column.notNull().references('connections.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('end_user_id', 'text')
    .addColumn('connector_key', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', time, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('connection_tags_of').on('connection_tags').column('id').execute()
  await sql`
    insert into connection_tags
    select distinct c.id, tag.key, tag.value, c.end_user_id, c.connector_key, c.scope, c.status, c.created_at
    from connections c cross join lateral jsonb_to_recordset(c.tags) as tag(key text, value text)
    where c.listed`.execute(db)
  await sql`
    create function keep_connection_tags() returns trigger language plpgsql as $$
    begin
      delete from connection_tags where id = new.id;
      insert into connection_tags
      select distinct new.id, tag.key, tag.value, new.end_user_id, new.connector_key, new.scope, new.status, new.created_at
      from jsonb_to_recordset(new.tags) as tag(key text, value text)
      where new.listed;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger keep_connection_tags_made after insert on connections
    for each row when (new.listed and new.tags <> '[]') execute function keep_connection_tags()`.execute(db)
  await sql`
    create trigger keep_connection_tags_changed after update on connections
    for each row when ((old.tags <> '[]' or new.tags <> '[]')
      and (old.tags, old.listed, old.end_user_id, old.connector_key, old.status)
        is distinct from (new.tags, new.listed, new.end_user_id, new.connector_key, new.status))
    execute function keep_connection_tags()`.execute(db)
}

async function keepLinkTags(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connect_link_tags')
    .addColumn('id', 'uuid', (column) => column.notNull().references('connect_links.id').onDelete('cascade'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('end_user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', time, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('connect_link_tags_of').on('connect_link_tags').column('id').execute()
  await sql`
    insert into connect_link_tags
    select distinct l.id, tag.key, tag.value, l.end_user_id, l.provider, l.status, l.created_at
    from connect_links l cross join lateral jsonb_to_recordset(l.tags) as tag(key text, value text)`.execute(
    db,
  )
  await sql`
    create function keep_link_tags() returns trigger language plpgsql as $$
    begin
      delete from connect_link_tags where id = new.id;
      insert into connect_link_tags
      select distinct new.id, tag.key, tag.value, new.end_user_id, new.provider, new.status, new.created_at
      from jsonb_to_recordset(new.tags) as tag(key text, value text);
      return null;
    end $$`.execute(db)
  await sql`
    create trigger keep_link_tags_made after insert on connect_links
    for each row when (new.tags <> '[]') execute function keep_link_tags()`.execute(db)
  await sql`
    create trigger keep_link_tags_changed after update on connect_links
    for each row when (old.tags <> '[]' and old.status <> new.status) execute function keep_link_tags()`.execute(
    db,
  )
}

/**
 * One index for each set of columns that a list can be filtered by, so that the rows of a filter are contiguous. It has
 * a hash, because the texts can be longer than an index entry (see `hashOf` in keyset-pagination.ts). There is no index
 * on the time alone: the planner could choose it by its statistics, and scan a million rows for the few that match.
 */
async function indexPlaces(db: Kysely<unknown>): Promise<void> {
  for (const index of ['connections_newest', 'connections_end_user']) await dropIndex(db, index)
  for (const index of ['connect_links_newest', 'connect_links_end_user']) await dropIndex(db, index)
  const state = ['scope', 'status']
  const choices = [[], ['connector_key'], ['end_user_id'], ['end_user_id', 'connector_key']]
  await indexPlace(db, 'connections', ['scope'])
  for (const choice of choices) {
    await indexPlace(db, 'connections', [...choice, ...state])
    await indexPlace(db, 'connection_tags', ['key', 'value', ...choice, ...state])
  }
  const linkState = ['provider', 'status']
  await indexPlace(db, 'connect_links', ['provider'])
  for (const choice of [[], ['end_user_id']]) {
    await indexPlace(db, 'connect_links', [...choice, ...linkState])
    await indexPlace(db, 'connect_link_tags', ['key', 'value', ...choice, ...linkState])
  }
}

const dropIndex = (db: Kysely<unknown>, name: string) => db.schema.dropIndex(name).execute()

async function indexPlace(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void> {
  // PostgreSQL truncates names to 63 bytes.
  const name = sql.id(`${table}_by_${columns.map((column) => column.replace(/_(id|key)$/, '')).join('_')}`)
  const place = sql`hash_array_extended(array[${sql.join(columns.map((column) => sql.id(column)))}], 0)`
  const needed = [
    ...(table === 'connections' ? [sql`listed`] : []),
    ...(columns.includes('end_user_id') && columns.includes('scope') ? [sql`end_user_id is not null`] : []),
  ]
  const where = needed.length === 0 ? sql`` : sql`where ${sql.join(needed, sql` and `)}`
  await sql`create index ${name} on ${sql.table(table)} (${place}, created_at, id) ${where}`.execute(db)
}

/** A link that reused an existing connection has no URL to open and does not claim the connection. */
async function letLinksBeReused(db: Kysely<unknown>): Promise<void> {
  await dropIndex(db, 'connect_links_connection')
  await sql`
    create unique index connect_links_connection on connect_links (connection_id)
    where purpose = 'CONNECT' and (token_hash is not null or remote_connection_id is not null)`.execute(db)
}
