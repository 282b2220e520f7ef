import { type Kysely, sql } from 'kysely'

const time = sql`timestamptz(3)`

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('connect_links').addColumn('returned_at', time).execute()
  await sql`
    create index connect_links_returned on connect_links (account_key, connector_key, returned_at)
    where returned_at is not null and connection_id is null`.execute(db)
  await db.schema
    .alterTable('link_transitions')
    .addColumn('failure_code', 'text')
    .addColumn('failure_message', 'text')
    .execute()
  await addOwnerEvidence(db)
  await createAssignments(db)
}

/**
 * Before this migration a connection could be assigned to an end user because no other end user had an open link. Where
 * that may be so, the evidence is INFERRED: Census V2 (not V1, whose links name their connection) and connections at
 * xpander without the name that only their link uses. Pipedream names the end user of each account.
 */
async function addOwnerEvidence(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('connections').addColumn('owner_evidence', 'text').execute()
  await sql`
    update connections set owner_evidence = case
      when provider = 'PIPEDREAM' then 'PROVIDER'
      when provider = 'CENSUS' and account_key like '%|v2|%' then 'INFERRED'
      when provider = 'XPANDER' and not exists (
        select from connect_links where connection_id = connections.id
        and connections.name like '%' || right(replace(connect_links.id::text, '-', ''), 8)) then 'INFERRED'
      else 'LINK' end
    where end_user_id is not null`.execute(db)
}

async function createAssignments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connection_assignments')
    .addColumn('connection_id', 'uuid', (column) =>
      column.notNull().references('connections.id').onDelete('cascade'),
    )
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('at', time, (column) => column.notNull())
    .addColumn('viewer', 'text', (column) => column.notNull())
    .addColumn('from_end_user_id', 'text')
    .addColumn('to_end_user_id', 'text')
    .addPrimaryKeyConstraint('connection_assignments_pkey', ['connection_id', 'number'])
    .execute()
}
