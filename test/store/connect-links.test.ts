import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  findLinks,
  groupsUsed,
  historyOf,
  moveLink,
  openRivals,
  overdueLinks,
  takeLinksToCheck,
} from '../../src/store/connect-links.ts'
import type { Database } from '../../src/store/database.ts'
import type { LinkStatus } from '../../src/store/schema.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { addLink, addLinks, later, scope } from './rows.ts'

beforeAll(() => testDatabase())

const move = (to_status: LinkStatus, seconds: number) =>
  ({ to_status, at: later(seconds), source: 'PROVIDER_POLL', reason: null }) as const

const inTransaction = (db: Database, id: string, to: Parameters<typeof moveLink>[2]) =>
  db.transaction().execute((transaction) => moveLink(transaction, id, to))

describe('moving a link', () => {
  test('goes from status to status, and each step is a numbered row of its history', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    const connection_id = randomUUID()

    expect(await inTransaction(db, id, move('OPENED', 1))).toBe(true)
    expect(await inTransaction(db, id, move('AUTHORIZING', 2))).toBe(true)
    const completed = { ...move('COMPLETED', 3), source: 'PROVIDER_WEBHOOK', reason: 'why' } as const
    expect(await inTransaction(db, id, { ...completed, connection_id })).toBe(true)

    expect(await findLinks(db, [id])).toMatchObject([{ status: 'COMPLETED', connection_id }])
    expect(await historyOf(db, [id])).toMatchObject([
      { number: 1, from_status: null, to_status: 'CREATED', source: 'API_CALL' },
      { number: 2, from_status: 'CREATED', to_status: 'OPENED', at: later(1) },
      { number: 3, from_status: 'OPENED', to_status: 'AUTHORIZING' },
      {
        number: 4,
        from_status: 'AUTHORIZING',
        to_status: 'COMPLETED',
        source: 'PROVIDER_WEBHOOK',
        reason: 'why',
      },
    ])
  })

  test.each(['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const)(
    'a link that is %s never changes again',
    async (ended) => {
      const db = await testDatabase()
      const link = await addLink(db, { status: ended })

      for (const to of ['CREATED', 'COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED'] as const) {
        expect(await inTransaction(db, link.id, { ...move(to, 1), connection_id: randomUUID() })).toBe(false)
      }

      expect(await findLinks(db, [link.id])).toEqual([link])
      expect(await historyOf(db, [link.id])).toHaveLength(1)
    },
  )

  test('of two moves at once that end it, one wins', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)

    const won = await Promise.all([
      inTransaction(db, id, move('COMPLETED', 1)),
      inTransaction(db, id, move('EXPIRED', 1)),
    ])

    expect(won.toSorted()).toEqual([false, true])
    expect(await historyOf(db, [id])).toMatchObject([{ number: 1 }, { number: 2, from_status: 'CREATED' }])
  })

  test('a link that does not exist is not moved', async () => {
    expect(await inTransaction(await testDatabase(), randomUUID(), move('COMPLETED', 1))).toBe(false)
  })
})

describe('taking links to check', () => {
  const at = (seconds: number, changes: Partial<Parameters<typeof takeLinksToCheck>[1]> = {}) => ({
    scopes: [scope],
    now: later(seconds),
    notSince: later(seconds - 2),
    limit: 50,
    linkId: null,
    ...changes,
  })
  const take = async (db: Database, wanted: Parameters<typeof takeLinksToCheck>[1]) =>
    (await takeLinksToCheck(db, wanted)).map(({ id }) => id)

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
})

describe('what links are asked for', () => {
  test('rivals are the open links that one new connection could belong to', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { remote_group: 'g1' })
    const rival = await addLink(db, { remote_group: 'g1', end_user_id: 'user-2', status: 'OPENED' })
    await addLink(db, { remote_group: 'g2' })
    await addLink(db, { remote_group: null })
    await addLink(db, { remote_group: 'g1', connector_key: 'github' })
    await addLink(db, { remote_group: 'g1', direction: 'DESTINATION' })
    await addLink(db, { remote_group: 'g1', scope: 'another account' })
    await addLink(db, { remote_group: 'g1', status: 'EXPIRED' })

    expect((await openRivals(db, link)).map(({ id }) => id)).toEqual([rival.id])
  })

  test('without a group, links without a group are rivals', async () => {
    const db = await testDatabase()
    const [link, rival] = [await addLink(db), await addLink(db)]
    await addLink(db, { remote_group: 'g1' })

    expect((await openRivals(db, link)).map(({ id }) => id)).toEqual([rival.id])
  })

  test('overdue are open ones past that time whose provider was asked in vain, or cannot be asked', async () => {
    const db = await testDatabase()
    const asked = await addLink(db, { expires_at: later(1), checked_at: later(1.5) })
    const elsewhere = await addLink(db, { expires_at: later(1), scope: 'another account' })
    await addLink(db, { expires_at: later(1), checked_at: null })
    await addLink(db, { expires_at: later(1), checked_at: later(0.5) })
    await addLink(db, { expires_at: later(2), checked_at: later(3) })
    await addLink(db, { expires_at: null, checked_at: later(3) })
    await addLink(db, { expires_at: later(1), checked_at: later(3), status: 'COMPLETED' })

    const overdue = await overdueLinks(db, { before: later(2), scopes: [scope], limit: 10 })

    expect(overdue.map(({ id }) => id).toSorted()).toEqual([asked.id, elsewhere.id].toSorted())
  })

  test('the groups of a scope are named once, ended links included', async () => {
    const db = await testDatabase()
    for (const remote_group of ['g1', 'g1', null, 'g2'])
      await addLink(db, { remote_group, status: 'EXPIRED' })
    await addLink(db, { remote_group: 'g3', scope: 'another account' })

    expect((await groupsUsed(db, scope)).toSorted()).toEqual(['g1', 'g2'])
  })
})
