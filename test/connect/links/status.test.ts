import { describe, expect, test } from 'vitest'
import { canTransition, completionEffect, isEnded } from '../../../src/connect/links/status.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import { newSeed, type Random, randomFrom } from '../random.ts'

const open = ['CREATED', 'OPENED', 'AUTHORIZING'] as const
const ended = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const
const all = [...open, ...ended]

/** Where a link may go from each status, and from nowhere else. */
const onward: Readonly<Record<LinkStatus, readonly LinkStatus[]>> = {
  CREATED: ['OPENED', 'AUTHORIZING', ...ended],
  OPENED: ['AUTHORIZING', ...ended],
  AUTHORIZING: [...ended],
  COMPLETED: [],
  FAILED: [],
  EXPIRED: [],
  REVOKED: [],
  SUPERSEDED: [],
}

describe('the life of a link', () => {
  test.each(all.flatMap((from) => all.map((to) => [from, to, onward[from].includes(to)] as const)))(
    'from %s to %s: %s',
    (from, to, may) => {
      expect(canTransition(from, to)).toBe(may)
    },
  )

  test.each(all)('%s has ended exactly when nothing follows it', (status) => {
    expect(isEnded(status)).toBe(onward[status].length === 0)
  })

  test.each([
    ['CREATED', 'COMPLETE'],
    ['OPENED', 'COMPLETE'],
    ['AUTHORIZING', 'COMPLETE'],
    ['COMPLETED', 'KNOWN'],
    ['FAILED', 'KEEP'],
    ['EXPIRED', 'KEEP'],
    ['REVOKED', 'REMOVE'],
    ['SUPERSEDED', 'REMOVE'],
  ] as const)('a connection that is finished while its link is %s: %s', (status, fate) => {
    expect(completionEffect(status)).toBe(fate)
  })
})

interface Step {
  readonly number: number
  readonly from: LinkStatus | null
  readonly to: LinkStatus
}

/** A link in memory that takes a signal's step only if it may. */
function follow(signals: readonly LinkStatus[]): readonly Step[] {
  const history: Step[] = [{ number: 1, from: null, to: 'CREATED' }]
  for (const to of signals) {
    const from = history.at(-1)?.to ?? 'CREATED'
    if (canTransition(from, to)) history.push({ number: history.length + 1, from, to })
  }
  return history
}

/** Signals as they come: late ones, repeated ones and ones that were overtaken. */
function signalsOf(random: Random): readonly LinkStatus[] {
  const signals = Array.from({ length: random.below(20) }, () => random.pick(all))
  const repeated = signals.flatMap((signal) => (random.below(3) === 0 ? [signal, signal] : [signal]))
  return random.below(2) === 0 ? repeated : repeated.toReversed()
}

describe('ten thousand links', () => {
  const seed = newSeed()

  test(`never change after their end, never go back and leave no gap (TEST_SEED=${seed})`, () => {
    const random = randomFrom(seed)
    for (let sequence = 0; sequence < 10_000; sequence += 1) {
      const signals = signalsOf(random)
      const history = follow(signals)
      const told = `signals: ${signals.join(' ')}`
      for (const [index, { number, from, to }] of history.entries()) {
        expect(number, told).toBe(index + 1)
        expect(from, told).toBe(history[index - 1]?.to ?? null)
        if (from === null) continue
        expect(ended, told).not.toContain(from)
        expect(all.indexOf(to), told).toBeGreaterThan(all.indexOf(from))
      }
      // The first signal of an end counts, and it is the only one.
      const firstEnd = signals.find((signal) => onward[signal].length === 0)
      expect(
        history.filter(({ to }) => onward[to].length === 0).map(({ to }) => to),
        told,
      ).toEqual(firstEnd === undefined ? [] : [firstEnd])
      expect(new Set(history.map(({ to }) => to)).size, told).toBe(history.length)
      expect(follow([...signals, ...signals]), told).toEqual(history)
    }
  })
})
