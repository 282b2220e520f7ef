import { type Kysely, sql } from 'kysely'

/** Accounts of organizations at providers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table provider_accounts (
      id uuid primary key,
      provider text not null,
      organization_id text not null,
      name text not null,
      account_key text not null unique,
      remote_account text not null unique,
      settings_encrypted text not null,
      setting_names jsonb not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null,
      verified_at timestamptz(3) not null,
      unique (organization_id, provider)
    )`.execute(db)
  await sql`create index provider_accounts_newest on provider_accounts (created_at, id)`.execute(db)
  await sql`
    create function announce_provider_accounts() returns trigger language plpgsql as $$
    begin
      perform pg_notify('gateway', 'provider-accounts');
      return null;
    end $$`.execute(db)
  await sql`
    create trigger announce_provider_accounts after insert or update or delete on provider_accounts
    for each statement execute function announce_provider_accounts()`.execute(db)
}
