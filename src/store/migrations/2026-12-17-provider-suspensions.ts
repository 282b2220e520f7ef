import { type Kysely, sql } from 'kysely'

/** Providers at which nothing is connected, and those of the past. Announced as a change of the provider accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table provider_suspensions (
      id uuid primary key,
      provider text not null,
      account_key text,
      reads text not null,
      reason text not null,
      since timestamptz(3) not null,
      created_at timestamptz(3) not null,
      resumed_at timestamptz(3)
    )`.execute(db)
  await sql`
    create unique index provider_suspensions_active on provider_suspensions (provider, coalesce(account_key, ''))
    where resumed_at is null`.execute(db)
  await sql`create index provider_suspensions_newest on provider_suspensions (created_at, id)`.execute(db)
  await sql`
    create trigger announce_provider_suspensions after insert or update or delete on provider_suspensions
    for each statement execute function announce_provider_accounts()`.execute(db)
}
