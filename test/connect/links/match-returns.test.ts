import { describe, expect, test } from 'vitest'
import { matchReturns } from '../../../src/connect/links/match-returns.ts'

const start = Date.parse('2026-11-22T08:00:00.000Z')
const at = (seconds: number) => new Date(start + seconds * 1000)

/** Links created at 0 s and returned at these times. */
const links = (returned: Readonly<Record<string, number>>) =>
  Object.entries(returned).map(([id, seconds]) => ({ id, createdAt: at(0), returnedAt: at(seconds) }))

/** Connections made at these times, known to `precision` seconds. */
const made = (times: Readonly<Record<string, number>>, precision = 0) =>
  Object.entries(times).map(([key, seconds]) => ({
    key,
    made: { earliest: at(seconds), latest: at(seconds + precision) },
  }))

const match = (
  returned: Readonly<Record<string, number>>,
  times: Readonly<Record<string, number>>,
  { now = 100, precision = 0 } = {},
) => Object.fromEntries(matchReturns(links(returned), made(times, precision), at(now)))

describe('a return identifies', () => {
  test('the only connection that was made within five seconds before it, at once', () => {
    expect(match({ alice: 50 }, { a: 49 }, { now: 50 })).toEqual({ alice: 'a' })
  })

  test('the only connection of the last minute, when the provider has had ten seconds to list another one', () => {
    expect(match({ alice: 50 }, { a: 10 }, { now: 59 })).toEqual({})
    expect(match({ alice: 50 }, { a: 10 }, { now: 60 })).toEqual({ alice: 'a' })
  })

  test('the connection right before it, if another one was made at least 15 s before that', () => {
    expect(match({ alice: 50 }, { b: 33, a: 49 })).toEqual({ alice: 'a' })
    expect(match({ alice: 50 }, { b: 35, a: 49 })).toEqual({})
  })

  test('the remaining connection, when the others were identified', () => {
    expect(match({ bob: 40, alice: 50 }, { b: 39, a: 49 })).toEqual({ bob: 'b', alice: 'a' })
    expect(match({ bob: 49.5, alice: 50 }, { b: 49, a: 49.8 })).toEqual({ bob: 'b', alice: 'a' })
  })
})

describe('a return does not identify', () => {
  test('a connection that was made after it', () => {
    expect(match({ alice: 50 }, { a: 50.001 })).toEqual({})
  })

  test('a connection that was made more than a minute before it', () => {
    expect(match({ alice: 90 }, { a: 29 })).toEqual({})
  })

  test('a connection that is older than the link', () => {
    expect(match({ alice: 10 }, { a: -1 })).toEqual({})
  })

  test('one of two connections that were made at the same time', () => {
    expect(match({ alice: 50, bob: 50 }, { a: 49, b: 49 })).toEqual({})
  })

  test('one of two connections whose order is not known, as the provider’s clock is known to one second only', () => {
    expect(match({ bob: 49.5, alice: 50 }, { b: 49, a: 49.8 }, { precision: 1 })).toEqual({
      bob: 'b',
      alice: 'a',
    })
    expect(match({ bob: 49.5, alice: 50 }, { b: 48.9, a: 49.3 }, { precision: 1 })).toEqual({})
  })

  test('a connection for which another link has returned too', () => {
    expect(match({ alice: 50, eve: 50.5 }, { a: 49 })).toEqual({})
  })
})

test('a link that has not returned takes no part', () => {
  expect(match({}, { a: 49 })).toEqual({})
})
