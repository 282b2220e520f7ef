import { expect, test } from 'vitest'
import { type FetchedPage, paginate } from '../../src/providers/paginate.ts'
import { allOf } from './open.ts'

/** Reads pages keyed by cursor; the cursor of the first one is "start". */
async function readPages(pages: Record<string, FetchedPage<string, string>>) {
  const cursors: string[] = []
  const items = await allOf(
    paginate<string, string>(async (cursor = 'start') => {
      cursors.push(cursor)
      const page = pages[cursor]
      if (page === undefined) throw new Error(`there is no page ${cursor}`)
      return page
    }),
  )
  return { items, cursors }
}

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
  const endless = paginate<string, number>(async () => ({ items: [], next: ++requests }))
  expect(await allOf(endless)).toEqual([])
  expect(requests).toBeLessThan(10)
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
