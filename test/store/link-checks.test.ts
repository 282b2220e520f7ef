import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { noteChecked, overdueLinks, takeLinksToRead } from '../../src/store/link-checks.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { addLink, addLinks, later, scope } from './rows.ts'

beforeAll(() => testDatabase())

describe('taking links to read', () => {
  const at = (seconds: number, changes: Partial<Parameters<typeof takeLinksToRead>[1]> = {}) => ({
    scopes: [scope],
    now: later(seconds),
    busyUntil: later(seconds),
    endUserId: null,
    notSince: later(seconds - 2),
    limit: 50,
    linkId: null,
    ...changes,
  })
  const take = async (db: Database, wanted: Parameters<typeof takeLinksToRead>[1]) =>
    (await takeLinksToRead(db, wanted)).map(({ id }) => id)

  test('of readers at once only one gets a link', async () => {
    const db = await testDatabase()
    const ids = await addLinks(db, 20)

    const taken = await Promise.all([1, 2, 3, 4].map(() => take(db, at(10, { limit: 10 }))))
    taken.push(await take(db, at(10)))

    expect(taken.flat().toSorted()).toEqual(ids.toSorted())
  })

  // PGlite has one connection: while a transaction is open there is no second reader.
  onPostgres(
    'a reader on PostgreSQL neither waits for the links that another one is taking, nor gets them',
    async () => {
      const db = await testDatabase()
      const ids = await addLinks(db, 4)

      const taken = await db.transaction().execute(async (transaction) => {
        const mine = await take(transaction, at(10, { limit: 2 }))
        const theirs = await take(db, at(10))
        return { mine, theirs }
      })

      expect([taken.mine.length, taken.theirs.length]).toEqual([2, 2])
      expect([...taken.mine, ...taken.theirs].toSorted()).toEqual(ids.toSorted())
    },
  )

  test('one that was asked about lately has to wait, and is taken again afterwards', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)

    expect(await take(db, at(10))).toEqual([id])
    expect(await take(db, at(11.9))).toEqual([])
    expect(await take(db, at(12.1))).toEqual([id])
  })

  test('the longest unasked comes first, and the never asked before all others', async () => {
    const db = await testDatabase()
    const asked5 = await addLink(db, { checked_at: later(5) })
    const asked1 = await addLink(db, { checked_at: later(1) })
    const never = await addLink(db)

    expect(await take(db, at(10, { limit: 1 }))).toEqual([never.id])
    expect(await take(db, at(10, { limit: 1 }))).toEqual([asked1.id])
    expect(await take(db, at(10, { limit: 1 }))).toEqual([asked5.id])
  })

  test('links that have ended and links of other accounts are left alone', async () => {
    const db = await testDatabase()
    for (const status of ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const) {
      await addLink(db, { status })
    }
    await addLink(db, { scope: 'another account' })
    const open = [await addLink(db, { status: 'OPENED' }), await addLink(db, { status: 'AUTHORIZING' })]

    expect((await take(db, at(10))).toSorted()).toEqual(open.map(({ id }) => id).toSorted())
    expect(await take(db, at(20, { scopes: [] }))).toEqual([])
  })

  test('one that somebody is asking about is left to them, until the question must have been lost', async () => {
    const db = await testDatabase()
    const link = await addLink(db)

    expect(await take(db, at(10, { busyUntil: later(40) }))).toEqual([link.id])
    expect(await take(db, at(39.9))).toEqual([])
    expect(await take(db, at(40, { busyUntil: later(70) }))).toEqual([link.id])
    await noteChecked(db, link, later(90))
    expect(await take(db, at(50))).toEqual([link.id])
  })

  test('only that one, or only that person’s, when the reader says so', async () => {
    const db = await testDatabase()
    const mine = await addLink(db)
    const theirs = await addLink(db, { end_user_id: 'user-2' })

    expect(await take(db, at(10, { linkId: 'no id at all' }))).toEqual([])
    expect(await take(db, at(10, { linkId: mine.id, endUserId: 'user-2' }))).toEqual([])
    expect(await take(db, at(10, { linkId: mine.id }))).toEqual([mine.id])
    expect(await take(db, at(10, { endUserId: 'user-2' }))).toEqual([theirs.id])
  })
})

describe('what was learned', () => {
  const nextCheck = async (db: Database) =>
    (await db.selectFrom('connect_links').select(['next_check_at', 'busy_until']).execute())[0]

  test('says when to ask again', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { busy_until: later(30) })
    await noteChecked(db, link, later(4))

    expect(await nextCheck(db)).toEqual({ next_check_at: later(4), busy_until: null })
  })

  test('does not when the link has moved meanwhile', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { moved_at: later(1), next_check_at: later(3) })
    await noteChecked(db, { ...link, moved_at: later(0) }, later(400))

    expect(await nextCheck(db)).toEqual({ next_check_at: later(3), busy_until: null })
  })

  test('does not when the link is done with', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { next_check_at: null })
    await noteChecked(db, link, later(4))

    expect(await nextCheck(db)).toEqual({ next_check_at: null, busy_until: null })
  })
})

describe('links that are overdue', () => {
  test('are open ones past that time whose provider was asked in vain, or cannot be asked', async () => {
    const db = await testDatabase()
    const asked = await addLink(db, { expires_at: later(1), checked_at: later(1.5) })
    const elsewhere = await addLink(db, { expires_at: later(1), scope: 'another account' })
    await addLink(db, { expires_at: later(1), checked_at: later(1.5), busy_until: later(5.1) })
    await addLink(db, { expires_at: later(1), checked_at: null })
    await addLink(db, { expires_at: later(1), checked_at: later(0.5) })
    await addLink(db, { expires_at: later(2), checked_at: later(3) })
    await addLink(db, { expires_at: null, checked_at: later(3) })
    await addLink(db, { expires_at: later(1), checked_at: later(3), status: 'COMPLETED' })

    const overdue = await overdueLinks(db, { now: later(5), before: later(2), scopes: [scope], limit: 10 })

    expect(overdue.map(({ id }) => id).toSorted()).toEqual([asked.id, elsewhere.id].toSorted())
  })
})
