import { sql } from 'kysely'
import type { ConnectionStatus } from '../domain/statuses.ts'
import { unnamedConnector } from '../providers/adapter.ts'

// What a row becomes when its provider shows it again, and whether that is news: `connections` is the row that is known,
// `excluded` the one that is shown.

/** A list may leave out what a link knew. */
export const keptWhenUnnamed = sql<string>`case when excluded.connector_key = ${unnamedConnector} then connections.connector_key else excluded.connector_key end`
/** What its provider cannot remove must not look as if it could be used. */
export const wantedStatus = sql<ConnectionStatus>`case when connections.unwanted and excluded.status = 'ACTIVE' then 'NEEDS_ATTENTION' else excluded.status end`
export const wantedMessage = sql<
  string | null
>`case when connections.unwanted and excluded.status = 'ACTIVE' then connections.health_message else excluded.health_message end`
// A list may say less of an account than the connection itself; the three columns stay together.
const account = (column: 'id' | 'name' | 'email') => {
  const name = sql.id(`external_account_${column}`)
  return sql<
    string | null
  >`case when excluded.external_account_id is null then connections.${name} else excluded.${name} end`
}
export const accountColumns = {
  external_account_id: account('id'),
  external_account_name: account('name'),
  external_account_email: account('email'),
}
/** Whether it says anything that readers see. */
export const changed = sql<boolean>`(connections.name, connections.status, connections.health_code, connections.health_message, connections.connector_key,
    connections.external_account_id, connections.external_account_name, connections.external_account_email)
  is distinct from (excluded.name, ${wantedStatus}, excluded.health_code, ${wantedMessage}, ${keptWhenUnnamed},
    ${sql.join(Object.values(accountColumns))})`
/** It was not read alone, or recorded, in the meantime. */
export const notReadLater = sql<boolean>`(connections.last_checked_at is null or connections.last_checked_at <= excluded.last_checked_at)`
/** A whole walk that began later, such as another gateway's, leaves no trace in rows of which it had nothing new to say. */
export const notWalkedLater = sql<boolean>`not exists (select from slices
    where slices.scope = excluded.scope and slices.kind = 'CONNECTIONS' and slices.begun_at > excluded.last_checked_at)`
/** The columns that no reader sees, too. */
export const isNews = sql<boolean>`not exists (select from connections where
    (connections.scope, connections.direction, connections.remote_id) = (excluded.scope, excluded.direction, excluded.remote_id)
    and connections.missing_since is null
    and connections.remote_group is not distinct from excluded.remote_group
    and (connections.end_user_id is not null or excluded.end_user_id is null)
    and not ${changed})`
