import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { lockLinksForRead, overdueLinks, recordChecked } from '../../src/store/link-checks.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, addLinks, later } from './rows.ts'

beforeAll(() => testDatabase())

describe('taking links to read', () => {
  const at = (seconds: number, changes: Partial<Parameters<typeof lockLinksForRead>[1]> = {}) => ({
    accountKeys: [accountKey],
    now: later(seconds),
    lockExpiresAt: later(seconds),
    endUserId: null,
    checkedBefore: later(seconds - 2),
    limit: 50,
    linkId: null,
    ...changes,
  })
  const take = async (db: Database, wanted: Parameters<typeof lockLinksForRead>[1]) =>
    (await lockLinksForRead(db, wanted)).map(({ id }) => id)

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
    const asked5 = await addLink(db, { checkedAt: later(5) })
    const asked1 = await addLink(db, { checkedAt: later(1) })
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
    await addLink(db, { accountKey: 'another account' })
    const open = [await addLink(db, { status: 'OPENED' }), await addLink(db, { status: 'AUTHORIZING' })]

    expect((await take(db, at(10))).toSorted()).toEqual(open.map(({ id }) => id).toSorted())
    expect(await take(db, at(20, { accountKeys: [] }))).toEqual([])
  })

  test('one that somebody is asking about is left to them, until the question must have been lost', async () => {
    const db = await testDatabase()
    const link = await addLink(db)

    expect(await take(db, at(10, { lockExpiresAt: later(40) }))).toEqual([link.id])
    expect(await take(db, at(39.9))).toEqual([])
    expect(await take(db, at(40, { lockExpiresAt: later(70) }))).toEqual([link.id])
    await recordChecked(db, link, later(90))
    expect(await take(db, at(50))).toEqual([link.id])
  })

  test('only that one, or only that person’s, when the reader says so', async () => {
    const db = await testDatabase()
    const mine = await addLink(db)
    const theirs = await addLink(db, { endUserId: 'user-2' })

    expect(await take(db, at(10, { linkId: 'no id at all' }))).toEqual([])
    expect(await take(db, at(10, { linkId: mine.id, endUserId: 'user-2' }))).toEqual([])
    expect(await take(db, at(10, { linkId: mine.id }))).toEqual([mine.id])
    expect(await take(db, at(10, { endUserId: 'user-2' }))).toEqual([theirs.id])
  })
})

describe('what was learned', () => {
  const nextCheck = async (db: Database) =>
    (await db.selectFrom('connectLinks').select(['nextCheckAt', 'checkLockExpiresAt']).execute())[0]

  test('says when to ask again', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { checkLockExpiresAt: later(30) })
    await recordChecked(db, link, later(4))

    expect(await nextCheck(db)).toEqual({ nextCheckAt: later(4), checkLockExpiresAt: null })
  })

  test('does not when the link has moved meanwhile', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { statusChangedAt: later(1), nextCheckAt: later(3) })
    await recordChecked(db, { ...link, statusChangedAt: later(0) }, later(400))

    expect(await nextCheck(db)).toEqual({ nextCheckAt: later(3), checkLockExpiresAt: null })
  })

  test('does not when the link is done with', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { nextCheckAt: null })
    await recordChecked(db, link, later(4))

    expect(await nextCheck(db)).toEqual({ nextCheckAt: null, checkLockExpiresAt: null })
  })
})

describe('links that are overdue', () => {
  test('are open ones past that time whose provider was asked in vain, or cannot be asked', async () => {
    const db = await testDatabase()
    const asked = await addLink(db, { expiresAt: later(1), checkedAt: later(1.5) })
    const elsewhere = await addLink(db, { expiresAt: later(1), accountKey: 'another account' })
    await addLink(db, { expiresAt: later(1), checkedAt: later(1.5), checkLockExpiresAt: later(5.1) })
    await addLink(db, { expiresAt: later(1), checkedAt: null })
    await addLink(db, { expiresAt: later(1), checkedAt: later(0.5) })
    await addLink(db, { expiresAt: later(2), checkedAt: later(3) })
    await addLink(db, { expiresAt: null, checkedAt: later(3) })
    await addLink(db, { expiresAt: later(1), checkedAt: later(3), status: 'COMPLETED' })

    const overdue = await overdueLinks(db, {
      now: later(5),
      before: later(2),
      accountKeys: [accountKey],
      limit: 10,
    })

    expect(overdue.map(({ id }) => id).toSorted()).toEqual([asked.id, elsewhere.id].toSorted())
  })
})
