import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { recordChecked, releaseLeases, renewLeases } from '../../src/store/link-checks.ts'
import { lockLinksForPoll, type PollLockRequest } from '../../src/store/poll-rounds.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, addLinks, later } from './rows.ts'

beforeAll(() => testDatabase())

/** A request whose check lock expires at once. */
const poll = (
  instanceId: string,
  seconds: number,
  changes: Partial<PollLockRequest> = {},
): PollLockRequest => ({
  accountKeys: [accountKey],
  now: later(seconds),
  lockExpiresAt: later(seconds),
  instanceId,
  activity: 'OTHER',
  activeSince: later(1_000_000),
  limit: 50,
  ...changes,
})
const lock = async (db: Database, request: PollLockRequest) =>
  (await lockLinksForPoll(db, request)).map(({ id }) => id)

describe('lease of an instance', () => {
  test('keeps its links from other instances until it expires', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    await renewLeases(db, 'a', later(10))

    expect(await lock(db, poll('a', 0))).toEqual([id])
    expect(await lock(db, poll('b', 9.9))).toEqual([])
    expect(await lock(db, poll('a', 9.9))).toEqual([id])
    await renewLeases(db, 'b', later(60))
    expect(await lock(db, poll('b', 10))).toEqual([id])
    expect(await lock(db, poll('a', 11))).toEqual([])
  })

  test('is extended only by its own instance', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    await renewLeases(db, 'a', later(10))
    await lock(db, poll('a', 0))
    await renewLeases(db, 'b', later(100))
    await renewLeases(db, 'a', later(20))

    expect(await lock(db, poll('b', 19.9))).toEqual([])
    expect(await lock(db, poll('b', 20))).toEqual([id])
    // Renewed too late: the other instance has leased the link.
    await renewLeases(db, 'a', later(200))
    expect(await lock(db, poll('a', 21))).toEqual([])
  })

  test('ends at once when it is released, without affecting other instances', async () => {
    const db = await testDatabase()
    const linkOfA = await addLink(db)
    for (const instanceId of ['a', 'c']) await renewLeases(db, instanceId, later(100))
    await lock(db, poll('a', 0))
    const linkOfC = await addLink(db)
    await lock(db, poll('c', 0))
    await releaseLeases(db, 'a')

    expect(await lock(db, poll('b', 1))).toEqual([linkOfA.id])
    await renewLeases(db, 'b', later(100))
    expect(await lock(db, poll('d', 1))).toEqual([])
    await releaseLeases(db, null)
    expect((await lock(db, poll('d', 2))).toSorted()).toEqual([linkOfA.id, linkOfC.id].toSorted())
  })

  test('ends together with the check locks when the leases of all instances are released', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    await renewLeases(db, 'a', later(100))
    await lock(db, poll('a', 0, { lockExpiresAt: later(30) }))
    await releaseLeases(db, null)

    expect(await lock(db, poll('b', 1))).toEqual([id])
  })

  test('does not let its own instance check a link twice concurrently', async () => {
    const db = await testDatabase()
    const link = await addLink(db)
    await renewLeases(db, 'a', later(100))
    await lock(db, poll('a', 0, { lockExpiresAt: later(30) }))

    expect(await lock(db, poll('a', 5))).toEqual([])
    await recordChecked(db, [{ link, nextCheckAt: later(6) }])
    expect(await lock(db, poll('a', 5))).toEqual([])
    expect(await lock(db, poll('a', 6))).toEqual([link.id])
  })
})

describe('lockLinksForPoll', () => {
  test('locks due links of the given accounts, longest overdue first', async () => {
    const db = await testDatabase()
    const second = await addLink(db, { nextCheckAt: later(2) })
    const first = await addLink(db, { nextCheckAt: later(1) })
    await addLink(db, { nextCheckAt: later(11) })
    await addLink(db, { nextCheckAt: null })
    await addLink(db, { nextCheckAt: later(1), accountKey: 'another account' })

    expect(await lock(db, poll('a', 10, { limit: 1 }))).toEqual([first.id])
    await recordChecked(db, [{ link: first, nextCheckAt: later(60) }])
    expect(await lock(db, poll('a', 10))).toEqual([second.id])
    expect(await lock(db, poll('a', 10, { accountKeys: [] }))).toEqual([])
  })

  test('locks ended links that still have a planned check', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db, { status: 'EXPIRED', nextCheckAt: later(1) })

    expect(await lock(db, poll('a', 10))).toEqual([id])
  })

  test('locks each of many links for only one of several instances', async () => {
    const db = await testDatabase()
    const ids = await addLinks(db, 30)
    const instances = ['a', 'b', 'c', 'd']
    for (const instanceId of instances) await renewLeases(db, instanceId, later(100))

    const locked = await Promise.all(
      instances.map((instanceId) => lock(db, poll(instanceId, 0, { limit: 10 }))),
    )
    for (const instanceId of instances) locked.push(await lock(db, poll(instanceId, 0.5)))

    const leases = await db.selectFrom('connectLinks').select(['id', 'leasedBy']).execute()
    for (const [index, instanceId] of instances.entries()) {
      const ids = [...(locked[index] ?? []), ...(locked[index + instances.length] ?? [])]
      expect(ids.every((id) => leases.find((row) => row.id === id)?.leasedBy === instanceId)).toBe(true)
    }
    expect(new Set(locked.flat()).size).toBe(ids.length)
  })

  // PGlite has one connection: while a transaction is open there is no second poller.
  onPostgres('skips links that another transaction is locking, without waiting (PostgreSQL)', async () => {
    const db = await testDatabase()
    const ids = await addLinks(db, 4)

    const locked = await db.transaction().execute(async (transaction) => {
      const inTransaction = await lock(transaction, poll('a', 0, { limit: 2 }))
      return [inTransaction, await lock(db, poll('b', 0))]
    })

    expect(locked.map(({ length }) => length)).toEqual([2, 2])
    expect(locked.flat().toSorted()).toEqual(ids.toSorted())
  })
})
