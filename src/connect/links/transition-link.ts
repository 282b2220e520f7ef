import type { LinkFailure, TransitionSource } from '../../domain/statuses.ts'
import type { Database } from '../../store/database.ts'
import {
  findLastFailure,
  findLastTransition,
  lockLink,
  recordTransition,
  type Transition,
} from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkTransitionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
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
    ...(step.toStatus === 'COMPLETED' && { heldUntil: null }),
  })
  return true
}

/** Measures how long an end user took; also in a transaction, of which few are rolled back. */
export const measureCompletion = (
  { metrics }: Pick<ConnectContext, 'metrics'>,
  { provider, createdAt }: ConnectLinkRow,
  at: Date,
): void => metrics.linkCompleted(provider, (at.getTime() - createdAt.getTime()) / 1_000)

/** A failure that is reported twice, by the returning browser and by the provider, counts once within this time. */
const sameAttemptMs = 30_000

/**
 * Records a failed attempt in the history of an open link, which becomes AUTHORIZING. A report that
 * adds nothing is dropped. Returns whether it was recorded.
 */
export async function recordFailedAttempt(
  transaction: Database,
  id: string,
  attempt: Attempt,
): Promise<boolean> {
  const link = await lockLink(transaction, id)
  if (link === undefined || isEnded(link.status) || link.heldUntil !== null) return false
  if (isKnownFailure(await findLastFailure(transaction, id, reportersOf(attempt)), attempt)) return false
  await recordFailure(transaction, link, attempt)
  return true
}

type Attempt = Pick<Transition, 'at' | 'source'> & { readonly failure: LinkFailure }

/** Records a failed attempt of a locked link that is open and not held; it becomes AUTHORIZING. */
export async function recordFailure(
  transaction: Database,
  link: ConnectLinkRow,
  attempt: Attempt,
): Promise<void> {
  const step = { ...attempt, toStatus: 'AUTHORIZING', reason: attempt.failure.code } as const
  await recordTransition(transaction, link, step, {
    nextCheckAt: firstCheckAt({ ...link, status: 'AUTHORIZING' }, attempt.at),
  })
}

/** Adds an entry to the history of a locked link that is open and not held, whose status stays. */
export async function recordEntry(
  transaction: Database,
  link: ConnectLinkRow,
  entry: Pick<Transition, 'at' | 'source' | 'reason'>,
): Promise<void> {
  const nextCheckAt = firstCheckAt(link, entry.at)
  await recordTransition(transaction, link, { ...entry, toStatus: link.status }, { nextCheckAt })
}

/** A poll repeats what the provider has reported, not what people have done since. */
const reportersOf = ({ source }: Attempt): readonly TransitionSource[] | undefined =>
  source === 'PROVIDER_POLL' ? ['PROVIDER_POLL', 'PROVIDER_WEBHOOK', 'BROWSER_RETURN'] : undefined

/** Whether the report adds nothing: it is of the same attempt, or a poll that finds the same failure again. */
function isKnownFailure(last: LinkTransitionRow | undefined, { at, source, failure }: Attempt): boolean {
  if (last === undefined) return false
  const isSame = failure.code === last.failureCode
  const isRecent = at.getTime() - last.at.getTime() <= sameAttemptMs
  // Each delivery is processed once: two of them are two attempts.
  const isAnotherDelivery = source === 'PROVIDER_WEBHOOK' && last.source === source
  if (isRecent && !isAnotherDelivery && (isSame || failure.code === 'UNKNOWN')) return true
  return source === 'PROVIDER_POLL' && isSame && failure.message === last.failureMessage
}

/** A second opening within this time is a reload. */
const reloadMs = 2_000

/** Entries of a history after which reopening the link adds no more: anyone who has the URL can open it. */
const maxEntries = 50

/**
 * Records that an open link is opened once more, which begins another attempt. Most providers do not report that an end
 * user gave up the one before. Reloads within two seconds are one attempt,
 * unless it is known to have failed.
 */
export async function recordReopening(
  transaction: Database,
  id: string,
  { at, source }: Pick<Transition, 'at' | 'source'>,
): Promise<void> {
  const link = await lockLink(transaction, id)
  const last = await findLastTransition(transaction, id)
  if (link === undefined || last === undefined || last.number >= maxEntries || link.heldUntil !== null) return
  const isReload = link.openedAt !== null && at.getTime() - link.openedAt.getTime() <= reloadMs
  if (isEnded(link.status) || (isReload && last.failureCode === null)) return
  await recordEntry(transaction, link, { at, source, reason: 'REOPENED' })
}

/** Whether the link is checked after the transition: not if it is COMPLETED or an ended reconnect. */
const isStillChecked = ({ purpose }: ConnectLinkRow, { toStatus }: Transition): boolean =>
  !isEnded(toStatus) || (purpose === 'CONNECT' && toStatus !== 'COMPLETED')
