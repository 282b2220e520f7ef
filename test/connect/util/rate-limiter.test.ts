import { describe, expect, test } from 'vitest'
import { createRateLimiter, type ShareCounts } from '../../../src/connect/util/rate-limiter.ts'
import type { RateLimitUse } from '../../../src/store/rate-limits.ts'
import { createTestClock } from '../../helpers/clock.ts'

/** Adds up the counts of several limiters, as the database does. */
function createSharedCounts(): ShareCounts {
  const totals = new Map<string, number>()
  return async (uses) =>
    uses.map(({ key, windowStart, used }): RateLimitUse => {
      const id = `${key} ${windowStart.toISOString()}`
      const total = (totals.get(id) ?? 0) + used
      totals.set(id, total)
      return { key, windowStart, used: total }
    })
}

describe('a rate limiter', () => {
  test('allows what fits within the limit of a minute, and says when the minute ends', () => {
    const clock = createTestClock() // at a full minute
    const { consume } = createRateLimiter(clock.now, null)
    clock.advance(20)
    expect(consume('ada', 60, 100)).toEqual({ isAllowed: true, limit: 100, remaining: 40, resetSeconds: 40 })
    expect(consume('ada', 41, 100)).toMatchObject({ isAllowed: false, remaining: 40 })
    expect(consume('ada', 40, 100)).toMatchObject({ isAllowed: true, remaining: 0 })
    expect(consume('bob', 100, 100)).toMatchObject({ isAllowed: true })
    clock.advance(40)
    expect(consume('ada', 100, 100)).toMatchObject({ isAllowed: true, resetSeconds: 60 })
  })

  test('shares its counts with the other gateways', async () => {
    const clock = createTestClock()
    const shared = createSharedCounts()
    const [one, other] = [createRateLimiter(clock.now, shared), createRateLimiter(clock.now, shared)]
    one.consume('ada', 60, 100)
    await one.share()
    other.consume('ada', 30, 100)
    await other.share()
    expect(other.consume('ada', 11, 100)).toMatchObject({ isAllowed: false, remaining: 10 })
    await one.share()
    expect(one.consume('ada', 11, 100)).toMatchObject({ isAllowed: false, remaining: 10 })
    // Sharing again adds nothing.
    for (const limiter of [one, other, one]) await limiter.share()
    expect(one.consume('ada', 10, 100)).toMatchObject({ isAllowed: true, remaining: 0 })
  })

  test('goes on with its own counts while they cannot be shared, and loses none', async () => {
    const clock = createTestClock()
    const shared = createSharedCounts()
    let isDown = true
    const one = createRateLimiter(clock.now, async (uses) => {
      if (isDown) throw new Error('down')
      return shared(uses)
    })
    one.consume('ada', 60, 100)
    await expect(one.share()).rejects.toThrow('down')
    expect(one.consume('ada', 41, 100)).toMatchObject({ isAllowed: false })
    isDown = false
    await one.share()
    const other = createRateLimiter(clock.now, shared)
    other.consume('ada', 1, 100)
    await other.share()
    expect(other.consume('ada', 40, 100)).toMatchObject({ isAllowed: false, remaining: 39 })
  })

  test('shares only hashes of the names of callers', async () => {
    const keys: string[] = []
    const limiter = createRateLimiter(createTestClock().now, async (uses) => {
      keys.push(...uses.map(({ key }) => key))
      return uses
    })
    limiter.consume('ada@example.com', 1, 100)
    await limiter.share()
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toContain('ada')
  })
})
