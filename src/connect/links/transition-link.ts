import type { LinkFailure } from '../../domain/statuses.ts'
import type { Database } from '../../store/database.ts'
import { findLastTransition, lockLink, recordTransition, type Transition } from '../../store/link-history.ts'
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

/** A failure that is reported twice, by the returning browser and by the provider, counts once within this time. */
const sameAttemptMs = 30_000

/**
 * Records a failed attempt in the history of an open link, which becomes AUTHORIZING. A report that adds nothing to that
 * of the last half minute is dropped. Returns whether it was recorded.
 */
export async function recordFailedAttempt(
  transaction: Database,
  id: string,
  attempt: Pick<Transition, 'at' | 'source'> & { readonly failure: LinkFailure },
): Promise<boolean> {
  const link = await lockLink(transaction, id)
  if (link === undefined || isEnded(link.status)) return false
  const last = await findLastTransition(transaction, id)
  const isKnown =
    last?.failureCode != null &&
    attempt.at.getTime() - last.at.getTime() <= sameAttemptMs &&
    (attempt.failure.code === last.failureCode || attempt.failure.code === 'UNKNOWN')
  if (isKnown) return false
  const step = { ...attempt, toStatus: 'AUTHORIZING', reason: attempt.failure.code } as const
  await recordTransition(transaction, link, step, {
    nextCheckAt: firstCheckAt({ ...link, status: 'AUTHORIZING' }, attempt.at),
  })
  return true
}

/** Whether the link is checked after the transition: not if it is COMPLETED or an ended reconnect. */
const isStillChecked = ({ purpose }: ConnectLinkRow, { toStatus }: Transition): boolean =>
  !isEnded(toStatus) || (purpose === 'CONNECT' && toStatus !== 'COMPLETED')
