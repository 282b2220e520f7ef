import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  createPaginate,
  cursorField,
  type FetchedPage,
  unreadableCursor,
} from '../../src/providers/paginate.ts'
import type { SkippedRow } from '../../src/providers/rows.ts'
import { createTestClock } from '../helpers/clock.ts'
import { createTestLog } from '../helpers/log.ts'
import { allOf, readAll } from './open.ts'

function open() {
  const clock = createTestClock()
  const { log, text } = createTestLog()
  const paginate = createPaginate({ provider: 'CENSUS', name: 'Census', log, now: clock.now })
  return { clock, paginate, logged: text }
}

const list = { kind: 'SYNC', purpose: 'list rows' } as const

interface TestPage {
  readonly items: readonly string[]
  readonly skipped?: readonly SkippedRow[]
  readonly next: string | typeof unreadableCursor | null | undefined
}

/** Reads pages keyed by cursor; the cursor of the first one is "start". */
async function readPages(pages: Record<string, TestPage>) {
  const { paginate } = open()
  const cursors: string[] = []
  const items = await allOf(
    paginate<string, string>(list, async (cursor = 'start') => {
      cursors.push(cursor)
      const page = pages[cursor]
      if (page === undefined) throw new Error(`there is no page ${cursor}`)
      return { skipped: [], ids: page.items, ...page }
    }),
  )
  return { items, cursors }
}

const skipped = (...problems: readonly string[]): SkippedRow => ({ id: null, group: null, problems })

test('reads pages until one has no next cursor', async () => {
  const pages = { start: { items: ['a', 'b'], next: '2' }, 2: { items: ['c'], next: null } }
  expect(await readPages(pages)).toEqual({ items: ['a', 'b', 'c'], cursors: ['start', '2'] })
})

test('stops at an undefined cursor', async () => {
  expect(await readPages({ start: { items: ['a'], next: undefined } })).toEqual({
    items: ['a'],
    cursors: ['start'],
  })
})

test('reads one empty page when the last page has a next cursor', async () => {
  const pages = { start: { items: ['a'], next: '2' }, 2: { items: [], next: null } }
  expect(await readPages(pages)).toEqual({ items: ['a'], cursors: ['start', '2'] })
})

test('continues after an empty page in the middle', async () => {
  const pages = {
    start: { items: ['a'], next: '2' },
    2: { items: [], next: '3' },
    3: { items: ['b'], next: null },
  }
  expect(await readPages(pages)).toEqual({ items: ['a', 'b'], cursors: ['start', '2', '3'] })
})

test('stops after several empty pages in a row', async () => {
  let requests = 0
  const endless = open().paginate<string, number>(list, async () => ({
    items: [],
    skipped: [],
    ids: [],
    next: ++requests,
  }))
  expect(await allOf(endless)).toEqual([])
  expect(requests).toBeLessThan(10)
})

test('continues after pages of unreadable rows only', async () => {
  const unreadable = { items: [], skipped: [skipped('id: invalid_type')] }
  const pages = {
    start: { ...unreadable, next: '2' },
    2: { ...unreadable, next: '3' },
    3: { ...unreadable, next: '4' },
    4: { ...unreadable, next: '5' },
    5: { items: ['a'], next: null },
  }
  expect((await readPages(pages)).items).toEqual(['a'])
})

test('stops at a cursor that repeats itself', async () => {
  const pages = { start: { items: ['a'], next: '2' }, 2: { items: ['b'], next: '2' } }
  expect(await readPages(pages)).toEqual({ items: ['a', 'b'], cursors: ['start', '2'] })
})

test('stops at a cycle of cursors', async () => {
  const pages = {
    start: { items: ['a'], next: '2' },
    2: { items: ['b'], next: '3' },
    3: { items: ['c'], next: '2' },
  }
  expect(await readPages(pages)).toEqual({ items: ['a', 'b', 'c'], cursors: ['start', '2', '3'] })
})

test('yields nothing for an empty list', async () => {
  expect(await readPages({ start: { items: [], next: null } })).toEqual({ items: [], cursors: ['start'] })
})

test('rethrows the error of a page', async () => {
  await expect(readPages({ start: { items: ['a'], next: 'gone' } })).rejects.toThrow('there is no page gone')
})

