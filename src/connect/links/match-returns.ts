import type { TimeRange } from '../../http/provider-clocks.ts'

/** A link that was opened, and through which a new connection can have been made. */
export interface OpenedLink {
  readonly id: string
  readonly endUserId: string
  /** When it was opened first; the creation of a link whose opening was not seen. */
  readonly openedAt: Date
  /** When the browser returned from the provider's success page; `null`: it did not. */
  readonly returnedAt: Date | null
}

interface ReturnedLink extends OpenedLink {
  readonly returnedAt: Date
}

/** A new connection that the provider attributes to no link, and when it was made, by the gateway's clock. */
export interface Candidate {
  readonly key: string
  readonly made: TimeRange
}

/** A provider redirects the browser at once: the connection of a return was made within this time before it. */
export const returnWindowMs = 3_000

/**
 * Assigns connections to links whose browser returned, each at most once: a return shows that a connection was made
 * through its link right before. It identifies the connection if no other assignment explains as many returns. Returns
 * the candidate keys by link ID; the connections of links that are not in it cannot be distinguished, or are not listed.
 */
export function matchReturns(
  links: readonly OpenedLink[],
  candidates: readonly Candidate[],
): ReadonlyMap<string, string> {
  const returned = links.filter(hasReturned)
  const edges: readonly Edge[] = returned.flatMap((link) =>
    candidates.filter((candidate) => isPrompt(link, candidate)).map(({ key }) => [link.id, key] as const),
  )
  const total = matchingSize(edges)
  const needed = edges.filter((edge) => matchingSize(edges.filter((other) => other !== edge)) < total)
  return new Map(needed)
}

/**
 * Without the returns that the end user may have held back after a connection was made, to return when that of another
 * person appears.
 */
export const withoutHeldReturns = (
  links: readonly OpenedLink[],
  candidates: readonly Candidate[],
): readonly OpenedLink[] =>
  links.filter((link) => !hasReturned(link) || !mayHaveWaited(link, links, candidates))

/** Whether the connection can be that of the return, or one that the link made before and whose return was delayed. */
export const canBeOf = (link: OpenedLink, { made }: Candidate): boolean =>
  link.returnedAt !== null && made.earliest <= link.returnedAt && made.latest >= link.openedAt

const hasReturned = (link: OpenedLink): link is ReturnedLink => link.returnedAt !== null

function isPrompt(link: ReturnedLink, candidate: Candidate): boolean {
  return canBeOf(link, candidate) && !isLong(link, candidate)
}

const isLong = ({ returnedAt }: ReturnedLink, { made }: Candidate): boolean =>
  made.latest.getTime() < returnedAt.getTime() - returnWindowMs

/** Whether there are more connections from before the return than links of others that were open and had not returned. */
function mayHaveWaited(
  link: ReturnedLink,
  links: readonly OpenedLink[],
  candidates: readonly Candidate[],
): boolean {
  const earlier = candidates.filter((candidate) => canBeOf(link, candidate) && isLong(link, candidate))
  const others = links.filter(
    ({ endUserId, openedAt, returnedAt }) =>
      endUserId !== link.endUserId &&
      earlier.some(
        ({ made }) => openedAt <= made.latest && (returnedAt === null || returnedAt >= made.earliest),
      ),
  )
  return earlier.length > others.length
}

/** Link ID and candidate key. */
type Edge = readonly [string, string]

/** The size of the largest set of edges without a common end, by augmenting paths (Kuhn's algorithm). */
function matchingSize(edges: readonly Edge[]): number {
  const keysOf = new Map<string, string[]>()
  for (const [id, key] of edges) keysOf.set(id, [...(keysOf.get(id) ?? []), key])
  const linkOf = new Map<string, string>()
  const augment = (id: string, visited: Set<string>): boolean =>
    (keysOf.get(id) ?? []).some((key) => {
      if (visited.has(key)) return false
      visited.add(key)
      const holder = linkOf.get(key)
      if (holder !== undefined && !augment(holder, visited)) return false
      linkOf.set(key, id)
      return true
    })
  return [...keysOf.keys()].filter((id) => augment(id, new Set())).length
}
