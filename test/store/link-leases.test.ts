import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import {
  lockLinksForPoll,
  type PollLockRequest,
  recordChecked,
  releaseLeases,
  renewLeases,
} from '../../src/store/link-checks.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, addLinks, later } from './rows.ts'

beforeAll(() => testDatabase())

/** A claim whose question is over at once. */
const claim = (
  instanceId: string,
  seconds: number,
  changes: Partial<PollLockRequest> = {},
): PollLockRequest => ({
  accountKeys: [accountKey],
  now: later(seconds),
  lockExpiresAt: later(seconds),
  instanceId: instanceId,
  limit: 50,
  ...changes,
})
const take = async (db: Database, wanted: PollLockRequest) =>
  (await lockLinksForPoll(db, wanted)).map(({ id }) => id)

describe('a lease', () => {
  test('keeps a link from other gateways until it ends, and not longer', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    await renewLeases(db, 'a', later(10))

    expect(await take(db, claim('a', 0))).toEqual([id])
    expect(await take(db, claim('b', 9.9))).toEqual([])
    expect(await take(db, claim('a', 9.9))).toEqual([id])
    await renewLeases(db, 'b', later(60))
    expect(await take(db, claim('b', 10))).toEqual([id])
    expect(await take(db, claim('a', 11))).toEqual([])
  })

  test('goes on when the gateway that has it says so, and it alone', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    await renewLeases(db, 'a', later(10))
    await take(db, claim('a', 0))
    await renewLeases(db, 'b', later(100))
    await renewLeases(db, 'a', later(20))

    expect(await take(db, claim('b', 19.9))).toEqual([])
    expect(await take(db, claim('b', 20))).toEqual([id])
    // Back too late: the link is the other one's now.
    await renewLeases(db, 'a', later(200))
    expect(await take(db, claim('a', 21))).toEqual([])
  })

  test('is given up at once by a gateway that leaves, and by it alone', async () => {
    const db = await testDatabase()
    const mine = await addLink(db)
    for (const instanceId of ['a', 'c']) await renewLeases(db, instanceId, later(100))
    await take(db, claim('a', 0))
    const theirs = await addLink(db)
    await take(db, claim('c', 0))
    await releaseLeases(db, 'a')

    expect(await take(db, claim('b', 1))).toEqual([mine.id])
    await renewLeases(db, 'b', later(100))
    expect(await take(db, claim('d', 1))).toEqual([])
    await releaseLeases(db, null)
    expect((await take(db, claim('d', 2))).toSorted()).toEqual([mine.id, theirs.id].toSorted())
  })

  test('of all gateways ends with the questions that they had under way, when nobody else can be there', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    await renewLeases(db, 'a', later(100))
    await take(db, claim('a', 0, { lockExpiresAt: later(30) }))
    await releaseLeases(db, null)

    expect(await take(db, claim('b', 1))).toEqual([id])
  })

  test('does not have a link asked about twice at once by its own gateway', async () => {
    const db = await testDatabase()
    const link = await addLink(db)
    await renewLeases(db, 'a', later(100))
    await take(db, claim('a', 0, { lockExpiresAt: later(30) }))

    expect(await take(db, claim('a', 5))).toEqual([])
    await recordChecked(db, link, later(6))
    expect(await take(db, claim('a', 5))).toEqual([])
    expect(await take(db, claim('a', 6))).toEqual([link.id])
  })
})

describe('taking links to poll', () => {
  test('takes what is due, the longest due first, and of its own accounts', async () => {
    const db = await testDatabase()
    const second = await addLink(db, { nextCheckAt: later(2) })
    const first = await addLink(db, { nextCheckAt: later(1) })
    await addLink(db, { nextCheckAt: later(11) })
    await addLink(db, { nextCheckAt: null })
    await addLink(db, { nextCheckAt: later(1), accountKey: 'another account' })

    expect(await take(db, claim('a', 10, { limit: 1 }))).toEqual([first.id])
    await recordChecked(db, first, later(60))
    expect(await take(db, claim('a', 10))).toEqual([second.id])
    expect(await take(db, claim('a', 10, { accountKeys: [] }))).toEqual([])
  })

  test('takes links that have ended and are still looked after', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db, { status: 'EXPIRED', nextCheckAt: later(1) })

    expect(await take(db, claim('a', 10))).toEqual([id])
  })

  test('gives each of many links to one gateway alone', async () => {
    const db = await testDatabase()
    const ids = await addLinks(db, 30)
    const instances = ['a', 'b', 'c', 'd']
    for (const instanceId of instances) await renewLeases(db, instanceId, later(100))

    const taken = await Promise.all(
      instances.map((instanceId) => take(db, claim(instanceId, 0, { limit: 10 }))),
    )
    for (const instanceId of instances) taken.push(await take(db, claim(instanceId, 0.5)))

    const whose = await db.selectFrom('connectLinks').select(['id', 'leasedBy']).execute()
    for (const [index, instanceId] of instances.entries()) {
      const theirs = [...(taken[index] ?? []), ...(taken[index + instances.length] ?? [])]
      expect(theirs.every((id) => whose.find((row) => row.id === id)?.leasedBy === instanceId)).toBe(true)
    }
    expect(new Set(taken.flat()).size).toBe(ids.length)
  })

  // PGlite has one connection: while a transaction is open there is no second poller.
  onPostgres(
    'on PostgreSQL neither waits for the links that another one is taking, nor gets them',
    async () => {
      const db = await testDatabase()
      const ids = await addLinks(db, 4)

      const taken = await db.transaction().execute(async (transaction) => {
        const mine = await take(transaction, claim('a', 0, { limit: 2 }))
        return [mine, await take(db, claim('b', 0))]
      })

      expect(taken.map(({ length }) => length)).toEqual([2, 2])
      expect(taken.flat().toSorted()).toEqual(ids.toSorted())
    },
  )
})
