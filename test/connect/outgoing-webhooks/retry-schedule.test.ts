import { expect, test } from 'vitest'
import { maxAttempts, nextAttemptAt } from '../../../src/connect/outgoing-webhooks/retry-schedule.ts'

const now = new Date('2026-12-01T00:00:00Z')
const delayOf = (attempts: number, options: { retryAfterSeconds?: number; random?: () => number } = {}) => {
  const at = nextAttemptAt({ attempts }, { now, random: () => 0.5, ...options })
  return at && (at.getTime() - now.getTime()) / 1_000
}

test('delays grow and reach over a day, and the last failure has no further attempt', () => {
  const delays = Array.from({ length: maxAttempts }, (_, index) => delayOf(index + 1))
  expect(delays.slice(0, 3)).toEqual([5, 30, 120])
  expect(delays.at(-1)).toBeNull()
  const seconds = delays.filter((delay) => delay !== null)
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
  expect(seconds.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(24 * 3_600)
})

test('delays vary by a fifth, and a receiver can lengthen them up to eight hours', () => {
  expect([delayOf(2, { random: () => 0 }), delayOf(2, { random: () => 1 })]).toEqual([24, 36])
  expect(delayOf(1, { retryAfterSeconds: 60 })).toBe(60)
  expect(delayOf(3, { retryAfterSeconds: 60 })).toBe(120)
  expect(delayOf(1, { retryAfterSeconds: 86_400 })).toBe(28_800)
})
