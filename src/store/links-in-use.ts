import { sql } from 'kysely'
import type { RemoteConnection } from '../providers/adapter.ts'
import { remoteKey } from './connections.ts'
import type { Database } from './database.ts'
import type { ConnectLinkRow } from './schema.ts'

/** A connection whose provider names its end user, and when it was made. */
export interface NamedConnection {
  readonly connection: RemoteConnection
  readonly earliest: Date
  readonly latest: Date
}

export interface LinkInUse extends Pick<ConnectLinkRow, 'connectorKey' | 'direction' | 'purpose'> {
  /** `remoteKey` of the connection. */
  readonly key: string
}

/**
 * For each of these connections that is not stored yet, the links of its end user that could be used at the provider
 * when it was made.
 */
export async function findLinksInUse(
  db: Database,
  accountKey: string,
  connections: readonly NamedConnection[],
): Promise<readonly LinkInUse[]> {
  if (connections.length === 0) return []
  const made = connections.map(({ connection, earliest, latest }) => ({
    key: remoteKey(connection),
    direction: connection.direction,
    remote_id: connection.remoteId,
    end_user_id: connection.endUserId,
    earliest,
    latest,
  }))
  const { rows } = await sql<LinkInUse>`
    select made.key, link.connector_key, link.direction, link.purpose
    from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as made(
      key text, direction text, remote_id text, end_user_id text, earliest timestamptz, latest timestamptz)
    join connect_links link on link.account_key = ${accountKey} and link.end_user_id = made.end_user_id
      and link.created_at <= made.latest and link.watch_until >= made.earliest
    where not exists (select from connections stored where
      (stored.account_key, stored.direction, stored.remote_id) = (${accountKey}, made.direction, made.remote_id))`.execute(
    db,
  )
  return rows
}
