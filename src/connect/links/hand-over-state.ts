import type { HandOverState } from '../../domain/statuses.ts'
import { findLastHandOver } from '../../store/hand-overs.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { encryptionContext, tokenUrl } from './link-url.ts'
import { isEnded } from './status.ts'

/** How a hand-over stands. That of a link that has ended meanwhile stays WAITING or OPENED. */
export function handOverStateOf(
  { endReason, expiresAt, openedAt }: Pick<LinkHandOverRow, 'endReason' | 'expiresAt' | 'openedAt'>,
  now: Date,
): HandOverState {
  if (endReason !== null) return endReason
  if (expiresAt !== null && expiresAt <= now) return 'EXPIRED'
  return openedAt === null ? 'WAITING' : 'OPENED'
}

/** Whether the colleague has the link, and the end user's own address leads nowhere. */
export const isActive = (handOver: LinkHandOverRow, now: Date): boolean =>
  ['WAITING', 'OPENED'].includes(handOverStateOf(handOver, now))

/** The active hand-over of a link; `null`: its end user has it. */
export async function activeHandOver(
  { db, now }: Pick<ConnectContext, 'db' | 'now'>,
  linkId: string,
): Promise<LinkHandOverRow | null> {
  const last = await findLastHandOver(db, linkId)
  return last !== undefined && isActive(last, now()) ? last : null
}

/**
 * Whether the end user has not opened the link since that hand-over was over: the page shows its result then, and does not
 * lead to the provider at once.
 */
export function isResultUnseen(handOver: LinkHandOverRow, { openedAt }: ConnectLinkRow): boolean {
  const overAt = handOver.endedAt ?? handOver.expiresAt
  return openedAt === null || (overAt !== null && openedAt <= overAt)
}

/** Whether the link was last opened by the colleague of that hand-over, also if it is over meanwhile. */
function isVisitOfColleague(
  { createdAt, endedAt, expiresAt }: LinkHandOverRow,
  { openedAt }: Pick<ConnectLinkRow, 'openedAt'>,
): boolean {
  const overAt = endedAt ?? expiresAt
  return openedAt !== null && openedAt >= createdAt && (overAt === null || openedAt < overAt)
}

/**
 * Whether the hand-over was over before the link ended, and the colleague has not completed the link: then what becomes of it
 * is not shown to the colleague.
 */
export function isOverForColleague(
  handOver: LinkHandOverRow,
  link: Pick<ConnectLinkRow, 'status' | 'openedAt' | 'expiresAt' | 'statusChangedAt'>,
  now: Date,
): boolean {
  const { expiresAt } = handOver
  if (link.status === 'COMPLETED' && isVisitOfColleague(handOver, link)) return false
  if (handOver.endReason !== null) return true
  if (expiresAt === null || expiresAt > now) return false
  // Of a hand-over that lasts as long as the link, the link has expired.
  const isBeforeExpiry = link.expiresAt === null || expiresAt < link.expiresAt
  return isBeforeExpiry && (!isEnded(link.status) || expiresAt < link.statusChangedAt)
}

/** The address of the colleague's page. */
export const handOverUrl = (
  { linkId, number, tokenEncrypted }: LinkHandOverRow,
  { encryption, publicUrl }: Pick<ConnectContext, 'encryption' | 'publicUrl'>,
): string =>
  tokenUrl(
    publicUrl,
    'connect',
    encryption.decrypt(tokenEncrypted, encryptionContext(linkId, `hand-over-${number}`)),
  )

/** Hand-overs of one link, over its whole life. */
export const maxHandOvers = 5

/** Whether the end user can hand over a link whose latest hand-over that is; `null`: it has none. */
export const canHandOver = (link: ConnectLinkRow, last: LinkHandOverRow | null, now: Date): boolean =>
  handOverProblem(link, now) === null &&
  (last === null || (!isActive(last, now) && last.number < maxHandOvers))

/** Why the link cannot be handed over, as a sentence; `null`: it can. Does not regard its earlier hand-overs. */
export function handOverProblem(link: ConnectLinkRow, now: Date): string | null {
  const { status, guard, heldUntil, tokenHash, expiresAt } = link
  if (guard === 'SAME_BROWSER')
    return 'A link with the guard SAME_BROWSER cannot be handed over: it has to be completed in the browser of its end user.'
  if (isEnded(status) || tokenHash === null) return `The link has ended as ${status}.`
  if (expiresAt !== null && expiresAt <= now) return 'The link has expired.'
  return heldUntil === null
    ? null
    : 'The connection of the link was made already, and awaits its confirmation.'
}
