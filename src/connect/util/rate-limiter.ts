import { createHash } from 'node:crypto'
import type { RateLimitUse } from '../../store/rate-limits.ts'

export interface RateLimitState {
  readonly isAllowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds until the window ends. */
  readonly resetSeconds: number
}

/** Counts what callers use in windows of one minute. */
export interface RateLimiter {
  /** Adds the points if they fit within the limit of the key. */
  consume(key: string, points: number, limit: number): RateLimitState
  /** Exchanges the counts with the other gateways. Does nothing without a shared store. */
  share(): Promise<void>
}

/** Adds to the counts of all gateways and returns the new totals. */
export type ShareCounts = (uses: readonly RateLimitUse[]) => Promise<readonly RateLimitUse[]>

export const windowMs = 60_000

interface Counter {
  windowStart: number
  /** Used by all gateways, as of the last exchange, and by this one since. */
  used: number
  /** Of `used`, what the other gateways do not know yet. */
  unshared: number
}

/**
 * Counts in memory; `shareCounts` exchanges the counts of several gateways, which are therefore late by the interval of
 * the exchange. While it fails, each gateway goes on with its own counts: requests are not refused because of it.
 */
export function createRateLimiter(now: () => Date, shareCounts: ShareCounts | null): RateLimiter {
  const counters = new Map<string, Counter>()
  const windowStartNow = () => Math.floor(now().getTime() / windowMs) * windowMs

  function counterOf(key: string): Counter {
    const windowStart = windowStartNow()
    const known = counters.get(key)
    if (known?.windowStart === windowStart) return known
    const counter = { windowStart, used: 0, unshared: 0 }
    counters.set(key, counter)
    return counter
  }

  async function share(): Promise<void> {
    const windowStart = windowStartNow()
    for (const [key, counter] of counters) if (counter.windowStart < windowStart) counters.delete(key)
    if (shareCounts === null) return
    const sent = [...counters].map(([key, counter]) => ({ key, counter, points: counter.unshared }))
    const totals = await shareCounts(
      sent.map(({ key, counter, points }) => ({
        key,
        windowStart: new Date(counter.windowStart),
        used: points,
      })),
    )
    const totalByKey = new Map(totals.map(({ key, used }) => [key, used]))
    for (const { key, counter, points } of sent) {
      counter.unshared -= points
      counter.used = (totalByKey.get(key) ?? counter.used) + counter.unshared
    }
  }

  return {
    share,
    consume(name, points, limit) {
      const counter = counterOf(hashed(name))
      const isAllowed = counter.used + points <= limit
      if (isAllowed) {
        counter.used += points
        counter.unshared += points
      }
      return {
        isAllowed,
        limit,
        remaining: Math.max(0, Math.floor(limit - counter.used)),
        resetSeconds: Math.ceil((counter.windowStart + windowMs - now().getTime()) / 1_000),
      }
    },
  }
}

/** End-user IDs are not kept in memory and in the store longer and in more places than needed. */
const hashed = (name: string) => createHash('sha256').update(name).digest('base64url')
