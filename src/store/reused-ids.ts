import { sql } from 'kysely'
import type { RemoteConnection } from '../providers/adapter.ts'
import type { Database } from './database.ts'

/**
 * A provider may give the ID of a removed connection to a new one. A connection that it reports as created after the stored
 * one was removed is another connection: the stored row gets `#` and its own ID appended to its remote ID, so that it stays
 * DISCONNECTED and the new connection gets a row of its own. Call it before the stored rows of reported connections are read
 * or written. Without a reported creation time the stored row is used for the new connection.
 *
 * 5 minutes are the tolerated clock skew between provider and gateway; the creation times of the two connections are both
 * from the provider, which may round them to seconds.
 */
export async function retireReusedIds(
  db: Database,
  accountKey: string,
  connections: readonly RemoteConnection[],
): Promise<void> {
  const reported = connections.flatMap(({ direction, remoteId, createdAt }) =>
    createdAt === null ? [] : [{ direction, remote_id: remoteId, created_at: createdAt }],
  )
  if (reported.length === 0) return
  await sql`update connections set remote_id = connections.remote_id || '#' || connections.id
    from jsonb_to_recordset(${JSON.stringify(reported)}::jsonb)
      as reported(direction text, remote_id text, created_at timestamptz)
    where connections.account_key = ${accountKey} and connections.status = 'DISCONNECTED'
      and (connections.direction, connections.remote_id) = (reported.direction, reported.remote_id)
      and reported.created_at > connections.created_at + interval '1 second'
      and reported.created_at > connections.health_since - interval '5 minutes'`.execute(db)
}

/** The ID at the provider, also of a row whose ID the provider has given to another connection. */
export const reportedId = (remoteId: string): string => remoteId.replace(/#[\da-f-]{36}$/, '')
