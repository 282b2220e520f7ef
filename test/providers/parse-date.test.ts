import { expect, test } from 'vitest'
import { parseDate, timestamp } from '../../src/providers/parse-date.ts'

test.each([
  ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
  ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
  ['2018-12-01T15:43:29.013729Z', '2018-12-01T15:43:29.013Z'],
  ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
  ['2026-01-02 03:04:05.5', '2026-01-02T03:04:05.500Z'],
  ['2026-01-02T03:04', '2026-01-02T03:04:00.000Z'],
  ['2026-01-02', '2026-01-02T00:00:00.000Z'],
  ['2026/01/02 03:04', '2026-01-02T03:04:00.000Z'],
  ['Fri, 02 Jan 2026 03:04:05 GMT', '2026-01-02T03:04:05.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
])('%s is %s', (text, expected) => {
  const zone = process.env.TZ
  try {
    for (process.env.TZ of ['UTC', 'America/New_York', 'Asia/Kolkata'])
      expect(parseDate(text)?.toISOString(), process.env.TZ).toBe(expected)
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})

test.each([
  null,
  undefined,
  '',
  ' ',
  'soon',
  '2026-13-01T00:00:00Z',
  '0000-12-31T23:59:59Z',
  '-000001-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '9999-12-31T23:59:59-01:00',
])('%j is null', (text) => {
  expect(parseDate(text)).toBeNull()
})

test.each([7, {}, [], true])('a timestamp %j in a response counts as absent', (value) => {
  expect(timestamp.parse(value)).toBeNull()
})
