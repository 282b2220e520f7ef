import type { LinkStatus } from '../../domain/statuses.ts'

/**
 * The life of a link:
 *
 *     CREATED -> OPENED -> AUTHORIZING -> COMPLETED | FAILED | EXPIRED | REVOKED | SUPERSEDED
 *
 * Steps may be left out (some providers show only the first and the last), and are never taken back.
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

/** A status that never changes again. */
export const isEnded = (status: LinkStatus): boolean => rank[status] === rank.COMPLETED

/** Whether a link goes from one status to the other; late, repeated and reordered signals ask for steps that it does not take. */
export const canTransition = (from: LinkStatus, to: LinkStatus): boolean => rank[from] < rank[to]

/**
 * What is done with a connection that its provider shows as finished, whatever has become of the link meanwhile:
 * the link completes; or it has failed or expired, stays so, and the connection is its end user's all the same;
 * or the link was withdrawn, and what it made has to go.
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
