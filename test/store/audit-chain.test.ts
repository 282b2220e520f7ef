import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { hashOf, sealAuditEvents, sealedEvents } from '../../src/store/audit-chain.ts'
import { insertAuditEvents } from '../../src/store/audit-events.ts'
import { verifyAuditChain } from '../../src/store/audit-verification.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { appendEvents, eventOf, eventsOf, tamper, withEvents } from './audit.ts'
import { later } from './rows.ts'

describe('the hash chain', () => {
  test('of no events verifies', async () => {
    expect(await verifyAuditChain(await testDatabase())).toMatchObject({ events: 0, problem: null })
  })

  test('numbers events in the order of insertion, without gaps, and each hash covers the one before it', async () => {
    const db = await withEvents(3)
    await appendEvents(db, [{ operation: 'createSession' }])
    const rows = await eventsOf(db)
    expect(rows.map(({ number, endUserId }) => [number, endUserId])).toEqual([
      [1, 'user-1'],
      [2, 'user-2'],
      [3, 'user-3'],
      [4, 'user-1'],
    ])
    expect(rows.map(({ previousHash }) => previousHash)).toEqual([
      '0'.repeat(64),
      ...rows.slice(0, 3).map(({ hash }) => hash),
    ])
    expect(await verifyAuditChain(db)).toMatchObject({
      events: 4,
      erased: 0,
      problem: null,
      head: { number: 4, hash: rows[3]?.hash },
    })
  })

  test('does not contain an event that is not sealed yet', async () => {
    const db = await withEvents(1)
    await insertAuditEvents(db, [eventOf()])
    expect(await verifyAuditChain(db)).toMatchObject({ events: 1, problem: null })
    await sealAuditEvents(db)
    expect(await verifyAuditChain(db)).toMatchObject({ events: 2, problem: null })
  })

  test('is one chain when writers and sealers work at the same time', async () => {
    const db = await testDatabase()
    const writers = Array.from({ length: 20 }, (_, writer) =>
      Promise.all(
        Array.from({ length: 5 }, (_, index) => appendEvents(db, [{ endUserId: `user-${writer}-${index}` }])),
      ),
    )
    await Promise.all(writers)
    await sealAuditEvents(db)
    expect(await verifyAuditChain(db)).toMatchObject({ events: 100, problem: null })
    expect(new Set((await eventsOf(db)).map(({ endUserId }) => endUserId)).size).toBe(100)
  })

  onPostgres('contains an event whose transaction commits after a later event was sealed', async () => {
    const db = await testDatabase()
    await db.transaction().execute(async (transaction) => {
      await insertAuditEvents(transaction, [eventOf({ endUserId: 'late' })])
      await appendEvents(db, [{ endUserId: 'early' }])
    })
    await sealAuditEvents(db)
    const rows = await eventsOf(db)
    expect(rows.map(({ number, endUserId }) => [number, endUserId])).toEqual([
      [1, 'early'],
      [2, 'late'],
    ])
    expect(await verifyAuditChain(db)).toMatchObject({ events: 2, problem: null })
  })
})

describe('an event that was tampered with is found', () => {
  test.each([
    ['operation', 'connectLink.revoked'],
    ['outcome', 'DENIED'],
    ['actorId', 'other'],
    ['actorKind', 'SYSTEM'],
    ['errorCode', 'X'],
    ['createdAt', later(1)],
    ['targets', ['Connection:1']],
    ['requestId', 'r'],
    ['organizationId', 'o'],
    ['endUserId', 'user-9'],
    ['address', '198.51.100.1'],
    ['userAgent', null],
    ['personalDigest', 'x'],
  ])('by its %s', async (column, value) => {
    const db = await withEvents(5)
    await tamper(db, (transaction) =>
      transaction
        .updateTable('auditEvents')
        .set({ [column]: value })
        .where('number', '=', 3)
        .execute(),
    )
    expect((await verifyAuditChain(db)).problem).toMatch(/^Event 3 was changed/)
  })

  test('also if its own hash was computed again', async () => {
    const db = await withEvents(5)
    const row = (await eventsOf(db))[2]
    if (row === undefined) throw new Error('there is no event')
    const changed = { ...row, operation: 'connectLink.revoked' }
    const hash = hashOf(changed, { number: 2, hash: row.previousHash ?? '' })
    await tamper(db, (transaction) =>
      transaction
        .updateTable('auditEvents')
        .set({ operation: changed.operation, hash })
        .where('number', '=', 3)
        .execute(),
    )
    expect((await verifyAuditChain(db)).problem).toMatch(/^Event 4 was changed, or one before it replaced/)
  })

  test.each([1, 3, 5])('if event %i was removed', async (number) => {
    const db = await withEvents(5)
    await tamper(db, (transaction) =>
      transaction.deleteFrom('auditEvents').where('number', '=', number).execute(),
    )
    expect((await verifyAuditChain(db)).problem).toBe(`Event ${number} is missing.`)
  })

  test('if the last events were removed and the end of the chain adjusted, by a hash that was kept elsewhere', async () => {
    const db = await withEvents(5)
    const { head } = await verifyAuditChain(db)
    const [, , third] = await eventsOf(db)
    await tamper(db, async (transaction) => {
      await transaction.deleteFrom('auditEvents').where('number', '>', 3).execute()
      await transaction
        .updateTable('auditChain')
        .set({ headNumber: 3, headHash: third?.hash ?? '' })
        .execute()
    })
    expect(await verifyAuditChain(db)).toMatchObject({ events: 3, problem: null })
    expect((await verifyAuditChain(db, head.hash)).problem).toMatch(/^No event has the given hash/)
    expect((await verifyAuditChain(db, third?.hash)).problem).toBeNull()
  })
})

describe('the table', () => {
  const refused = [
    ['an update', sql`update audit_events set operation = 'x' where number = 2`],
    ['an update of one personal column', sql`update audit_events set address = null where number = 2`],
    ['a new hash', sql`update audit_events set hash = 'x' where number = 2`],
    ['a new end user', sql`update audit_events set end_user_id = 'x' where number = 2`],
    ['a deletion', sql`delete from audit_events where number = 1`],
    ['a truncation', sql`truncate audit_events`],
  ] as const

  test.each(refused)('refuses %s', async (_, statement) => {
    const db = await withEvents(3)
    await expect(statement.execute(db)).rejects.toThrow('audit_events is append-only')
    expect(await verifyAuditChain(db)).toMatchObject({ events: 3, problem: null })
  })
})

test('more events than a batch are sealed, verified and read in order', async () => {
  const db = await testDatabase()
  await appendEvents(
    db,
    Array.from({ length: 2_500 }, (_, index) => ({ at: later(index) })),
  )
  expect(await verifyAuditChain(db)).toMatchObject({ events: 2_500, problem: null })
  const numbers: number[] = []
  for await (const { number } of sealedEvents(db, later(2_000))) numbers.push(number)
  expect(numbers).toEqual(Array.from({ length: 500 }, (_, index) => 2_001 + index))
})
