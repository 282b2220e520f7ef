import { sql } from 'kysely'
import type { OpenGateway } from '../gateway.ts'
import { rowId } from '../observe.ts'

/** Stores `count` copies of an open link, an hour old and never opened, each of an end user of its own and due now. */
export async function copyLink(
  { connect }: Pick<OpenGateway, 'connect'>,
  { id }: { readonly id: string },
  count: number,
): Promise<void> {
  const { db, now } = connect
  const { rows: columns } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name = 'connect_links' and is_generated = 'NEVER'`.execute(
    db,
  )
  const hourAgo = new Date(now().getTime() - 3_600_000)
  const own: Partial<Record<string, unknown>> = {
    id: sql`gen_random_uuid()`,
    token_hash: sql`'copy-' || n`,
    return_token_hash: null,
    webhook_token_hash: null,
    end_user_id: sql`'copy-' || n`,
    created_at: hourAgo,
    status_changed_at: hourAgo,
    next_check_at: now(),
  }
  const values = columns.map(({ name }) => (name in own ? sql`${own[name]}` : sql.ref(`original.${name}`)))
  await sql`
    insert into connect_links (${sql.join(columns.map(({ name }) => sql.ref(name)))})
    select ${sql.join(values)}
    from connect_links original, generate_series(1, ${count}::integer) as n where original.id = ${rowId(id)}`.execute(
    db,
  )
}
