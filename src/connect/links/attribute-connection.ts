import type { RemoteConnection } from '../../providers/adapter.ts'
import { findCompetingLinks } from '../../store/connect-links.ts'
import { claimedConnections, remoteKey } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { completionEffect, isEnded } from './status.ts'

export type Attribution =
  | { readonly kind: 'ours'; readonly connection: RemoteConnection }
  /** Several connections, and nothing tells which is the link's. */
  | { readonly kind: 'ambiguous' }
  /** One connection, which another link may have made. */
  | { readonly kind: 'contested' }
  | { readonly kind: 'none' }

/**
 * Which of the connections that appeared since the link was made is the link's own. Nothing is guessed: a connection goes
 * to a link only when no other person was on the way through a link of theirs that could have made it.
 */
export async function attributeConnection(
  db: Database,
  link: ConnectLinkRow,
  candidates: readonly RemoteConnection[],
): Promise<Attribution> {
  // Its own may have come to it before, and still have to be removed.
  const taken = await claimedConnections(db, link.accountKey, candidates, link.id)
  const [connection, ...others] = candidates.filter((candidate) => !taken.has(remoteKey(candidate)))
  if (connection === undefined) return { kind: 'none' }
  if (others.length > 0) return { kind: 'ambiguous' }
  const isNamed = connection.endUserId === link.endUserId
  // What a withdrawn link made is removed: that has to be certain.
  if (completionEffect(link.status) === 'REMOVE' && !(isNamed && isMadeAfterOpening(link, connection)))
    return { kind: 'none' }
  const rivals = (await findCompetingLinks(db, link)).filter((rival) => couldHaveMade(rival, connection))
  const contenders = mostLikely([link, ...rivals], connection)
  const ours = contenders.filter(({ endUserId }) => endUserId === link.endUserId)
  if (ours.length < contenders.length && !isNamed) return { kind: 'contested' }
  return best(ours)?.id === link.id ? { kind: 'ours', connection } : { kind: 'none' }
}

const isMadeAfterOpening = ({ openedAt }: ConnectLinkRow, { createdAt }: RemoteConnection): boolean =>
  openedAt !== null && createdAt !== null && createdAt.getTime() >= openedAt.getTime() - returnSkewMs

/** Of a second or two: what is removed is not to be anything older. */
const returnSkewMs = 2_000

/** Of one person's links: one that is open before one that ended, then the one that got furthest, then the newest. */
const best = (links: readonly ConnectLinkRow[]): ConnectLinkRow | undefined =>
  links.toSorted(
    (a, b) =>
      Number(isEnded(a.status)) - Number(isEnded(b.status)) ||
      Number(b.status === 'AUTHORIZING') - Number(a.status === 'AUTHORIZING') ||
      b.createdAt.getTime() - a.createdAt.getTime(),
  )[0]

/** Clocks of two houses differ. */
const skewMs = 60_000

/** A link made well after a connection had no part in it, nor has one that was over before it. */
function couldHaveMade(link: ConnectLinkRow, { createdAt }: RemoteConnection): boolean {
  if (createdAt === null) return true
  const isOver = isEnded(link.status) && (link.nextCheckAt === null || link.revokedAtProvider === true)
  return (
    link.createdAt.getTime() <= createdAt.getTime() + skewMs && (!isOver || link.statusChangedAt >= createdAt)
  )
}

/** Who has been away for longer has given up. */
const visitMs = 1_800_000

/**
 * Those whose end users were on the way when the connection was made; if none was, those that were ever opened; and if
 * links are opened past our door, which shows none of it, all.
 */
function mostLikely(
  links: readonly ConnectLinkRow[],
  { createdAt }: RemoteConnection,
): readonly ConnectLinkRow[] {
  const opened = links.filter(({ openedAt }) => openedAt !== null)
  const visiting = opened.filter(({ openedAt }) => {
    const beforeMs = (createdAt?.getTime() ?? 0) - (openedAt?.getTime() ?? 0)
    return createdAt !== null && beforeMs >= -skewMs && beforeMs <= visitMs
  })
  if (visiting.length > 0) return visiting
  return opened.length > 0 ? opened : links
}
