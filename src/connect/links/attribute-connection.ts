import type { RemoteConnection } from '../../providers/adapter.ts'
import { findCompetingLinks } from '../../store/connect-links.ts'
import { claimedConnections, remoteKey } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { completionEffect, isEnded } from './status.ts'

export type Attribution =
  | { readonly kind: 'attributed'; readonly connection: RemoteConnection }
  /** Several candidates, and nothing identifies the one of this link. */
  | { readonly kind: 'ambiguous' }
  /** One candidate, which a link of another end user may have made. */
  | { readonly kind: 'contested' }
  | { readonly kind: 'none' }

/**
 * Finds the connection that was made through the link among those that appeared since the link was created. A
 * connection that does not name its end user is attributed only if no other end user was visiting a competing link that
 * could have made it.
 */
export async function attributeConnection(
  db: Database,
  link: ConnectLinkRow,
  candidates: readonly RemoteConnection[],
): Promise<Attribution> {
  // The link's own claim does not count: an earlier check may have recorded its connection and failed to remove it.
  const claimed = await claimedConnections(db, link.accountKey, candidates, link.id)
  const [connection, ...others] = candidates.filter((candidate) => !claimed.has(remoteKey(candidate)))
  if (connection === undefined) return { kind: 'none' }
  if (others.length > 0) return { kind: 'ambiguous' }
  const namesEndUser = connection.endUserId === link.endUserId
  // The connection of a withdrawn link is removed at the provider, so the attribution has to be certain.
  if (completionEffect(link.status) === 'REMOVE' && !(namesEndUser && isMadeAfterOpening(link, connection)))
    return { kind: 'none' }
  const competing = (await findCompetingLinks(db, link)).filter((other) => couldHaveMade(other, connection))
  const likely = mostLikely([link, ...competing], connection)
  const ofEndUser = likely.filter(({ endUserId }) => endUserId === link.endUserId)
  if (ofEndUser.length < likely.length && !namesEndUser) return { kind: 'contested' }
  return mostAdvanced(ofEndUser)?.id === link.id ? { kind: 'attributed', connection } : { kind: 'none' }
}

const isMadeAfterOpening = ({ openedAt }: ConnectLinkRow, { createdAt }: RemoteConnection): boolean =>
  openedAt !== null && createdAt !== null && createdAt.getTime() >= openedAt.getTime() - removalSkewMs

/** Tolerated clock skew before a removal: 2 s only, so that no older connection is removed. */
const removalSkewMs = 2_000

/** Of the links of one end user: an open link before an ended one, then an AUTHORIZING one, then the newest. */
const mostAdvanced = (links: readonly ConnectLinkRow[]): ConnectLinkRow | undefined =>
  links.toSorted(
    (a, b) =>
      Number(isEnded(a.status)) - Number(isEnded(b.status)) ||
      Number(b.status === 'AUTHORIZING') - Number(a.status === 'AUTHORIZING') ||
      b.createdAt.getTime() - a.createdAt.getTime(),
  )[0]

/** Tolerated clock skew between gateway and provider: 60 s. */
const skewMs = 60_000

/** `false` for a link created well after the connection, and for one that was no longer usable when it was made. */
function couldHaveMade(link: ConnectLinkRow, { createdAt }: RemoteConnection): boolean {
  if (createdAt === null) return true
  const isOver = isEnded(link.status) && (link.nextCheckAt === null || link.revokedAtProvider === true)
  return (
    link.createdAt.getTime() <= createdAt.getTime() + skewMs && (!isOver || link.statusChangedAt >= createdAt)
  )
}

/** Links opened more than 30 min before the connection was made are not considered its origin. */
const maxVisitMs = 1_800_000

/**
 * The links that were being visited when the connection was made; if there are none, those that were ever opened; if
 * there are none either, all: the gateway does not see a visit when the provider's URL is opened directly.
 */
function mostLikely(
  links: readonly ConnectLinkRow[],
  { createdAt }: RemoteConnection,
): readonly ConnectLinkRow[] {
  const opened = links.filter(({ openedAt }) => openedAt !== null)
  const visiting = opened.filter(({ openedAt }) => {
    const beforeMs = (createdAt?.getTime() ?? 0) - (openedAt?.getTime() ?? 0)
    return createdAt !== null && beforeMs >= -skewMs && beforeMs <= maxVisitMs
  })
  if (visiting.length > 0) return visiting
  return opened.length > 0 ? opened : links
}
