import { type Kysely, sql } from 'kysely'

/** Old and new column names by table (as the tables are called before this migration). */
const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  connect_links: {
    scope: 'account_key',
    token_sealed: 'token_encrypted',
    provider_url_sealed: 'provider_url_encrypted',
    redirect_sealed: 'redirect_uri_encrypted',
    error_redirect_sealed: 'error_redirect_uri_encrypted',
    memo: 'provider_state',
    moved_at: 'status_changed_at',
    busy_until: 'check_lock_expires_at',
  },
  connections: { scope: 'account_key', listed: 'visible', unwanted: 'orphaned' },
  connection_tags: { scope: 'account_key' },
  connectors: { scope: 'account_key', inputs: 'config_schema' },
  connector_inputs: { scope: 'account_key', inputs: 'config_schema' },
  slices: { scope: 'account_key', begun_at: 'started_at' },
  idempotency_keys: {
    running_by: 'locked_by',
    running_until: 'locked_until',
    tried_provider: 'attempted_provider',
    tried_connector: 'attempted_connector',
    answer: 'response',
  },
  deliveries: { scope: 'account_key', news_sealed: 'event_encrypted', try_at: 'next_attempt_at' },
  gateways: { alive_until: 'lease_expires_at' },
}

const tables: Readonly<Record<string, string>> = {
  connector_inputs: 'config_schemas',
  slices: 'sync_state',
  deliveries: 'webhook_deliveries',
  gateways: 'instances',
}

/** Renames tables and columns to standard terms. PostgreSQL adapts indexes and trigger conditions itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, names] of Object.entries(columns)) {
    for (const [from, to] of Object.entries(names)) {
      await db.schema.alterTable(table).renameColumn(from, to).execute()
    }
  }
  for (const [from, to] of Object.entries(tables)) await db.schema.alterTable(from).renameTo(to).execute()
  await renameInFunction(db)
  await renameValues(db)
}

/** A function body is stored as text: it still has the column names from when it was created. */
async function renameInFunction(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function keep_connection_tags() returns trigger language plpgsql as $$
    begin
      delete from connection_tags where id = new.id;
      insert into connection_tags (id, key, value, end_user_id, connector_key, account_key, status, created_at)
      select distinct new.id, tag.key, tag.value, new.end_user_id, new.connector_key, new.account_key, new.status, new.created_at
      from jsonb_to_recordset(new.tags) as tag(key text, value text)
      where new.visible;
      return null;
    end $$`.execute(db)
}

async function renameValues(db: Kysely<unknown>): Promise<void> {
  await sql`update link_transitions set source = 'TIMEOUT' where source = 'GATEWAY_CLOCK'`.execute(db)
  // A call that is retried with its key after the upgrade must still find its link.
  await sql`
    update idempotency_keys set operation = 'reconnectConnection' || substr(operation, length('reconnect') + 1)
    where operation = 'reconnect' or operation like 'reconnect %'`.execute(db)
  // Events were encrypted with a context (AAD) that is different now. Polling finds the changes of the few unprocessed
  // ones.
  await sql`update webhook_deliveries set next_attempt_at = null, event_encrypted = ''`.execute(db)
}
