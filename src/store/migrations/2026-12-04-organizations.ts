import { type Kysely, sql } from 'kysely'

/** The organization of an end user, and whether a connection belongs to the end user or to the organization. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['connect_links', 'connections']) {
    await db.schema
      .alterTable(table)
      .addColumn('organization_id', 'text')
      .addColumn('organization_name', 'text')
      .addColumn('owner', 'text', (column) => column.notNull().defaultTo('PERSON'))
      .execute()
  }
  await db.schema
    .alterTable('connection_assignments')
    .addColumn('from_organization_id', 'text')
    .addColumn('to_organization_id', 'text')
    .execute()
  await keepInConnectionTags(db)
  await keepInLinkTags(db)
}

async function keepInConnectionTags(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('connection_tags')
    .addColumn('organization_id', 'text')
    .addColumn('owner', 'text', (column) => column.notNull().defaultTo('PERSON'))
    .execute()
  await sql`
    create or replace function keep_connection_tags() returns trigger language plpgsql as $$
    begin
      delete from connection_tags where id = new.id;
      insert into connection_tags
        (id, key, value, end_user_id, organization_id, owner, connector_key, account_key, status, created_at)
      select distinct new.id, tag.key, tag.value, new.end_user_id, new.organization_id, new.owner, new.connector_key,
        new.account_key, new.status, new.created_at
      from jsonb_to_recordset(new.tags) as tag(key text, value text)
      where new.visible;
      return null;
    end $$`.execute(db)
  await sql`drop trigger keep_connection_tags_changed on connections`.execute(db)
  await sql`
    create trigger keep_connection_tags_changed after update on connections
    for each row when ((old.tags <> '[]' or new.tags <> '[]')
      and (old.tags, old.visible, old.end_user_id, old.organization_id, old.owner, old.connector_key, old.status)
        is distinct from
        (new.tags, new.visible, new.end_user_id, new.organization_id, new.owner, new.connector_key, new.status))
    execute function keep_connection_tags()`.execute(db)
}

async function keepInLinkTags(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('connect_link_tags').addColumn('organization_id', 'text').execute()
  await sql`
    create or replace function keep_link_tags() returns trigger language plpgsql as $$
    begin
      delete from connect_link_tags where id = new.id;
      insert into connect_link_tags (id, key, value, end_user_id, organization_id, provider, status, created_at)
      select distinct new.id, tag.key, tag.value, new.end_user_id, new.organization_id, new.provider, new.status,
        new.created_at
      from jsonb_to_recordset(new.tags) as tag(key text, value text);
      return null;
    end $$`.execute(db)
}
