import type { LinkGuard, LinkStatus } from '../../domain/statuses.ts'

/**
 * State machine of a link:
 *
 *     CREATED -> OPENED -> AUTHORIZING -> COMPLETED | FAILED | EXPIRED | REVOKED | SUPERSEDED
 *
 * Statuses may be skipped (some providers report only the first and the last); a transition never goes back.
 */
const rank: Readonly<Record<LinkStatus, number>> = {
  CREATED: 0,
  OPENED: 1,
  AUTHORIZING: 2,
  COMPLETED: 3,
  FAILED: 3,
  EXPIRED: 3,
  REVOKED: 3,
  SUPERSEDED: 3,
}

/** Whether the status is final. */
export const isEnded = (status: LinkStatus): boolean => rank[status] === rank.COMPLETED

/** Whether the connection of the link is held back and can still be confirmed. */
export const isHeld = (
  { status, heldUntil }: { readonly status: LinkStatus; readonly heldUntil: Date | null },
  now: Date,
): boolean => heldUntil !== null && heldUntil > now && !isEnded(status)

/** Whether the transition is allowed. Late, repeated and reordered signals request transitions that are not. */
export const canTransition = (from: LinkStatus, to: LinkStatus): boolean => rank[from] < rank[to]

/**
 * What happens when the provider reports a completed connection of a link in that status. COMPLETE: the link completes.
 * KEEP: the link stays failed or expired, and the end user keeps the connection. REMOVE: the link was revoked or
 * superseded, or ended without the confirmation that its guard requires, and the connection is removed. KNOWN: the
 * connection is recorded already.
 */
export function completionEffect({
  status,
  guard,
}: {
  readonly status: LinkStatus
  readonly guard: LinkGuard
}): 'COMPLETE' | 'KEEP' | 'REMOVE' | 'KNOWN' {
  switch (status) {
    case 'COMPLETED':
      return 'KNOWN'
    case 'FAILED':
    case 'EXPIRED':
      return guard === 'NONE' ? 'KEEP' : 'REMOVE'
    case 'REVOKED':
    case 'SUPERSEDED':
      return 'REMOVE'
    default:
      return 'COMPLETE'
  }
}
