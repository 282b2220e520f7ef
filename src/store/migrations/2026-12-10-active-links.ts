import { type Kysely, sql } from 'kysely'

/** The links that were opened or returned last, which the poller looks for in every round. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index connect_links_active on connect_links (account_key, greatest(opened_at, returned_at))
    where next_check_at is not null and status in ('CREATED', 'OPENED', 'AUTHORIZING')`.execute(db)
}