/** A page of a list in which each cursor is new. */
const endlessPage = (cursor = 0): FetchedPage<string, number> => ({
  items: ['a'],
  skipped: [],
  ids: [String(cursor)],
  next: cursor + 1,
})

test.each([
  ['SYNC', 2_000],
  ['CALL', 20],
] as const)('ends a list with new rows and cursors on every page, read for a %s', async (kind, pages) => {
  let requests = 0
  const endless = open().paginate<string, number>({ ...list, kind }, async (cursor) => {
    requests += 1
    return endlessPage(cursor)
  })
  await expect(allOf(endless)).rejects.toMatchObject({
    provider: 'CENSUS',
    code: 'PROVIDER_INVALID_RESPONSE',
    message: `Census sent a list without an end: the attempt to list rows was stopped after ${pages} pages.`,
  })
  expect(requests).toBe(pages)
})

test.each([
  ['SYNC', 600],
  ['CALL', 30],
] as const)(
  'ends a slow list with new rows and cursors on every page, read for a %s',
  async (kind, seconds) => {
    const { paginate, clock } = open()
    let requests = 0
    const endless = paginate<string, number>({ ...list, kind }, async (cursor) => {
      requests += 1
      clock.advance(seconds / 10)
      return endlessPage(cursor)
    })
    await expect(allOf(endless)).rejects.toMatchObject({
      code: 'PROVIDER_INVALID_RESPONSE',
      message:
        'Census sent a list without an end: the attempt to list rows was stopped after ' +
        `${seconds} seconds.`,
    })
    expect(requests).toBe(11)
  },
)

test('ends a list with new cursors whose pages have only rows of earlier pages', async () => {
  let requests = 0
  const endless = open().paginate<string, number>(list, async (cursor = 0) => {
    requests += 1
    return { items: ['a', 'b'], skipped: [], ids: ['a', 'b'], next: cursor + 1 }
  })
  await expect(allOf(endless)).rejects.toMatchObject({
    code: 'PROVIDER_INVALID_RESPONSE',
    message:
      'Census sent a list without an end: the attempt to list rows was stopped after a page with only rows of earlier pages.',
  })
  expect(requests).toBe(2)
})

test('continues after a page with some rows of earlier pages, and accepts a last page of such rows', async () => {
  const pages = {
    start: { items: ['a', 'b'], next: '2' },
    2: { items: ['b', 'c'], next: '3' },
    3: { items: ['c'], next: null },
  }
  expect((await readPages(pages)).items).toEqual(['a', 'b', 'b', 'c', 'c'])
})

test('ends at an unreadable cursor, with a skipped row for the rows that were not read', async () => {
  const { paginate, logged } = open()
  const pages = paginate<string, string>(list, async () => ({
    items: ['a'],
    skipped: [],
    ids: ['a'],
    next: unreadableCursor,
  }))
  expect(await readAll(pages)).toEqual({
    items: ['a'],
    skipped: [skipped('(next page): unreadable')],
  })
  expect(logged()).toContain('(next page): unreadable')
})

test.each([
  ['c2', 'c2'],
  [null, null],
  [undefined, undefined],
  [7, unreadableCursor],
  [{}, unreadableCursor],
])('a cursor %j is read as %s', (value, cursor) => {
  expect(cursorField(z.string()).parse(value)).toBe(cursor)
})

test('logs each kind of unreadable row once', async () => {
  const { paginate, logged } = open()
  const rows = [skipped('id: invalid_type', 'name: too_small'), skipped('id: invalid_type'), skipped()]
  const page = { items: ['a'], skipped: rows, ids: ['a'], next: null }
  for (const purpose of ['list rows', 'list rows', 'list others'])
    await allOf(paginate<string, string>({ kind: 'SYNC', purpose }, async () => page))

  const lines = logged()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  expect(
    lines.map(({ level, provider, purpose, problem }) => ({ level, provider, purpose, problem })),
  ).toEqual([
    { level: 40, provider: 'CENSUS', purpose: 'list rows', problem: 'id: invalid_type' },
    { level: 40, provider: 'CENSUS', purpose: 'list rows', problem: 'name: too_small' },
    { level: 40, provider: 'CENSUS', purpose: 'list others', problem: 'id: invalid_type' },
    { level: 40, provider: 'CENSUS', purpose: 'list others', problem: 'name: too_small' },
  ])
})
