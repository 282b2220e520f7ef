import type { TimeRange } from '../../http/provider-clocks.ts'

/** A link whose browser returned from the provider's success page. */
export interface ReturnedLink {
  readonly id: string
  readonly createdAt: Date
  readonly returnedAt: Date
}

/** A new connection that the provider attributes to no link, and when it was made, by the gateway's clock. */
export interface Candidate {
  readonly key: string
  readonly made: TimeRange
}

/** A provider redirects the browser at most this long after it has made the connection. */
export const returnWindowMs = 60_000
/** Usually it redirects at once: a connection made within this time before the return is that of the return. */
const promptMs = 5_000
/** ... unless another connection was made so shortly before it. */
const separationMs = 15_000
/** How long a provider's API may lag behind its pages. Until then, only a prompt return identifies its connection. */
const lagMs = 10_000

/**
 * Assigns connections to returned links, each at most once. A return shows that a connection was made through its link,
 * shortly before. It identifies the connection only if no other one fits: assigned connections do not fit any more, so
 * that one identified return can make the next one identifiable. Returns the candidate keys by link ID; links and
 * connections that are not in it cannot be distinguished, or have no counterpart yet.
 */
export function matchReturns(
  links: readonly ReturnedLink[],
  candidates: readonly Candidate[],
  now: Date,
): ReadonlyMap<string, string> {
  const matches = new Map<string, string>()
  for (;;) {
    const taken = new Set(matches.values())
    const free = candidates.filter(({ key }) => !taken.has(key))
    const waiting = links.filter(({ id }) => !matches.has(id))
    const choices = waiting.map((link) => ({ link, key: clearChoice(link, free, now) }))
    const found = choices.filter(
      ({ key }) => key !== undefined && choices.filter((other) => other.key === key).length === 1,
    )
    if (found.length === 0) return matches
    for (const { link, key } of found) if (key !== undefined) matches.set(link.id, key)
  }
}

/** The candidates that can have been made through the link, latest first. */
export function fitting(link: ReturnedLink, candidates: readonly Candidate[]): readonly Candidate[] {
  const returnedMs = link.returnedAt.getTime()
  const earliestMs = Math.max(link.createdAt.getTime(), returnedMs - returnWindowMs)
  return candidates
    .filter(({ made }) => made.earliest.getTime() <= returnedMs && made.latest.getTime() >= earliestMs)
    .toSorted((a, b) => b.made.earliest.getTime() - a.made.earliest.getTime())
}

/** The key of the only connection that the return of the link can stand for; `undefined`: there is none. */
function clearChoice(link: ReturnedLink, candidates: readonly Candidate[], now: Date): string | undefined {
  const [latest, previous] = fitting(link, candidates)
  if (latest === undefined) return undefined
  const returnedMs = link.returnedAt.getTime()
  const isPrompt = latest.made.latest.getTime() >= returnedMs - promptMs
  const isAlone =
    previous === undefined || latest.made.earliest.getTime() - previous.made.latest.getTime() >= separationMs
  if (isPrompt) return isAlone ? latest.key : undefined
  const isLagOver = now.getTime() - returnedMs >= lagMs
  return previous === undefined && isLagOver ? latest.key : undefined
}
