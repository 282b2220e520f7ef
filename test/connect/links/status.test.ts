import { describe, expect, test } from 'vitest'
import { canTransition, completionEffect, isEnded } from '../../../src/connect/links/status.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import { newSeed, type Random, randomFrom } from '../../helpers/random.ts'

const open = ['CREATED', 'OPENED', 'AUTHORIZING'] as const
const ended = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const
const all = [...open, ...ended]

/** All allowed transitions. */
const allowed: Readonly<Record<LinkStatus, readonly LinkStatus[]>> = {
  CREATED: ['OPENED', 'AUTHORIZING', ...ended],
  OPENED: ['AUTHORIZING', ...ended],
  AUTHORIZING: [...ended],
  COMPLETED: [],
  FAILED: [],
  EXPIRED: [],
  REVOKED: [],
  SUPERSEDED: [],
}

describe('the state machine of a link', () => {
  test.each(all.flatMap((from) => all.map((to) => [from, to, allowed[from].includes(to)] as const)))(
    'canTransition from %s to %s: %s',
    (from, to, isAllowed) => {
      expect(canTransition(from, to)).toBe(isAllowed)
    },
  )

  test.each(all)('isEnded of %s: whether no transition is allowed', (status) => {
    expect(isEnded(status)).toBe(allowed[status].length === 0)
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
  ] as const)('completionEffect of %s: %s', (status, effect) => {
    expect(completionEffect({ status, guard: 'NONE' })).toBe(effect)
  })

  test.each(['SAME_BROWSER', 'CONFIRM'] as const)(
    'a link with the guard %s that ended without a confirmation keeps no connection',
    (guard) => {
      expect(ended.map((status) => completionEffect({ status, guard }))).toEqual([
        'KNOWN',
        'REMOVE',
        'REMOVE',
        'REMOVE',
        'REMOVE',
      ])
    },
  )
})

interface Step {
  readonly number: number
  readonly from: LinkStatus | null
  readonly to: LinkStatus
}

/** The history of an in-memory link that ignores transitions which are not allowed. */
function historyAfter(signals: readonly LinkStatus[]): readonly Step[] {
  const history: Step[] = [{ number: 1, from: null, to: 'CREATED' }]
  for (const to of signals) {
    const from = history.at(-1)?.to ?? 'CREATED'
    if (canTransition(from, to)) history.push({ number: history.length + 1, from, to })
  }
  return history
}

/** Late, repeated and reordered signals. */
function signalsOf(random: Random): readonly LinkStatus[] {
  const signals = Array.from({ length: random.below(20) }, () => random.pick(all))
  const repeated = signals.flatMap((signal) => (random.below(3) === 0 ? [signal, signal] : [signal]))
  return random.below(2) === 0 ? repeated : repeated.toReversed()
}

describe('10,000 random links', () => {
  const seed = newSeed()

  test(`never change after a final status, never go back and have no gap (TEST_SEED=${seed})`, () => {
    const random = randomFrom(seed)
    for (let sequence = 0; sequence < 10_000; sequence += 1) {
      const signals = signalsOf(random)
      const history = historyAfter(signals)
      const context = `signals: ${signals.join(' ')}`
      for (const [index, { number, from, to }] of history.entries()) {
        expect(number, context).toBe(index + 1)
        expect(from, context).toBe(history[index - 1]?.to ?? null)
        if (from === null) continue
        expect(ended, context).not.toContain(from)
        expect(all.indexOf(to), context).toBeGreaterThan(all.indexOf(from))
      }
      // The first final status counts, and it is the only one.
      const firstFinal = signals.find((signal) => allowed[signal].length === 0)
      expect(
        history.filter(({ to }) => allowed[to].length === 0).map(({ to }) => to),
        context,
      ).toEqual(firstFinal === undefined ? [] : [firstFinal])
      expect(new Set(history.map(({ to }) => to)).size, context).toBe(history.length)
      expect(historyAfter([...signals, ...signals]), context).toEqual(history)
    }
  })
})
