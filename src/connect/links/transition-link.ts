import type { Database } from '../../store/database.ts'
import { lockLink, recordTransition, type Transition } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { firstCheckAt } from './poll-interval.ts'
import { isEnded, mayMove } from './status.ts'

export interface Move extends Transition {
  readonly connection_id?: string
}

/**
 * Takes a step in a link's life, if it is still to be taken; answers the link as it was. The step, its history row and
 * the announcement to whoever watches are one transaction: the caller's.
 */
export async function moveLink(
  transaction: Database,
  id: string,
  { connection_id, ...step }: Move,
): Promise<ConnectLinkRow | undefined> {
  const link = await lockLink(transaction, id)
  if (link === undefined || !mayMove(link.status, step.to_status)) return undefined
  await recordTransition(transaction, link, step, {
    next_check_at: isWatched(link, step) ? firstCheckAt({ ...link, status: step.to_status }, step.at) : null,
    ...(connection_id === undefined ? {} : { connection_id }),
  })
  return link
}

/** Whether its provider is still asked afterwards: not where there is nothing left to learn, or nothing that could be told apart. */
function isWatched({ purpose }: ConnectLinkRow, { to_status, reason }: Transition): boolean {
  if (!isEnded(to_status)) return true
  return purpose === 'CONNECT' && to_status !== 'COMPLETED' && reason !== 'AMBIGUOUS'
}
