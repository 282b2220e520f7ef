import { openReconnectsOf } from '../../store/connect-links.ts'
import { type Database, takeTurns } from '../../store/database.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { moveLink } from '../links/transition-link.ts'

/** Of several links that renew one connection, the newest counts: the older ones end with its first row. */
export async function supersedeOlder(
  transaction: Database,
  newest: ConnectLinkRow,
): Promise<readonly ConnectLinkRow[]> {
  if (newest.purpose !== 'RECONNECT' || newest.connection_id === null) return []
  // Of two that are made at once, each would not see the other one.
  await takeTurns(transaction, `reconnect ${newest.connection_id}`)
  const older = await openReconnectsOf(transaction, newest.connection_id)
  const step = { to_status: 'SUPERSEDED', at: newest.created_at, source: 'API_CALL', reason: null } as const
  const moved: ConnectLinkRow[] = []
  for (const { id } of older.filter(({ id }) => id !== newest.id)) {
    const link = await moveLink(transaction, id, step)
    if (link) moved.push(link)
  }
  return moved
}
