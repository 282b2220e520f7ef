import type { Database } from '../../store/database.ts'
import { findLastHandOver } from '../../store/hand-overs.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { isEnded } from './status.ts'

/** A locked link that is open and not held, with its last hand-over. */
export interface OpenLinkState {
  readonly link: ConnectLinkRow
  readonly handOver: LinkHandOverRow | undefined
  readonly at: Date
}

/** Changes an open link while it is locked. `false`: it has ended or is held, or `change` has returned `false`. */
export function changeOpenLink(
  { db, now }: Pick<ConnectContext, 'db' | 'now'>,
  linkId: string,
  change: (transaction: Database, state: OpenLinkState) => Promise<boolean>,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const link = await lockLink(transaction, linkId)
    const at = now()
    if (link === undefined || isEnded(link.status) || link.heldUntil !== null) return false
    return change(transaction, { link, handOver: await findLastHandOver(transaction, linkId), at })
  })
}
