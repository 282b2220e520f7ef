import { beforeAll, describe, expect, test } from 'vitest'
import { countConnections, listConnections } from '../../src/store/connection-list.ts'
import type { Database } from '../../src/store/database.ts'
import type { Position } from '../../src/store/keyset-pagination.ts'
import { countLinks, listLinks } from '../../src/store/link-list.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, later, saveOne, startedAt } from './rows.ts'

beforeAll(() => testDatabase())

/** Reads the whole list page by page and returns the remote IDs; runs `beforeNextPage` before each further page. */
async function readAllPages(
  db: Database,
  first: number,
  beforeNextPage: () => Promise<unknown> = async () => undefined,
) {
  const seen: string[] = []
  let after: Position | null = null
  for (;;) {
    const page = await listConnections(db, [accountKey], { filter: {}, page: { first, after } })
    seen.push(...page.rows.map(({ remoteId }) => remoteId))
    const last = page.rows.at(-1)
    if (!page.hasNextPage || last === undefined) return seen
    after = { createdAt: last.createdAt, id: last.id }
    await beforeNextPage()
  }
}

describe('keyset pagination', () => {
  test('returns each row once, newest first', async () => {
    const db = await testDatabase()
    for (const seconds of [3, 1, 5, 2, 4]) {
      await saveOne(db, { remoteId: `at-${seconds}`, createdAt: later(seconds) })
    }

    expect(await readAllPages(db, 2)).toEqual(['at-5', 'at-4', 'at-3', 'at-2', 'at-1'])
    expect(await readAllPages(db, 5)).toHaveLength(5)
  })

  test('returns each row once among rows with the same creation time', async () => {
    const db = await testDatabase()
    const names = Array.from({ length: 7 }, (_, index) => `same-${index}`)
    for (const remoteId of names) await saveOne(db, { remoteId })

    const seen = await readAllPages(db, 2)

    expect(seen.toSorted()).toEqual(names)
    expect(await readAllPages(db, 3)).toEqual(seen)
  })

  test('orders rows by milliseconds', async () => {
    const db = await testDatabase()
    for (const ms of [1, 2, 3]) await saveOne(db, { remoteId: `ms-${ms}`, createdAt: later(ms / 1000) })

    expect(await readAllPages(db, 1)).toEqual(['ms-3', 'ms-2', 'ms-1'])
  })

  test('is not affected by rows that are inserted between pages', async () => {
    const db = await testDatabase()
    for (const seconds of [1, 2, 3, 4]) {
      await saveOne(db, { remoteId: `at-${seconds}`, createdAt: later(seconds) })
    }
    let inserted = 0

    const seen = await readAllPages(db, 1, () =>
      saveOne(db, { remoteId: `new-${inserted}`, createdAt: later(100 + inserted++) }),
    )

    expect(seen).toEqual(['at-4', 'at-3', 'at-2', 'at-1'])
    expect(inserted).toBe(3)
  })

  test('continues after a row that has been deleted', async () => {
    const db = await testDatabase()
    for (const seconds of [1, 2, 3])
      await saveOne(db, { remoteId: `at-${seconds}`, createdAt: later(seconds) })
    const page = { first: 1, after: null }
    const [newest] = (await listConnections(db, [accountKey], { filter: {}, page })).rows
    await db.deleteFrom('connections').where('remoteId', '=', 'at-3').execute()

    const after = { createdAt: newest?.createdAt ?? startedAt, id: newest?.id ?? '' }
    const next = await listConnections(db, [accountKey], { filter: {}, page: { first: 5, after } })

    expect(next.rows.map(({ remoteId }) => remoteId)).toEqual(['at-2', 'at-1'])
  })

  test('reports no next page after a page that is exactly full', async () => {
    const db = await testDatabase()
    for (const seconds of [1, 2]) await saveOne(db, { remoteId: `at-${seconds}`, createdAt: later(seconds) })

    const page = await listConnections(db, [accountKey], { filter: {}, page: { first: 2, after: null } })

    expect(page).toMatchObject({ hasNextPage: false, rows: [{}, {}] })
    expect(await countConnections(db, [accountKey], {})).toBe(2)
  })

  test('pages links in the same way, and counts the rows of a filtered list', async () => {
    const db = await testDatabase()
    const tag = { key: 'plan', value: 'pro' }
    const ids = []
    for (const seconds of [1, 2, 3])
      ids.push((await addLink(db, { createdAt: later(seconds), tags: [tag] })).id)
    await addLink(db, { createdAt: later(4), tags: [{ key: 'plan', value: 'free' }] })
    await addLink(db, { createdAt: later(5), tags: [tag], endUserId: 'user-2' })
    await addLink(db, { createdAt: later(6), tags: [tag], status: 'FAILED' })
    await addLink(db, { createdAt: later(7), tags: [tag], provider: 'CENSUS' })
    const filter = {
      providers: ['FIVETRAN', 'XPANDER'],
      statuses: ['CREATED', 'OPENED'],
      endUserId: 'user-1',
      tag,
    } as const

    const first = await listLinks(db, filter, { first: 2, after: null })
    const second = await listLinks(db, filter, {
      first: 2,
      after: { createdAt: later(2), id: first.rows.at(-1)?.id ?? '' },
    })

    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(ids.toReversed())
    expect([first.hasNextPage, second.hasNextPage]).toEqual([true, false])
    expect(await countLinks(db, filter)).toBe(3)
    expect(await countLinks(db, { ...filter, providers: [] })).toBe(0)
  })
})
