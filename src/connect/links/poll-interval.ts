import type { ConnectLinkRow } from '../../store/schema.ts'
import { isEnded } from './status.ts'

const shortestMs = 2_000
const longestMs = 300_000
/** A link that has ended is only looked after, in case its provider's own link is used all the same. */
const shortestAfterEndMs = 10_000

type Aged = Pick<ConnectLinkRow, 'status' | 'moved_at' | 'expires_at' | 'watch_until'> &
  Partial<Pick<ConnectLinkRow, 'checked_at'>>

/**
 * When the provider is to be asked about a link again; `null`: never. The pause grows with the time since something last
 * happened to the link, from seconds to minutes, and never passes over the link's end: it is read once more then.
 */
export function nextCheckAt(link: Aged, now: Date): Date | null {
  const { status, moved_at, expires_at, watch_until, checked_at } = link
  const calmMs = now.getTime() - moved_at.getTime()
  if (isEnded(status)) {
    if (watch_until === null || watch_until <= now) return null
    return after(now, clamp(calmMs / 2, shortestAfterEndMs))
  }
  // The end came while the provider was being asked: once more, and then it is over.
  if (checked_at && expires_at && checked_at < expires_at && expires_at <= now) return now
  const next = after(now, clamp(calmMs / 2, shortestMs))
  return expires_at !== null && expires_at > now && expires_at < next ? expires_at : next
}

/** For a link that has just come to its status. */
export const firstCheckAt = (link: Omit<Aged, 'moved_at'>, now: Date): Date | null =>
  nextCheckAt({ ...link, moved_at: now }, now)

const after = (now: Date, ms: number) => new Date(now.getTime() + ms)

const clamp = (ms: number, shortest: number) => Math.min(longestMs, Math.max(shortest, ms))
