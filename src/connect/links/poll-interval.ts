import type { ConnectLinkRow } from '../../store/schema.ts'
import { isEnded } from './status.ts'

/** The interval of an open link: this share of the time since its last status change, within these limits. */
export const openInterval = { share: 0.5, minMs: 2_000, maxMs: 300_000 } as const
/** Ended links are polled less often: only in case the provider's own link is still used. */
const minAfterEndMs = 10_000

type PolledLink = Pick<ConnectLinkRow, 'status' | 'statusChangedAt' | 'expiresAt' | 'watchUntil'> &
  Partial<Pick<ConnectLinkRow, 'checkedAt'>>

/**
 * When to check a link at its provider next; `null`: never. The interval is half the time since the last status change,
 * from 2 s (10 s for ended links) to 5 min. It never skips `expiresAt`: the link is checked once more then.
 */
export function nextCheckAt(link: PolledLink, now: Date): Date | null {
  const { status, statusChangedAt, expiresAt, watchUntil, checkedAt } = link
  const unchangedMs = now.getTime() - statusChangedAt.getTime()
  if (isEnded(status)) {
    if (watchUntil === null || watchUntil <= now) return null
    return after(now, intervalMs(unchangedMs, minAfterEndMs))
  }
  // The link expired during the check: one more check, after which it can be expired.
  if (checkedAt && expiresAt && checkedAt < expiresAt && expiresAt <= now) return now
  const next = after(now, intervalMs(unchangedMs, openInterval.minMs))
  return expiresAt !== null && expiresAt > now && expiresAt < next ? expiresAt : next
}

/** `nextCheckAt` for a link that has just entered its status. */
export const firstCheckAt = (link: Omit<PolledLink, 'statusChangedAt'>, now: Date): Date | null =>
  nextCheckAt({ ...link, statusChangedAt: now }, now)

const after = (now: Date, ms: number) => new Date(now.getTime() + ms)

const intervalMs = (unchangedMs: number, minMs: number) =>
  Math.min(openInterval.maxMs, Math.max(minMs, unchangedMs * openInterval.share))
