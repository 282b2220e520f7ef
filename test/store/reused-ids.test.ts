import { beforeAll, describe, expect, test } from 'vitest'
import { claimedConnections, markDisconnected } from '../../src/store/connections.ts'
import type { Database } from '../../src/store/database.ts'
import { reportedId } from '../../src/store/reused-ids.ts'
import { upsertChanged } from '../../src/store/upsert-connections.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, later, origin, remote, saveOne, startedAt } from './rows.ts'

beforeAll(() => testDatabase())

/** A connection that was created at the start time and is removed 600 s later. */
async function removedConnection() {
  const db = await testDatabase()
  const { id } = await saveOne(db, { createdAt: startedAt, endUserId: 'ada' })
  await markDisconnected(db, id, later(600))
  return { db, id }
}

const rowsOf = async (db: Database) => {
  const rows = await db.selectFrom('connections').selectAll().orderBy('createdAt').execute()
  return rows.map(({ id, remoteId, status, endUserId }) => ({ id, remoteId, status, endUserId }))
}

describe('an ID that a provider reports again', () => {
  test.each([
    ['after the removal', later(700)],
    ['shortly before it, with another clock', later(400)],
  ])('is of a new connection if it was created %s', async (_, createdAt) => {
    const { db, id } = await removedConnection()
    const reused = remote({ createdAt })
    await upsertChanged(db, origin(later(800)), [reused])
    const [removed, created, ...others] = await rowsOf(db)
    expect(removed).toMatchObject({ id, status: 'DISCONNECTED', endUserId: 'ada' })
    expect(reportedId(removed?.remoteId ?? '')).toBe(reused.remoteId)
    expect(created).toMatchObject({ remoteId: reused.remoteId, status: 'ACTIVE', endUserId: null })
    expect(created?.id).not.toBe(id)
    expect(others).toEqual([])
    // Reading it again changes nothing.
    const before = await rowsOf(db)
    await upsertChanged(db, origin(later(900)), [reused])
    expect(await rowsOf(db)).toEqual(before)
  })

  test('does not belong to the link of the removed connection', async () => {
    const { db } = await removedConnection()
    await claimedConnections(db, accountKey, [remote({ createdAt: later(700) })])
    expect((await rowsOf(db)).map(({ remoteId }) => reportedId(remoteId) !== remoteId)).toEqual([true])
  })

  test.each([
    ['at the time of the stored one', startedAt],
    ['long before the removal', later(60)],
    ['at an unknown time', null],
  ])('is of the stored connection if it was created %s', async (_, createdAt) => {
    const { db, id } = await removedConnection()
    await upsertChanged(db, origin(later(800)), [remote({ createdAt })])
    expect(await rowsOf(db)).toMatchObject([{ id, status: 'ACTIVE', endUserId: 'ada' }])
  })

  test('is of the stored connection if that was not removed', async () => {
    const db = await testDatabase()
    const { id } = await saveOne(db, { createdAt: startedAt })
    await upsertChanged(db, origin(later(800)), [remote({ createdAt: later(700) })])
    expect(await rowsOf(db)).toMatchObject([{ id, status: 'ACTIVE' }])
  })
})
