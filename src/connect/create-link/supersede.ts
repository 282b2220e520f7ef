import { findOpenReconnects } from '../../store/connect-links.ts'
import { advisoryLock, type Database } from '../../store/database.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { transitionLink } from '../links/transition-link.ts'

/** Ends the older open links that reconnect the same connection as SUPERSEDED; returns them. */
export async function supersedeOlder(
  transaction: Database,
  newest: ConnectLinkRow,
): Promise<readonly ConnectLinkRow[]> {
  if (newest.purpose !== 'RECONNECT' || newest.connectionId === null) return []
  // Two transactions that create links at once would not see each other's.
  await advisoryLock(transaction, `reconnect ${newest.connectionId}`)
  const open = await findOpenReconnects(transaction, newest.connectionId)
  const step = { toStatus: 'SUPERSEDED', at: newest.createdAt, source: 'API_CALL', reason: null } as const
  const superseded: ConnectLinkRow[] = []
  // A held link ends by its confirmation only: the connection already has another authorization.
  for (const { id } of open.filter(({ id, heldUntil }) => id !== newest.id && heldUntil === null)) {
    const link = await transitionLink(transaction, id, step)
    if (link) superseded.push(link)
  }
  return superseded
}
