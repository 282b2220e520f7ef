import type { ConnectLinkRow } from '../../store/schema.ts'
import { isEnded } from './status.ts'

const shortestMs = 2_000
const longestMs = 300_000
/** A link that has ended is only looked after, in case its provider's own link is used all the same. */
const shortestAfterEndMs = 10_000

type Aged = Pick<ConnectLinkRow, 'status' | 'statusChangedAt' | 'expiresAt' | 'watchUntil'> &
  Partial<Pick<ConnectLinkRow, 'checkedAt'>>

/**
 * When the provider is to be asked about a link again; `null`: never. The pause grows with the time since something last
 * happened to the link, from seconds to minutes, and never passes over the link's end: it is read once more then.
 */
export function nextCheckAt(link: Aged, now: Date): Date | null {
  const { status, statusChangedAt, expiresAt, watchUntil, checkedAt } = link
  const calmMs = now.getTime() - statusChangedAt.getTime()
  if (isEnded(status)) {
    if (watchUntil === null || watchUntil <= now) return null
    return after(now, clamp(calmMs / 2, shortestAfterEndMs))
  }
  // The end came while the provider was being asked: once more, and then it is over.
  if (checkedAt && expiresAt && checkedAt < expiresAt && expiresAt <= now) return now
  const next = after(now, clamp(calmMs / 2, shortestMs))
  return expiresAt !== null && expiresAt > now && expiresAt < next ? expiresAt : next
}

/** For a link that has just come to its status. */
export const firstCheckAt = (link: Omit<Aged, 'statusChangedAt'>, now: Date): Date | null =>
  nextCheckAt({ ...link, statusChangedAt: now }, now)

const after = (now: Date, ms: number) => new Date(now.getTime() + ms)

const clamp = (ms: number, shortest: number) => Math.min(longestMs, Math.max(shortest, ms))
