import type { OwnerEvidence } from '../../domain/statuses.ts'
import type { TimeRange } from '../../http/provider-clocks.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import { findOpenedLinks, findOwnCompetingLinks, findOwnOpenedLinks } from '../../store/competing-links.ts'
import { findStoredCandidates, remoteKey, type StoredCandidate } from '../../store/connections.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import {
  type Candidate,
  canBeOf,
  matchReturns,
  type OpenedLink,
  returnWindowMs,
  withoutHeldReturns,
} from './match-returns.ts'
import { completionEffect, isEnded } from './status.ts'

export type Attribution =
  | {
      readonly kind: 'attributed'
      readonly connection: RemoteConnection
      readonly evidence: Extract<OwnerEvidence, 'PROVIDER' | 'RETURN'>
    }
  /** The browser has returned through the link, and several connections can be the one that it made. */
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'none' }

/**
 * Finds the connection that was made through the link among those that appeared since the link was created and that the
 * provider attributes to no link. It takes positive evidence: the provider names the end user, or the browser returned
 * from the provider through this link shortly after the connection was made. That other links cannot have made it is no
 * evidence: it may have been made without a link.
 */
export async function attributeConnection(
  context: ConnectContext,
  link: ConnectLinkRow,
  candidates: readonly RemoteConnection[],
): Promise<Attribution> {
  const unclaimed = await unclaimedCandidates(context, link, candidates)
  const named = unclaimed.filter(({ connection }) => connection.endUserId === link.endUserId)
  const attribution =
    named.length > 0
      ? await attributeNamed(context, link, named)
      : await attributeReturned(
          context,
          link,
          unclaimed.filter(({ connection }) => connection.endUserId === null),
        )
  if (attribution.kind !== 'attributed' || completionEffect(link) === 'REMOVE') return attribution
  const made = unclaimed.filter(({ connection }) => connection === attribution.connection)
  return (await avoidsGuard(context, link, made)) ? { kind: 'ambiguous' } : attribution
}

/**
 * Whether the connection can have been made through another link of the end user, and one of the two has a guard: the
 * person who has used the page of that link is not the one whom the guard of this link lets through.
 */
async function avoidsGuard(
  { db }: ConnectContext,
  link: ConnectLinkRow,
  connections: readonly NewConnection[],
): Promise<boolean> {
  const others = await findOwnOpenedLinks(db, link)
  return others.some(
    (other) =>
      (link.guard !== 'NONE' || other.guard !== 'NONE') &&
      connections.some((connection) => couldHaveMade(other, connection)),
  )
}

interface NewConnection extends Candidate {
  readonly connection: RemoteConnection
}

/** Whether a stored connection belongs to another end user or organization than the link. */
const isForeign = (link: ConnectLinkRow, { endUserId, organizationId }: StoredCandidate): boolean =>
  (endUserId !== null && endUserId !== link.endUserId) ||
  (organizationId !== null && organizationId !== link.organizationId)

/** Without the connections of other links, of other end users and of other organizations. */
async function unclaimedCandidates(
  { db, clocks, now }: ConnectContext,
  link: ConnectLinkRow,
  candidates: readonly RemoteConnection[],
): Promise<readonly NewConnection[]> {
  const stored = await findStoredCandidates(db, link, candidates)
  return candidates.flatMap((connection) => {
    const key = remoteKey(connection)
    const row = stored.get(key)
    if (row !== undefined && (row.isClaimed || isForeign(link, row))) return []
    const made = connection.createdAt && clocks.toGatewayTime(link.accountKey, connection.createdAt)
    // Without a comparable time, it was made between the creation of the link and the first time that it was listed.
    const range = made ?? { earliest: link.createdAt, latest: row?.createdAt ?? now() }
    return [{ key, connection, made: range }]
  })
}

