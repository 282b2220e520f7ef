import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createRevocations } from '../../../src/connect/sessions/revocations.ts'
import { findRevocations, recordSessionKeys } from '../../../src/store/session-revocations.ts'
import { countStatements } from '../../graphql/count-statements.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { testDatabase } from '../../helpers/database.ts'

beforeAll(() => testDatabase())

async function open(limit?: number) {
  const db = await testDatabase()
  const clock = createTestClock()
  const revocations = createRevocations({ db, now: clock.now }, limit)
  /** A session of that end user that is issued now, and whether it is revoked. */
  async function issue(endUserId: string, keyId = 'present') {
    const session = { endUserId, number: await revocations.latest(), keyId }
    return { isRevoked: () => revocations.isRevoked(session) }
  }
  return { db, clock, issue, ...revocations, another: () => createRevocations({ db, now: clock.now }, limit) }
}

describe('a session', () => {
  test('is revoked by a revocation after it, and not by one before it, whatever the clock says', async () => {
    const { issue, revoke } = await open()
    await revoke('ada')
    const between = await issue('ada')
    expect(await between.isRevoked()).toBe(false)
    await revoke('ada')
    expect(await between.isRevoked()).toBe(true)
    expect(await (await issue('ada')).isRevoked()).toBe(false)
  })

  test('is revoked at a gateway that starts later', async () => {
    const { issue, revoke, another } = await open()
    const before = await issue('ada')
    await revoke('ada')
    await revoke('bob')
    const fresh = another()
    const number = (await fresh.latest()) - 2
    expect(await fresh.isRevoked({ endUserId: 'ada', number, keyId: 'present' })).toBe(true)
    expect(await fresh.isRevoked({ endUserId: 'carol', number, keyId: 'present' })).toBe(false)
    expect(await before.isRevoked()).toBe(true)
  })

  test('is refused if it is older than the revocations that are remembered, by a gateway of any age', async () => {
    const { issue, revoke, latest, another } = await open(3)
    const old = await issue('carol')
    for (const id of ['ada', 'bob', 'dora']) await revoke(id)
    expect(await old.isRevoked()).toBe(false)
    const recent = await issue('carol')
    await revoke('edith')
    expect(await old.isRevoked()).toBe(true)
    expect(await recent.isRevoked()).toBe(false)
    const fresh = another()
    const number = await latest()
    expect(await fresh.isRevoked({ endUserId: 'carol', number: number - 4, keyId: 'present' })).toBe(true)
    expect(await fresh.isRevoked({ endUserId: 'carol', number, keyId: 'present' })).toBe(false)
  })
})

test('concurrent revocations become visible in the order of their numbers', async () => {
  const { db, revoke } = await open()
  await Promise.all(Array.from({ length: 20 }, (_, index) => revoke(`user-${index}`)))
  const numbers = (await findRevocations(db, { after: 0, limit: 100 })).map(({ number }) => number)
  expect(numbers).toHaveLength(20)
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
})

test('a thousand checks within a second read the store at most once', async () => {
  const { issue } = await open()
  const session = await issue('ada')
  const statementsOf = countStatements()
  const checks = Array.from({ length: 1_000 }, () => session.isRevoked())
  expect(await statementsOf(() => Promise.all(checks))).toBeLessThanOrEqual(2)
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_001)
  expect(await statementsOf(() => session.isRevoked())).toBe(2)
  expect(await statementsOf(() => session.isRevoked())).toBe(0)
  vi.mocked(performance.now).mockRestore()
})

describe('the sessions of an old key', () => {
  const day = 86_400

  test('are refused a day after any gateway has first seen it as old', async () => {
    const { db, clock, issue, another } = await open()
    const session = await issue('ada', 'old-key')
    await recordSessionKeys(db, { presentId: 'new-key', oldIds: ['old-key'], at: clock.now() })
    clock.advance(day / 2)
    await recordSessionKeys(db, { presentId: 'new-key', oldIds: ['old-key'], at: clock.now() })
    clock.advance(day / 2 - 0.001)
    expect(await session.isRevoked()).toBe(false)
    clock.advance(0.001)
    expect(await session.isRevoked()).toBe(true)
    const other = await issue('ada', 'new-key')
    expect(await other.isRevoked()).toBe(false)
    expect(await another().isRevoked({ endUserId: 'bob', number: 1e9, keyId: 'old-key' })).toBe(true)
  })

  test('are accepted again when it is the present key of a gateway that starts', async () => {
    const { db, clock, issue } = await open()
    await recordSessionKeys(db, { presentId: 'new-key', oldIds: ['old-key'], at: clock.now() })
    clock.advance(2 * day)
    await recordSessionKeys(db, { presentId: 'old-key', oldIds: ['new-key'], at: clock.now() })
    expect(await (await issue('ada', 'old-key')).isRevoked()).toBe(false)
    clock.advance(day)
    expect(await (await issue('ada', 'new-key')).isRevoked()).toBe(true)
  })
})
