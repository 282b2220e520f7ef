import { beforeAll, describe, expect, test } from 'vitest'
import { eraseEndUser } from '../../../src/connect/jobs/erase-end-user.ts'
import { applyRetention } from '../../../src/connect/jobs/retention.ts'
import { openStatuses } from '../../../src/store/connect-links.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { changes, openGateway } from '../gateway.ts'
import { clearRequests } from '../observe.ts'
import { openLimited, tooMany } from './limited.ts'

beforeAll(() => testDatabase())

describe('a reservation', () => {
  test('is released when the provider creates no link', async () => {
    const { create, created, reservations } = await openLimited()
    for (let index = 0; index < 3; index += 1) {
      created.mockRejectedValueOnce(new Error('unreachable'))
      await expect(create()).rejects.toThrow('unreachable')
    }
    expect(await reservations()).toEqual([])
    await create()
  })

  test('of a killed process counts for five minutes, and is deleted after them', async () => {
    const { context, clock, leaveReservation, fill, create, reservations } = await openLimited()
    await leaveReservation()
    await expect(fill()).rejects.toMatchObject(tooMany)

    clock.advance(300)
    await create()
    await applyRetention(context)
    expect(await reservations()).toEqual([])
  })

  test('of an interrupted call with an idempotency key is taken over by the retry', async () => {
    const { db, createLink, create, leaveReservation, reservations } = await openLimited()
    for (let index = 0; index < 2; index += 1) await createLink('alice')
    const { connectLink, ...first } = await create({ idempotencyKey: 'order-7' })
    expect(first).toMatchObject({ replayed: false })
    // As after a process was killed between the provider's answer and the end of the transaction.
    await db.deleteFrom('connectLinks').where('id', '=', connectLink.id).execute()
    await db.updateTable('idempotencyKeys').set({ response: null }).execute()
    await leaveReservation(connectLink.id)

    await expect(create()).rejects.toMatchObject(tooMany)
    expect((await create({ idempotencyKey: 'order-7' })).connectLink.id).toBe(connectLink.id)
    expect(await reservations()).toEqual([])
  })

  test('is deleted when its end user is erased', async () => {
    const { context, leaveReservation, reservations } = await openLimited()
    await leaveReservation()
    await eraseEndUser(context, 'alice')
    expect(await reservations()).toEqual([])
  })
})

test('50 concurrent calls to two gateways create exactly 20 links, in the store and at the provider', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const a = await openGateway({ sandbox, clock })
  const b = await openGateway({ sandbox, clock, keepData: true })
  await clearRequests(a)
  await clearRequests(b)
  const input = { connector: 'hubspot', endUser: { id: 'alice' } }
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? a : b).create('FIVETRAN', input)),
  )

  const refused = results.filter(({ __typename }) => __typename === 'ConflictError')
  expect(refused).toHaveLength(30)
  expect(refused[0]).toMatchObject({ code: 'TOO_MANY_OPEN_LINKS' })
  const { db } = a.connect
  const links = await db.selectFrom('connectLinks').selectAll().where('status', 'in', openStatuses).execute()
  expect(links).toHaveLength(20)
  expect((await changes(a)).filter((request) => request.startsWith('POST '))).toHaveLength(20)
  expect(await db.selectFrom('linkReservations').selectAll().execute()).toEqual([])
})
