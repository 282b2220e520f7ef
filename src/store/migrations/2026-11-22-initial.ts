import { type Kysely, sql } from 'kysely'

// Milliseconds, the precision of a JavaScript Date: a cursor built from a selected value must match its row exactly.
const time = sql`timestamptz(3)`
const emptyList = sql`'[]'::jsonb`

export async function up(db: Kysely<unknown>): Promise<void> {
  await createLinks(db)
  await createConnections(db)
  await createCatalogue(db)
  await createIdempotencyKeys(db)
  await createDeliveries(db)
  await createGateways(db)
  await announceChanges(db)
}

async function createLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connect_links')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('connector_key', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.unique())
    .addColumn('token_sealed', 'text')
    .addColumn('return_token_hash', 'text', (column) => column.unique())
    .addColumn('webhook_token_hash', 'text', (column) => column.unique())
    .addColumn('provider_url_sealed', 'text')
    .addColumn('redirect_sealed', 'text')
    .addColumn('error_redirect_sealed', 'text')
    .addColumn('expires_at', time)
    .addColumn('expiry_source', 'text', (column) => column.notNull())
    .addColumn('embeddable', 'boolean', (column) => column.notNull())
    .addColumn('requires_provider_login', 'boolean', (column) => column.notNull())
    .addColumn('instructions', 'text')
    .addColumn('end_user_id', 'text', (column) => column.notNull())
    .addColumn('end_user_name', 'text')
    .addColumn('end_user_email', 'text')
    .addColumn('remote_link_id', 'text')
    .addColumn('remote_group', 'text')
    .addColumn('remote_connection_id', 'text')
    .addColumn('memo', 'jsonb', (column) => column.notNull().defaultTo(sql`'null'::jsonb`))
    .addColumn('connection_id', 'uuid')
    .addColumn('tags', 'jsonb', (column) => column.notNull().defaultTo(emptyList))
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('opened_at', time)
    .addColumn('moved_at', time, (column) => column.notNull())
    .addColumn('revoked_at_provider', 'boolean')
    .addColumn('watch_until', time)
    .addColumn('checked_at', time)
    .addColumn('next_check_at', time)
    .addColumn('busy_until', time)
    .addColumn('leased_by', 'text')
    .execute()
  await db.schema
    .createIndex('connect_links_newest')
    .on('connect_links')
    .columns(['created_at desc', 'id desc'])
    .execute()
  await db.schema
    .createIndex('connect_links_next_check')
    .on('connect_links')
    .columns(['next_check_at'])
    .where(sql<boolean>`next_check_at is not null`)
    .execute()
  await db.schema
    .createIndex('connect_links_open_end')
    .on('connect_links')
    .columns(['expires_at'])
    .where(sql<boolean>`status in ('CREATED', 'OPENED', 'AUTHORIZING')`)
    .execute()
  await db.schema
    .createIndex('connect_links_remote_connection')
    .on('connect_links')
    .columns(['scope', 'remote_connection_id'])
    .where(sql<boolean>`remote_connection_id is not null`)
    .execute()
  await db.schema
    .createIndex('connect_links_of_connection')
    .on('connect_links')
    .columns(['connection_id'])
    .where(sql<boolean>`connection_id is not null`)
    .execute()
  await db.schema
    .createIndex('connect_links_end_user')
    .on('connect_links')
    .columns(['end_user_id', 'created_at desc', 'id desc'])
    .execute()
  // Two links must not claim the same connection, whichever processes reconcile them.
  await db.schema
    .createIndex('connect_links_connection')
    .unique()
    .on('connect_links')
    .column('connection_id')
    .where(sql<boolean>`purpose = 'CONNECT'`)
    .execute()
  await db.schema
    .createTable('link_transitions')
    .addColumn('link_id', 'uuid', (column) =>
      column.notNull().references('connect_links.id').onDelete('cascade'),
    )
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('from_status', 'text')
    .addColumn('to_status', 'text', (column) => column.notNull())
    .addColumn('at', time, (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('link_transitions_pkey', ['link_id', 'number'])
    .execute()
}

async function createConnections(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connections')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('remote_id', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('connector_key', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('health_code', 'text', (column) => column.notNull())
    .addColumn('health_message', 'text')
    .addColumn('health_since', time)
    .addColumn('remote_group', 'text')
    .addColumn('end_user_id', 'text')
    .addColumn('end_user_name', 'text')
    .addColumn('end_user_email', 'text')
    .addColumn('tags', 'jsonb', (column) => column.notNull().defaultTo(emptyList))
    .addColumn('listed', 'boolean', (column) => column.notNull())
    .addColumn('unwanted', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('missing_since', time)
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('updated_at', time, (column) => column.notNull())
    .addColumn('last_checked_at', time)
    .addUniqueConstraint('connections_remote', ['scope', 'direction', 'remote_id'])
    .execute()
  await db.schema
    .createIndex('connections_newest')
    .on('connections')
    .columns(['created_at desc', 'id desc'])
    .where(sql<boolean>`listed`)
    .execute()
  await db.schema
    .createIndex('connections_end_user')
    .on('connections')
    .columns(['end_user_id', 'created_at desc', 'id desc'])
    .where(sql<boolean>`listed and end_user_id is not null`)
    .execute()
}

async function createCatalogue(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connectors')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('logo_url', 'text')
    .addColumn('docs_url', 'text')
    .addColumn('categories', 'jsonb', (column) => column.notNull().defaultTo(emptyList))
    .addColumn('directions', 'jsonb', (column) => column.notNull().defaultTo(emptyList))
    .addColumn('auth', 'text', (column) => column.notNull())
    .addColumn('linkable', 'boolean', (column) => column.notNull())
    .addPrimaryKeyConstraint('connectors_pkey', ['scope', 'key'])
    .execute()
  await db.schema
    .createTable('slices')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('synced_at', time)
    .addColumn('failed_at', time)
    .addColumn('error', 'text')
    .addPrimaryKeyConstraint('slices_pkey', ['scope', 'kind'])
    .execute()
}

async function createIdempotencyKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('link_id', 'uuid', (column) => column.notNull())
    .addColumn('reserved_at', time, (column) => column.notNull())
    .addColumn('running_by', 'text')
    .addColumn('running_until', time)
    .addColumn('answer', 'jsonb')
    .addColumn('expires_at', time, (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pkey', ['operation', 'key'])
    .execute()
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull().unique())
    .addColumn('link_id', 'uuid', (column) => column.references('connect_links.id').onDelete('cascade'))
    .addColumn('news_sealed', 'text', (column) => column.notNull())
    .addColumn('received_at', time, (column) => column.notNull())
    .addColumn('try_at', time)
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema
    .createIndex('deliveries_link')
    .on('deliveries')
    .columns(['link_id'])
    .where(sql<boolean>`link_id is not null`)
    .execute()
  await db.schema
    .createIndex('deliveries_try')
    .on('deliveries')
    .columns(['try_at'])
    .where(sql<boolean>`try_at is not null`)
    .execute()
}

async function createGateways(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('gateways')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('alive_until', time, (column) => column.notNull())
    .execute()
}

/**
 * Notifies listeners of every committed change. The payload is only the ID: it is limited to 8000 bytes and is not
 * confidential.
 */
async function announceChanges(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function announce_transition() returns trigger language plpgsql as $$
    begin
      perform pg_notify('gateway', 'link ' || new.link_id || ' ' || new.number);
      return null;
    end $$`.execute(db)
  await sql`
    create trigger announce_transition after insert on link_transitions
    for each row execute function announce_transition()`.execute(db)
  await sql`
    create function announce_connection() returns trigger language plpgsql as $$
    begin
      perform pg_notify('gateway', 'connection ' || new.id);
      return null;
    end $$`.execute(db)
  await sql`
    create trigger announce_connection_made after insert on connections
    for each row when (new.listed) execute function announce_connection()`.execute(db)
  await sql`
    create trigger announce_connection_changed after update on connections
    for each row when (new.listed and
      (old.updated_at, old.listed, old.status, old.health_code, old.name, old.end_user_id) is distinct from
      (new.updated_at, new.listed, new.status, new.health_code, new.name, new.end_user_id))
    execute function announce_connection()`.execute(db)
}
