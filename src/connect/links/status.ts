import type { LinkStatus } from '../../domain/statuses.ts'

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

/** Whether the transition is allowed. Late, repeated and reordered signals request transitions that are not. */
export const canTransition = (from: LinkStatus, to: LinkStatus): boolean => rank[from] < rank[to]

/**
 * What happens when the provider reports a completed connection of a link in that status. COMPLETE: the link completes.
 * KEEP: the link stays failed or expired, and the end user keeps the connection. REMOVE: the link was revoked or
 * superseded, and the connection is removed. KNOWN: the connection is recorded already.
 */
export function completionEffect(link: LinkStatus): 'COMPLETE' | 'KEEP' | 'REMOVE' | 'KNOWN' {
  switch (link) {
    case 'COMPLETED':
      return 'KNOWN'
    case 'FAILED':
    case 'EXPIRED':
      return 'KEEP'
    case 'REVOKED':
    case 'SUPERSEDED':
      return 'REMOVE'
    default:
      return 'COMPLETE'
  }
}
