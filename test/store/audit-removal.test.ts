import { describe, expect, test } from 'vitest'
import { eraseEndUserFromAudit, trimAuditEvents } from '../../src/store/audit-chain.ts'
import { verifyAuditChain } from '../../src/store/audit-verification.ts'
import { testDatabase } from '../helpers/database.ts'
import { appendEvents, eventsOf, tamper, withEvents } from './audit.ts'
import { later } from './rows.ts'

describe('the retention', () => {
  test('removes the oldest events, and the rest verifies', async () => {
    const db = await withEvents(5)
    const { head } = await verifyAuditChain(db)
    await trimAuditEvents(db, later(3))
    expect((await eventsOf(db)).map(({ number }) => number)).toEqual([4, 5])
    expect(await verifyAuditChain(db, head.hash)).toMatchObject({
      events: 2,
      trimmed: { number: 3 },
      problem: null,
    })

    await trimAuditEvents(db, later(3))
    await appendEvents(db, [{ at: later(10) }])
    expect(await verifyAuditChain(db)).toMatchObject({ events: 3, problem: null, head: { number: 6 } })

    await tamper(db, (transaction) => transaction.deleteFrom('auditEvents').where('number', '=', 4).execute())
    expect((await verifyAuditChain(db)).problem).toBe('Event 4 is missing.')
  })

  test('can remove all events: later ones continue the chain', async () => {
    const db = await withEvents(3)
    const { head } = await verifyAuditChain(db)
    await trimAuditEvents(db, later(100))
    expect(await verifyAuditChain(db, head.hash)).toMatchObject({
      events: 0,
      head,
      trimmed: head,
      problem: null,
    })
    await appendEvents(db, [{}])
    expect((await eventsOf(db)).map(({ number, previousHash }) => [number, previousHash])).toEqual([
      [4, head.hash],
    ])
  })

  test('keeps an older event that follows a newer one', async () => {
    const db = await testDatabase()
    await appendEvents(db, [{ at: later(0) }, { at: later(50) }, { at: later(1) }])
    await trimAuditEvents(db, later(10))
    expect((await eventsOf(db)).map(({ number }) => number)).toEqual([2, 3])
  })
})

describe('the erasure of an end user', () => {
  test('clears the personal columns of its events, and the chain verifies', async () => {
    const db = await withEvents(3)
    await eraseEndUserFromAudit(db, 'user-2')
    const rows = await eventsOf(db)
    expect(rows.map(({ endUserId, address, userAgent }) => [endUserId, address, userAgent !== null])).toEqual(
      [
        ['user-1', '192.0.2.1', true],
        [null, null, false],
        ['user-3', '192.0.2.1', true],
      ],
    )
    expect(rows.map(({ personalSalt }) => personalSalt === null)).toEqual([false, true, false])
    expect(await verifyAuditChain(db)).toMatchObject({ events: 3, erased: 1, problem: null })
  })

  test('cannot be undone with another end user', async () => {
    const db = await withEvents(3)
    await eraseEndUserFromAudit(db, 'user-2')
    await tamper(db, (transaction) =>
      transaction.updateTable('auditEvents').set({ endUserId: 'user-3' }).where('number', '=', 2).execute(),
    )
    expect((await verifyAuditChain(db)).problem).toMatch(/^Event 2 was changed/)
  })

  test('of events with equal personal data leaves different digests', async () => {
    const db = await testDatabase()
    await appendEvents(db, [{}, {}])
    expect(new Set((await eventsOf(db)).map(({ personalDigest }) => personalDigest)).size).toBe(2)
  })
})