/** The provider names the end user: only the end user's own links can have made the connection. */
async function attributeNamed(
  { db, now }: ConnectContext,
  link: ConnectLinkRow,
  candidates: readonly NewConnection[],
): Promise<Attribution> {
  const [candidate, ...others] = candidates
  if (candidate === undefined) return { kind: 'none' }
  const attributed = { kind: 'attributed', connection: candidate.connection, evidence: 'PROVIDER' } as const
  // The connection of a withdrawn link is removed at the provider, so it must not be older than the visit.
  if (completionEffect(link) === 'REMOVE')
    return others.length === 0 && isMadeAfterOpening(link, candidate.made) ? attributed : { kind: 'none' }
  const competing = (await findOwnCompetingLinks(db, link)).filter((other) => couldHaveMade(other, candidate))
  // The provider names the end user, but not the organization in which the connection was made.
  const isOneOrganization = competing.every(({ organizationId }) => organizationId === link.organizationId)
  if (others.length === 0 && isOneOrganization)
    return mostAdvanced([link, ...competing])?.id === link.id ? attributed : { kind: 'none' }
  return byReturn(link, {
    links: [link, ...competing].map(toOpenedLink),
    candidates,
    now: now(),
    evidence: 'PROVIDER',
  })
}

const toOpenedLink = ({ id, endUserId, createdAt, returnedAt }: ConnectLinkRow): OpenedLink => ({
  id,
  endUserId,
  openedAt: createdAt,
  returnedAt,
})

/** The provider names no end user: the return of the browser through this link is the only evidence. */
async function attributeReturned(
  { db, now }: ConnectContext,
  link: ConnectLinkRow,
  candidates: readonly NewConnection[],
): Promise<Attribution> {
  // A removal needs the provider's word.
  if (candidates.length === 0 || link.returnedAt === null || completionEffect(link) === 'REMOVE')
    return { kind: 'none' }
  const links = withoutHeldReturns(await findOpenedLinks(db, link), candidates)
  return byReturn(link, { links, candidates, now: now(), evidence: 'RETURN' })
}

/** How long a provider's API may lag behind its pages. */
const lagMs = 10_000

interface ReturnQuestion {
  /** The links through which the candidates can have been made; without `link` if its return is not trusted. */
  readonly links: readonly OpenedLink[]
  readonly candidates: readonly NewConnection[]
  readonly now: Date
  readonly evidence: 'PROVIDER' | 'RETURN'
}

function byReturn(link: ConnectLinkRow, { links, candidates, now, evidence }: ReturnQuestion): Attribution {
  const own = links.find(({ id }) => id === link.id) ?? toOpenedLink(link)
  const key = matchReturns(links, candidates).get(link.id)
  const match = candidates.find((candidate) => candidate.key === key)
  if (match) return { kind: 'attributed', connection: match.connection, evidence }
  // Until then, a return or a connection that makes it unambiguous may still be seen.
  const isOver = own.returnedAt !== null && now.getTime() - own.returnedAt.getTime() > returnWindowMs + lagMs
  const isPossible = candidates.some((candidate) => canBeOf(own, candidate))
  return isOver && isPossible ? { kind: 'ambiguous' } : { kind: 'none' }
}

const isMadeAfterOpening = ({ openedAt }: ConnectLinkRow, { earliest }: TimeRange): boolean =>
  openedAt !== null && earliest.getTime() >= openedAt.getTime() - removalToleranceMs

/** The provider's clock is known to one second; the connection of a withdrawn link must not be older than the visit. */
const removalToleranceMs = 2_000

/** Of the links of one end user: an open link before an ended one, then an AUTHORIZING one, then the newest. */
const mostAdvanced = (links: readonly ConnectLinkRow[]): ConnectLinkRow | undefined =>
  links.toSorted(
    (a, b) =>
      Number(isEnded(a.status)) - Number(isEnded(b.status)) ||
      Number(b.status === 'AUTHORIZING') - Number(a.status === 'AUTHORIZING') ||
      b.createdAt.getTime() - a.createdAt.getTime(),
  )[0]

/** `false` for a link created after the connection, and for one that was no longer usable when it was made. */
function couldHaveMade(link: ConnectLinkRow, { made }: NewConnection): boolean {
  const isOver = isEnded(link.status) && (link.nextCheckAt === null || link.revokedAtProvider === true)
  return link.createdAt <= made.latest && (!isOver || link.statusChangedAt >= made.earliest)
}
