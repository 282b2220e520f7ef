import { type Kysely, sql } from 'kysely'

/** Revoked sessions, keys that no longer sign sessions, and an index of the links that could be used at a time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Each revocation has a larger number than all before it; a session has that of the last one before it was issued.
  await sql`create sequence session_revocation_numbers`.execute(db)
  await sql`
    create table session_revocations (
      end_user_hash text primary key,
      number bigint not null,
      revoked_at timestamptz(3) not null
    )`.execute(db)
  await sql`create unique index session_revocations_number on session_revocations (number)`.execute(db)
  await sql`
    create table old_session_keys (
      id text primary key,
      old_since timestamptz(3) not null
    )`.execute(db)
  await sql`create index connect_links_in_use on connect_links (account_key, end_user_id, watch_until)`.execute(
    db,
  )
}
