import type { Database } from '../../store/database.ts'
import { lockLink, recordTransition, type Transition } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { firstCheckAt } from './poll-interval.ts'
import { canTransition, isEnded } from './status.ts'

export interface TransitionRequest extends Transition {
  readonly connectionId?: string
}

/**
 * Takes a step in a link's life, if it is still to be taken; answers the link as it was. The step, its history row and
 * the announcement to whoever watches are one transaction: the caller's.
 */
export async function transitionLink(
  transaction: Database,
  id: string,
  { connectionId, ...step }: TransitionRequest,
): Promise<ConnectLinkRow | undefined> {
  const link = await lockLink(transaction, id)
  if (link === undefined || !canTransition(link.status, step.toStatus)) return undefined
  await recordTransition(transaction, link, step, {
    nextCheckAt: isWatched(link, step) ? firstCheckAt({ ...link, status: step.toStatus }, step.at) : null,
    ...(connectionId === undefined ? {} : { connectionId }),
  })
  return link
}

/** Whether its provider is still asked afterwards: not where there is nothing left to learn, or nothing that could be told apart. */
function isWatched({ purpose }: ConnectLinkRow, { toStatus, reason }: Transition): boolean {
  if (!isEnded(toStatus)) return true
  return purpose === 'CONNECT' && toStatus !== 'COMPLETED' && reason !== 'AMBIGUOUS'
}
