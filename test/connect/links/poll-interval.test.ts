import { describe, expect, test } from 'vitest'
import { firstCheckAt, nextCheckAt } from '../../../src/connect/links/poll-interval.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'

const start = new Date('2026-11-22T08:00:00.000Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)

/** A link whose status last changed at `start`. */
const link = (status: LinkStatus, times: { readonly expires?: number; readonly watched?: number } = {}) => ({
  status,
  statusChangedAt: start,
  expiresAt: times.expires === undefined ? null : at(times.expires),
  watchUntil: times.watched === undefined ? null : at(times.watched),
})

/** The poll intervals of a link during `seconds`, in seconds. */
function intervals(polled: Parameters<typeof nextCheckAt>[0], seconds: number): readonly number[] {
  const found: number[] = []
  let now = 0
  while (now < seconds) {
    const next = nextCheckAt(polled, at(now))
    if (next === null) break
    const pause = (next.getTime() - at(now).getTime()) / 1000
    found.push(pause)
    now += pause
  }
  return found
}

const ended = ['FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED', 'COMPLETED'] as const

describe('the poll interval of an open link', () => {
  test('grows from two seconds to five minutes and never shrinks', () => {
    const found = intervals(link('CREATED'), 7_200)
    expect(found[0]).toBe(2)
    expect(found.at(-1)).toBe(300)
    expect(found).toEqual(found.toSorted((a, b) => a - b))
    expect(found.slice(0, 4)).toEqual([2, 2, 2, 3])
    // About three hundred checks a day, not tens of thousands.
    expect(intervals(link('CREATED'), 86_400).length).toBeLessThan(320)
  })

  test('is short again after a status change', () => {
    const now = at(7_200)
    expect(nextCheckAt(link('OPENED'), now)).toEqual(at(7_500))
    expect(nextCheckAt({ ...link('AUTHORIZING'), statusChangedAt: now }, now)).toEqual(at(7_202))
    expect(firstCheckAt(link('AUTHORIZING'), now)).toEqual(at(7_202))
  })

  test.each([0.5, 1, 3, 59, 299, 301, 86_400])('does not skip an expiry after %d seconds', (expires) => {
    const open = link('OPENED', { expires })
    const times = [0]
    for (const pause of intervals(open, expires)) times.push((times.at(-1) ?? 0) + pause)

    expect(times).toContain(expires)
  })

  test('is not shortened by a past expiry that could not be recorded', () => {
    expect(nextCheckAt(link('OPENED', { expires: 60 }), at(60))).toEqual(at(90))
    expect(nextCheckAt(link('OPENED', { expires: 60 }), at(7_200))).toEqual(at(7_500))
  })
})

describe('a link that has ended', () => {
  test.each(ended)('as %s has longer poll intervals than an open one', (status) => {
    const found = intervals(link(status, { watched: 172_800 }), 7_200)
    expect(found[0]).toBeGreaterThan(2)
    expect(found.at(-1)).toBe(300)
    const open = intervals(link('OPENED'), 7_200)
    expect(found.every((pause, index) => pause >= (open[index] ?? 0))).toBe(true)
  })

  test.each(ended)('as %s is not polled after `watchUntil`', (status) => {
    const watched = link(status, { watched: 600 })
    expect(nextCheckAt(watched, at(599.9))).not.toBeNull()
    expect(nextCheckAt(watched, at(600))).toBeNull()
    expect(nextCheckAt(watched, at(601))).toBeNull()
    expect(nextCheckAt(link(status), at(1))).toBeNull()
  })

  test('is checked once more at `watchUntil` or later', () => {
    const found = intervals(link('EXPIRED', { watched: 600 }), 10_000)
    expect(found.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThanOrEqual(600)
  })
})
