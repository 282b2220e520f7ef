import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

export async function up(db: Kysely<unknown>): Promise<void> {
  await createEvents(db)
  await createChain(db)
  await refuseChanges(db)
}

/** Events are inserted without `number` and hashes, which are set a moment later: see store/audit-chain.ts. */
async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_events')
    .addColumn('id', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
    .addColumn('number', 'bigint', (column) => column.unique())
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('actor_name', 'text')
    .addColumn('end_user_id', 'text')
    .addColumn('organization_id', 'text')
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('error_code', 'text')
    .addColumn('targets', sql`text[]`, (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('request_id', 'text')
    .addColumn('personal_salt', 'text')
    .addColumn('personal_digest', 'text', (column) => column.notNull())
    .addColumn('previous_hash', 'text')
    .addColumn('hash', 'text')
    .execute()
  await sql`create index audit_events_unsealed on audit_events (id) where number is null`.execute(db)
  await sql`create index audit_events_newest on audit_events (created_at, id)`.execute(db)
  for (const column of ['actor_kind', 'actor_id', 'end_user_id', 'organization_id', 'operation', 'outcome']) {
    const name = sql.id(`audit_events_by_${column.replace(/_id$/, '')}`)
    await sql`create index ${name} on audit_events (${sql.id(column)}, created_at, id)`.execute(db)
  }
}

/** One row: the last event that the retention has removed, and the last one of the chain. */
async function createChain(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_chain (
      id integer primary key check (id = 1),
      trimmed_number bigint not null,
      trimmed_hash text not null,
      head_number bigint not null,
      head_hash text not null
    )`.execute(db)
}

/**
 * Refuses every change but three: setting number and hashes once, clearing all personal columns, and deleting events up
 * to `trimmed_number`. It stops mistakes; it does not stop an owner of the table, who can drop triggers.
 */
async function refuseChanges(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function keep_audit_events() returns trigger language plpgsql as $$
    declare
      seal constant text[] := '{number,previous_hash,hash}';
      personal constant text[] := '{end_user_id,address,user_agent,personal_salt}';
    begin
      if tg_op = 'DELETE' and old.number <= (select trimmed_number from audit_chain) then
        return old;
      elsif tg_op = 'UPDATE' then
        if old.number is null and old.hash is null and to_jsonb(new) - seal = to_jsonb(old) - seal then
          return new;
        elsif num_nonnulls(new.end_user_id, new.address, new.user_agent, new.personal_salt) = 0
          and to_jsonb(new) - personal = to_jsonb(old) - personal then
          return new;
        end if;
      end if;
      raise exception 'audit_events is append-only' using errcode = 'restrict_violation';
    end $$`.execute(db)
  await sql`
    create trigger keep_audit_events before update or delete on audit_events
    for each row execute function keep_audit_events()`.execute(db)
  await sql`
    create trigger keep_all_audit_events before truncate on audit_events
    for each statement execute function keep_audit_events()`.execute(db)
}
