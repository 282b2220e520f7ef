import { describe, expect, test } from 'vitest'
import { retryAfterSeconds } from '../../src/http/retry-after.ts'

const now = new Date('2026-11-22T12:00:00Z')
const seconds = now.getTime() / 1000

describe('retryAfterSeconds', () => {
  test.each([
    ['seconds', { 'retry-after': '30' }, 30],
    ['seconds with white space', { 'retry-after': '30 ' }, 30],
    ['a fraction, rounded up', { 'retry-after': '1.5' }, 2],
    ['zero', { 'retry-after': '0' }, 0],
    ['a date', { 'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT' }, 90],
    ['a date of RFC 850', { 'retry-after': 'Sunday, 22-Nov-26 12:01:30 GMT' }, 90],
    ['a date of asctime, in UTC', { 'retry-after': 'Sun Nov 22 12:01:30 2026' }, 90],
    ['a date in the past', { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    ['seconds beyond the maximum of one day', { 'retry-after': '99999999' }, 86_400],
    ['the first of two headers', { 'retry-after': ['5', '9'] }, 5],
    ['the first of two values that a proxy has joined', { 'retry-after': '10, 20' }, 10],
    ['seconds with a sign', { 'retry-after': '+30' }, 30],
    ['an ISO date', { 'retry-after': '2026-11-22T12:01:30Z' }, 90],
    ['an ISO date with a time zone', { 'retry-after': '2026-11-22T13:01:30.000+01:00' }, 90],
    ['an ISO date without a time zone, in UTC', { 'retry-after': '2026-11-22T12:01:30' }, 90],
    [
      'the first of two dates',
      { 'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT, Sun, 22 Nov 2026 13:00:00 GMT' },
      90,
    ],
    ['an X-RateLimit-Reset in ms', { 'x-ratelimit-reset': String((seconds + 45) * 1000) }, 45],
    ['the first of two X-RateLimit-Reset', { 'x-ratelimit-reset': `${seconds + 45}, 7` }, 45],
    ['a word', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['a number with a unit', { 'retry-after': '5s' }, undefined],
    ['an empty value', { 'retry-after': '' }, undefined],
    ['the time of X-RateLimit-Reset', { 'x-ratelimit-reset': String(seconds + 45) }, 45],
    ['an X-RateLimit-Reset that is not a time', { 'x-ratelimit-reset': '45' }, undefined],
    [
      'X-RateLimit-Reset beside an invalid Retry-After',
      { 'retry-after': '-5', 'x-ratelimit-reset': String(seconds + 45) },
      45,
    ],
    ['no header', {}, undefined],
  ])('reads %s', (_, headers, expected) => {
    expect(retryAfterSeconds(headers, now)).toBe(expected)
  })

  test.each([-300, -90, 90, 300])('does not depend on a provider clock that is off by %i s', (offset) => {
    const at = (after: number) => new Date((seconds + offset + after) * 1000)
    const date = at(0).toUTCString()
    expect(retryAfterSeconds({ date, 'retry-after': at(20).toUTCString() }, now)).toBe(20)
    const reset = String(at(20).getTime() / 1000)
    expect(retryAfterSeconds({ date, 'x-ratelimit-reset': reset }, now)).toBe(20)
  })

  test.each([
    ['is not readable', { date: 'yesterday' }],
    ['is that of a cached response', { date: 'Sun, 22 Nov 2026 11:00:00 GMT', age: '3600' }],
  ])('uses the own clock if the Date header %s', (_, headers) => {
    expect(retryAfterSeconds({ ...headers, 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, now)).toBe(30)
  })
})
