import type { Database } from '../../store/database.ts'
import { lockLink, recordTransition, type Transition } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { firstCheckAt } from './poll-interval.ts'
import { canTransition, isEnded } from './status.ts'

export interface TransitionRequest extends Transition {
  readonly connectionId?: string
}

/**
 * Applies a transition. Returns the link as it was before; `undefined`: there is no such link or the transition is not
 * allowed. Status, history row and notification to watchers commit with the caller's transaction.
 */
export async function transitionLink(
  transaction: Database,
  id: string,
  request: TransitionRequest,
): Promise<ConnectLinkRow | undefined> {
  const link = await lockLink(transaction, id)
  return link && ((await transitionLockedLink(transaction, link, request)) ? link : undefined)
}

/** The same for a link that the transaction has locked. Returns whether the transition was allowed and applied. */
export async function transitionLockedLink(
  transaction: Database,
  link: ConnectLinkRow,
  { connectionId, ...step }: TransitionRequest,
): Promise<boolean> {
  if (!canTransition(link.status, step.toStatus)) return false
  await recordTransition(transaction, link, step, {
    nextCheckAt: isStillChecked(link, step)
      ? firstCheckAt({ ...link, status: step.toStatus }, step.at)
      : null,
    ...(connectionId === undefined ? {} : { connectionId }),
  })
  return true
}

/**
 * Whether the link is checked after the transition: not if nothing more can be learned (COMPLETED, or an ended
 * reconnect), or if its connection cannot be identified (AMBIGUOUS).
 */
function isStillChecked({ purpose }: ConnectLinkRow, { toStatus, reason }: Transition): boolean {
  if (!isEnded(toStatus)) return true
  return purpose === 'CONNECT' && toStatus !== 'COMPLETED' && reason !== 'AMBIGUOUS'
}
