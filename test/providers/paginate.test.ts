import { expect, test } from 'vitest'
import { type FetchedPage, paginate } from '../../src/providers/paginate.ts'
import { allOf } from './open.ts'

/** Walks pages given by cursor; the first has the cursor "start". */
async function walk(answers: Record<string, FetchedPage<string, string>>) {
  const asked: string[] = []
  const items = await allOf(
    paginate<string, string>(async (cursor = 'start') => {
      asked.push(cursor)
      const answer = answers[cursor]
      if (answer === undefined) throw new Error(`there is no page ${cursor}`)
      return answer
    }),
  )
  return { items, asked }
}

test('every page is read until one names no other', async () => {
  const answers = { start: { items: ['a', 'b'], next: '2' }, 2: { items: ['c'], next: null } }
  expect(await walk(answers)).toEqual({ items: ['a', 'b', 'c'], asked: ['start', '2'] })
})

test('an absent cursor ends the walk as well', async () => {
  expect(await walk({ start: { items: ['a'], next: undefined } })).toEqual({ items: ['a'], asked: ['start'] })
})

test('a cursor on the last page leads to an empty page and no further', async () => {
  const answers = { start: { items: ['a'], next: '2' }, 2: { items: [], next: null } }
  expect(await walk(answers)).toEqual({ items: ['a'], asked: ['start', '2'] })
})

test('an empty page in between hides nothing behind it', async () => {
  const answers = {
    start: { items: ['a'], next: '2' },
    2: { items: [], next: '3' },
    3: { items: ['b'], next: null },
  }
  expect(await walk(answers)).toEqual({ items: ['a', 'b'], asked: ['start', '2', '3'] })
})

test('empty pages without end end the walk', async () => {
  let asked = 0
  const endless = paginate<string, number>(async () => ({ items: [], next: ++asked }))
  expect(await allOf(endless)).toEqual([])
  expect(asked).toBeLessThan(10)
})

test('a cursor that repeats ends the walk', async () => {
  const answers = { start: { items: ['a'], next: '2' }, 2: { items: ['b'], next: '2' } }
  expect(await walk(answers)).toEqual({ items: ['a', 'b'], asked: ['start', '2'] })
})

test('cursors that go round in a circle end the walk', async () => {
  const answers = {
    start: { items: ['a'], next: '2' },
    2: { items: ['b'], next: '3' },
    3: { items: ['c'], next: '2' },
  }
  expect(await walk(answers)).toEqual({ items: ['a', 'b', 'c'], asked: ['start', '2', '3'] })
})

test('an empty list has no pages', async () => {
  expect(await walk({ start: { items: [], next: null } })).toEqual({ items: [], asked: ['start'] })
})

test('a page that fails fails the walk', async () => {
  await expect(walk({ start: { items: ['a'], next: 'gone' } })).rejects.toThrow('there is no page gone')
})
