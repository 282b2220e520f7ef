import { describe, expect, test } from 'vitest'
import { createProviderClocks } from '../../src/http/provider-clocks.ts'

const start = Date.parse('2026-11-22T08:00:00.000Z')
const at = (ms: number) => new Date(start + ms)

/** Observes responses of a provider whose clock is ahead by `offsetMs`; each is sent at `at` and answered at once. */
function clocksWith(samples: readonly (readonly [atMs: number, offsetMs: number])[], latencyMs = 0) {
  const clocks = createProviderClocks()
  for (const [atMs, offsetMs] of samples) {
    const providerMs = start + atMs + offsetMs
    clocks.observe('CENSUS', {
      dateHeader: new Date(providerMs).toUTCString(),
      sentAt: at(atMs - latencyMs),
      receivedAt: at(atMs + latencyMs),
    })
  }
  return clocks
}

const rangeOf = (clocks: ReturnType<typeof createProviderClocks>, date: Date) => {
  const range = clocks.toGatewayTime('CENSUS', date)
  return range && [range.earliest.getTime() - start, range.latest.getTime() - start]
}

describe('toGatewayTime', () => {
  test.each([-300_000, -90_000, 0, 90_000, 300_000])(
    'contains the true time of a provider whose clock is off by %i ms',
    (offsetMs) => {
      const clocks = clocksWith([[0, offsetMs]], 40)
      const [earliest = 0, latest = 0] = rangeOf(clocks, new Date(start + 5_123 + offsetMs)) ?? []
      expect(earliest).toBeLessThanOrEqual(5_123)
      expect(latest).toBeGreaterThanOrEqual(5_123)
      expect(latest - earliest).toBeLessThanOrEqual(1_080)
    },
  )

  test('becomes narrower with samples at different parts of a second', () => {
    const samples = [0, 1_150, 2_300, 3_450, 4_600, 5_750, 6_900].map((ms) => [ms, 250] as const)
    const [earliest = 0, latest = 0] = rangeOf(clocksWith(samples, 5), at(1_001)) ?? []
    expect(earliest).toBeLessThanOrEqual(751)
    expect(latest).toBeGreaterThanOrEqual(751)
    expect(latest - earliest).toBeLessThan(300)
  })

  test('follows a clock that was changed', () => {
    const clocks = clocksWith([
      [0, 0],
      [10_000, -90_000],
    ])
    const [earliest = 0, latest = 0] = rangeOf(clocks, at(-80_001)) ?? []
    expect(earliest).toBeLessThanOrEqual(9_999)
    expect(latest).toBeGreaterThanOrEqual(9_999)
  })

  test('allows for a timestamp that was truncated to the second', () => {
    const [earliest, latest] = rangeOf(clocksWith([[0, 0]]), at(3_000)) ?? []
    expect([earliest, latest]).toEqual([2_000, 4_000])
  })

  test('is null without a readable Date header', () => {
    const clocks = createProviderClocks()
    clocks.observe('CENSUS', { dateHeader: undefined, sentAt: at(0), receivedAt: at(0) })
    clocks.observe('CENSUS', { dateHeader: 'yesterday', sentAt: at(0), receivedAt: at(0) })
    expect(rangeOf(clocks, at(0))).toBeNull()
  })
})

test('offset returns bounds that contain how far the clock is ahead; null before the first response', () => {
  expect(clocksWith([]).offset('CENSUS')).toBeNull()
  const { min, max } = clocksWith([[0, 90_000]], 40).offset('CENSUS') ?? { min: 0, max: 0 }
  expect(min).toBeLessThanOrEqual(90_000)
  expect(max).toBeGreaterThanOrEqual(90_000)
  expect(max - min).toBeLessThanOrEqual(1_080)
})
