import { describe, expect, test } from 'vitest'
import { matchReturns, withoutHeldReturns } from '../../../src/connect/links/match-returns.ts'

const start = Date.parse('2026-11-22T08:00:00.000Z')
const at = (seconds: number) => new Date(start + seconds * 1000)

interface Opening {
  readonly opened?: number
  readonly returned?: number
  readonly endUser?: string
}

/** Links by ID, opened at 0 s by an end user with that ID unless it says otherwise. */
const links = (openings: Readonly<Record<string, Opening>>) =>
  Object.entries(openings).map(([id, { opened = 0, returned, endUser = id }]) => ({
    id,
    endUserId: endUser,
    openedAt: at(opened),
    returnedAt: returned === undefined ? null : at(returned),
  }))

/** Connections made at these times, known to `precision` seconds. */
const made = (times: Readonly<Record<string, number>>, precision = 0) =>
  Object.entries(times).map(([key, seconds]) => ({
    key,
    made: { earliest: at(seconds), latest: at(seconds + precision) },
  }))

const match = (
  openings: Readonly<Record<string, Opening>>,
  times: Readonly<Record<string, number>>,
  precision = 0,
) => {
  const [opened, candidates] = [links(openings), made(times, precision)]
  return Object.fromEntries(matchReturns(withoutHeldReturns(opened, candidates), candidates))
}

describe('a return identifies', () => {
  test('the only connection that was made within three seconds before it', () => {
    expect(match({ alice: { returned: 50 } }, { a: 47 })).toEqual({ alice: 'a' })
  })

  test('the connection right before it, although another end user made one before and did not return', () => {
    expect(match({ alice: { returned: 50 }, bob: {} }, { b: 46, a: 49 })).toEqual({ alice: 'a' })
  })

  test('the connections of several returns, as long as there is only one assignment', () => {
    const both = { bob: { returned: 40 }, alice: { returned: 50 } }
    expect(match(both, { b: 39, a: 49 })).toEqual({ bob: 'b', alice: 'a' })
    const overlapping = { bob: { returned: 49.5 }, alice: { returned: 50 } }
    expect(match(overlapping, { b: 49, a: 49.8 })).toEqual({ bob: 'b', alice: 'a' })
    // Bob and Carol have made b and c, in one order or the other: a is left for Alice.
    const chain = { bob: { returned: 47.5 }, carol: { returned: 47.6 }, alice: { returned: 50 } }
    expect(match(chain, { b: 47.1, c: 47.2, a: 49 })).toEqual({ alice: 'a' })
  })

  test('each connection of many end users who authorize one after the other', () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index)
    const openings = Object.fromEntries(numbers.map((n) => [`user${n}`, { returned: 100 + n + 0.3 }]))
    const times = Object.fromEntries(numbers.map((n) => [`c${n}`, 100 + n]))
    const found = match(openings, times)
    expect(found).toEqual(Object.fromEntries(numbers.map((n) => [`user${n}`, `c${n}`])))
  })
})

describe('a return does not identify', () => {
  test('a connection that was made after it', () => {
    expect(match({ alice: { returned: 50 } }, { a: 50.001 })).toEqual({})
  })

  test('a connection that was made more than three seconds before it', () => {
    expect(match({ alice: { returned: 50 } }, { a: 46.9 })).toEqual({})
  })

  test('a connection that is older than the opening of the link', () => {
    expect(match({ alice: { opened: 48, returned: 50 } }, { a: 47.9 })).toEqual({})
  })

  test('one of two connections that were made right before it', () => {
    expect(match({ alice: { returned: 50 }, bob: {} }, { b: 48, a: 49 })).toEqual({})
    expect(match({ alice: { returned: 50 }, bob: { returned: 50 } }, { a: 49, b: 49 })).toEqual({})
  })

  test('one of two connections whose order is not known, as the provider’s clock is known to one second only', () => {
    const openings = { bob: { returned: 49.5 }, alice: { returned: 50 } }
    expect(match(openings, { b: 49, a: 49.8 }, 1)).toEqual({ bob: 'b', alice: 'a' })
    expect(match(openings, { b: 48.9, a: 49.3 }, 1)).toEqual({})
  })

  test('a connection for which another link has returned too', () => {
    expect(match({ alice: { returned: 50 }, eve: { returned: 50.5 } }, { a: 49 })).toEqual({})
  })

  test('a connection of another person, after it was held back: the link has made an earlier one', () => {
    // Outside the gateway, while no other person uses it.
    expect(match({ eve: { returned: 50 } }, { eves: 30, other: 49 })).toEqual({})
    // Idle links of the same end user explain nothing.
    expect(match({ eve: { returned: 50 }, eve2: { endUser: 'eve' } }, { eves: 30, other: 49 })).toEqual({})
    // Bob explains one of two.
    expect(match({ eve: { returned: 50 }, bob: {} }, { eves: 30, more: 40, other: 49 })).toEqual({})
    // It does not keep Bob from his connection.
    const openings = { eve: { returned: 50 }, bob: { opened: 45, returned: 49.5 } }
    expect(match(openings, { eves: 30, bobs: 49 })).toEqual({ bob: 'bobs' })
  })
})

test('a link that has not returned takes no part', () => {
  expect(match({ alice: {} }, { a: 49 })).toEqual({})
})
