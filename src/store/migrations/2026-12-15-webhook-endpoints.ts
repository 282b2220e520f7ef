import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

/**
 * The application's webhook endpoints and the messages to them. Triggers queue a message in the transaction of the change
 * that it reports, for each enabled endpoint that has subscribed to its type: no change is lost, and without endpoints
 * nothing is written.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTables(db)
  await createQueue(db)
  await queueLinkEvents(db)
  await queueConnectionEvents(db)
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook_endpoints')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('event_types', sql`text[]`, (column) => column.notNull())
    .addColumn('thin', 'boolean', (column) => column.notNull())
    .addColumn('secret_encrypted', 'text', (column) => column.notNull())
    .addColumn('previous_secret_encrypted', 'text')
    .addColumn('previous_secret_expires_at', time)
    .addColumn('managed_by', 'text', (column) => column.notNull())
    .addColumn('disabled_at', time)
    .addColumn('disabled_reason', 'text')
    .addColumn('failing_since', time)
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('updated_at', time, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('webhook_messages')
    .addColumn('id', 'uuid', (column) => column.primaryKey().defaultTo(sql`gen_random_uuid()`))
    // The order of the messages about one subject: their transactions hold a lock on its row.
    .addColumn('sequence', sql`bigint generated always as identity`)
    .addColumn('endpoint_id', 'uuid', (column) =>
      column.notNull().references('webhook_endpoints.id').onDelete('cascade'),
    )
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('end_user_id', 'text')
    .addColumn('data', 'jsonb', (column) => column.notNull())
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('PENDING'))
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('next_attempt_at', time)
    .addColumn('last_attempt_at', time)
    .addColumn('last_status', 'integer')
    .addColumn('last_error', 'text')
    .addColumn('last_duration_ms', 'integer')
    .execute()
  // Of each endpoint what is due, however much waits for others.
  await sql`
    create index webhook_messages_due on webhook_messages (endpoint_id, next_attempt_at, sequence)
    where state = 'PENDING'`.execute(db)
  await sql`
    create index webhook_messages_order on webhook_messages (endpoint_id, subject, sequence)
    where state = 'PENDING'`.execute(db)
  await sql`create index webhook_messages_age on webhook_messages (created_at)`.execute(db)
  await sql`create index webhook_messages_list on webhook_messages (endpoint_id, created_at, id)`.execute(db)
  await sql`create index webhook_messages_end_user on webhook_messages (end_user_id)`.execute(db)
}

async function createQueue(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function queue_webhook(
      new_type text, new_subject text, new_end_user text, new_at timestamptz, new_data jsonb
    ) returns void language plpgsql as $$
    begin
      insert into webhook_messages (endpoint_id, type, subject, end_user_id, data, created_at, next_attempt_at)
      select id, new_type, new_subject, new_end_user, new_data, new_at, new_at from webhook_endpoints
      where disabled_at is null and (event_types = '{}' or new_type = any(event_types));
      if found then perform pg_notify('gateway', 'webhooks'); end if;
    end $$`.execute(db)
}

async function queueLinkEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function queue_link_webhooks() returns trigger language plpgsql as $$
    declare
      link connect_links;
      changed_to text := lower(new.to_status);
      types text[] := '{}';
      name text;
    begin
      if not exists (select from webhook_endpoints where disabled_at is null) then return null; end if;
      if new.from_status is null then types := types || 'connect_link.created'::text; end if;
      if new.failure_code is not null and new.to_status in ('CREATED', 'OPENED', 'AUTHORIZING') then
        types := types || 'connect_link.attempt_failed'::text;
      elsif new.to_status is distinct from new.from_status and new.to_status not in ('CREATED', 'AUTHORIZING') then
        types := types || ('connect_link.' || changed_to);
      end if;
      if types = '{}' then return null; end if;
      select * into link from connect_links where id = new.link_id;
      foreach name in array types loop
        perform queue_webhook(name, 'link ' || new.link_id, link.end_user_id, new.at, link_webhook_data(link, new));
      end loop;
      if new.to_status = 'COMPLETED' and link.purpose = 'RECONNECT' and link.connection_id is not null then
        perform queue_webhook('connection.renewed', 'connection ' || link.connection_id, link.end_user_id, new.at,
          link_webhook_data(link, new));
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create function link_webhook_data(link connect_links, step link_transitions) returns jsonb language sql as $$
      select jsonb_build_object(
        'link', link.id, 'status', step.to_status, 'reason', step.reason, 'failure', step.failure_code,
        'provider', link.provider, 'connector', link.connector_key, 'purpose', link.purpose,
        'connection', link.connection_id, 'end_user', link.end_user_id, 'organization', link.organization_id)
    $$`.execute(db)
  await sql`
    create trigger queue_link_webhooks after insert on link_transitions
    for each row execute function queue_link_webhooks()`.execute(db)
}

async function queueConnectionEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function connection_webhook_data(one connections) returns jsonb language sql as $$
      select jsonb_build_object(
        'connection', one.id, 'status', one.status, 'health', one.health_code,
        'provider', one.provider, 'connector', one.connector_key,
        'end_user', one.end_user_id, 'organization', one.organization_id)
    $$`.execute(db)
  await sql`
    create function queue_connection_webhooks() returns trigger language plpgsql as $$
    declare
      types text[] := '{}';
      name text;
    begin
      if not exists (select from webhook_endpoints where disabled_at is null) then return null; end if;
      if tg_op = 'DELETE' then
        perform queue_webhook('connection.erased', 'connection ' || old.id, null, now(),
          connection_webhook_data(old) || '{"end_user": null}');
        return null;
      end if;
      if tg_op = 'INSERT' then types := array['connection.created'];
      elsif not old.visible then types := array['connection.created'];
      else
        if new.end_user_id is distinct from old.end_user_id then
          types := types || case when new.end_user_id is null then 'connection.erased' else 'connection.assigned' end;
        end if;
        if new.status is distinct from old.status then
          types := types ||
            case when new.status = 'DISCONNECTED' then 'connection.removed' else 'connection.status_changed' end;
        end if;
        if new.health_code is distinct from old.health_code then types := types || 'connection.health_changed'::text; end if;
      end if;
      foreach name in array types loop
        perform queue_webhook(name, 'connection ' || new.id, new.end_user_id, new.updated_at, connection_webhook_data(new));
      end loop;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger queue_inserted_connection after insert on connections
    for each row when (new.visible) execute function queue_connection_webhooks()`.execute(db)
  await sql`
    create trigger queue_updated_connection after update on connections
    for each row when (new.visible and
      (old.visible, old.status, old.health_code, old.end_user_id) is distinct from
      (new.visible, new.status, new.health_code, new.end_user_id))
    execute function queue_connection_webhooks()`.execute(db)
  await sql`
    create trigger queue_deleted_connection after delete on connections
    for each row when (old.visible) execute function queue_connection_webhooks()`.execute(db)
}
