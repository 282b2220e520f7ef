import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { findOverdueLinks, lockLinksForRead, recordChecked } from '../../src/store/link-checks.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, addLinks, later } from './rows.ts'

beforeAll(() => testDatabase())

describe('lockLinksForRead', () => {
  const request = (seconds: number, changes: Partial<Parameters<typeof lockLinksForRead>[1]> = {}) => ({
    accountKeys: [accountKey],
    now: later(seconds),
    lockExpiresAt: later(seconds),
    checkedBefore: later(seconds - 2),
    limit: 50,
    linkId: null,
    ...changes,
  })
  const lock = async (db: Database, query: Parameters<typeof lockLinksForRead>[1]) =>
    (await lockLinksForRead(db, query)).map(({ id }) => id)

  test('locks each link for only one of several concurrent readers', async () => {
    const db = await testDatabase()
    const ids = await addLinks(db, 20)

    const locked = await Promise.all([1, 2, 3, 4].map(() => lock(db, request(10, { limit: 10 }))))
    locked.push(await lock(db, request(10)))

    expect(locked.flat().toSorted()).toEqual(ids.toSorted())
  })

  // PGlite has one connection: while a transaction is open there is no second reader.
  onPostgres('skips links that another transaction is locking, without waiting (PostgreSQL)', async () => {
    const db = await testDatabase()
    const ids = await addLinks(db, 4)

    const locked = await db.transaction().execute(async (transaction) => {
      const inTransaction = await lock(transaction, request(10, { limit: 2 }))
      const outside = await lock(db, request(10))
      return { inTransaction, outside }
    })

    expect([locked.inTransaction.length, locked.outside.length]).toEqual([2, 2])
    expect([...locked.inTransaction, ...locked.outside].toSorted()).toEqual(ids.toSorted())
  })

  test('skips a link that was checked recently, and locks it again later', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)

    expect(await lock(db, request(10))).toEqual([id])
    expect(await lock(db, request(11.9))).toEqual([])
    expect(await lock(db, request(12.1))).toEqual([id])
  })

  test('locks links that were never checked first, then the least recently checked', async () => {
    const db = await testDatabase()
    const checkedAt5 = await addLink(db, { checkedAt: later(5) })
    const checkedAt1 = await addLink(db, { checkedAt: later(1) })
    const never = await addLink(db)

    expect(await lock(db, request(10, { limit: 1 }))).toEqual([never.id])
    expect(await lock(db, request(10, { limit: 1 }))).toEqual([checkedAt1.id])
    expect(await lock(db, request(10, { limit: 1 }))).toEqual([checkedAt5.id])
  })

  test('does not lock ended links or links of other accounts', async () => {
    const db = await testDatabase()
    for (const status of ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const) {
      await addLink(db, { status })
    }
    await addLink(db, { accountKey: 'another account' })
    const open = [await addLink(db, { status: 'OPENED' }), await addLink(db, { status: 'AUTHORIZING' })]

    expect((await lock(db, request(10))).toSorted()).toEqual(open.map(({ id }) => id).toSorted())
    expect(await lock(db, request(20, { accountKeys: [] }))).toEqual([])
  })

  test('does not lock a link that is being checked, until its check lock expires', async () => {
    const db = await testDatabase()
    const link = await addLink(db)

    expect(await lock(db, request(10, { lockExpiresAt: later(40) }))).toEqual([link.id])
    expect(await lock(db, request(39.9))).toEqual([])
    expect(await lock(db, request(40, { lockExpiresAt: later(70) }))).toEqual([link.id])
    await recordChecked(db, [{ link, nextCheckAt: later(90) }])
    expect(await lock(db, request(50))).toEqual([link.id])
  })

  test('filters by link ID', async () => {
    const db = await testDatabase()
    const link = await addLink(db)
    await addLink(db)

    expect(await lock(db, request(10, { linkId: 'malformed' }))).toEqual([])
    expect(await lock(db, request(10, { linkId: link.id }))).toEqual([link.id])
  })
})

describe('recordChecked', () => {
  const nextCheck = async (db: Database) =>
    (await db.selectFrom('connectLinks').select(['nextCheckAt', 'checkLockExpiresAt']).execute())[0]

  test('sets the time of the next check and releases the check lock', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { checkLockExpiresAt: later(30) })
    await recordChecked(db, [{ link, nextCheckAt: later(4) }])

    expect(await nextCheck(db)).toEqual({ nextCheckAt: later(4), checkLockExpiresAt: null })
  })

  test('does not change the next check when the status has changed meanwhile', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { statusChangedAt: later(1), nextCheckAt: later(3) })
    await recordChecked(db, [{ link: { ...link, statusChangedAt: later(0) }, nextCheckAt: later(400) }])

    expect(await nextCheck(db)).toEqual({ nextCheckAt: later(3), checkLockExpiresAt: null })
  })

  test('does not set a next check when none is planned', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { nextCheckAt: null })
    await recordChecked(db, [{ link, nextCheckAt: later(4) }])

    expect(await nextCheck(db)).toEqual({ nextCheckAt: null, checkLockExpiresAt: null })
  })
})

describe('overdueLinks', () => {
  test('returns expired open links that were checked after their expiry or cannot be checked', async () => {
    const db = await testDatabase()
    const checked = await addLink(db, { expiresAt: later(1), checkedAt: later(1.5) })
    const ofOtherAccount = await addLink(db, { expiresAt: later(1), accountKey: 'another account' })
    await addLink(db, { expiresAt: later(1), checkedAt: later(1.5), checkLockExpiresAt: later(5.1) })
    await addLink(db, { expiresAt: later(1), checkedAt: null })
    await addLink(db, { expiresAt: later(1), checkedAt: later(0.5) })
    await addLink(db, { expiresAt: later(2), checkedAt: later(3) })
    await addLink(db, { expiresAt: null, checkedAt: later(3) })
    await addLink(db, { expiresAt: later(1), checkedAt: later(3), status: 'COMPLETED' })

    const overdue = await findOverdueLinks(db, {
      now: later(5),
      before: later(2),
      accountKeys: [accountKey],
      limit: 10,
    })

    expect(overdue.map(({ id }) => id).toSorted()).toEqual([checked.id, ofOtherAccount.id].toSorted())
  })
})
