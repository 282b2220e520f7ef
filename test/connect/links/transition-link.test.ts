import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type TransitionRequest, transitionLink } from '../../../src/connect/links/transition-link.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import { findLinks } from '../../../src/store/connect-links.ts'
import type { Database } from '../../../src/store/database.ts'
import { historyOf } from '../../../src/store/link-history.ts'
import { testDatabase } from '../../helpers/database.ts'
import { addLink, later } from '../../store/rows.ts'

beforeAll(() => testDatabase())

const step = (toStatus: LinkStatus, seconds: number) =>
  ({ toStatus, at: later(seconds), source: 'PROVIDER_POLL', reason: null }) as const

const move = (db: Database, id: string, to: TransitionRequest) =>
  db.transaction().execute((transaction) => transitionLink(transaction, id, to))

describe('moving a link', () => {
  test('goes from status to status, and each step is a numbered row of its history', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    const connectionId = randomUUID()

    expect(await move(db, id, step('OPENED', 1))).toMatchObject({ status: 'CREATED' })
    expect(await move(db, id, step('AUTHORIZING', 2))).toMatchObject({ status: 'OPENED' })
    const completed = { ...step('COMPLETED', 3), source: 'PROVIDER_WEBHOOK', reason: 'why' } as const
    expect(await move(db, id, { ...completed, connectionId })).toMatchObject({ status: 'AUTHORIZING' })

    expect(await findLinks(db, [id])).toMatchObject([
      { status: 'COMPLETED', connectionId, openedAt: later(1), statusChangedAt: later(3) },
    ])
    expect(await historyOf(db, [id])).toMatchObject([
      { number: 1, fromStatus: null, toStatus: 'CREATED', source: 'API_CALL' },
      { number: 2, fromStatus: 'CREATED', toStatus: 'OPENED', at: later(1) },
      { number: 3, fromStatus: 'OPENED', toStatus: 'AUTHORIZING' },
      { number: 4, toStatus: 'COMPLETED', source: 'PROVIDER_WEBHOOK', reason: 'why' },
    ])
  })

  test.each(['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const)(
    'a link that is %s never changes again',
    async (status) => {
      const db = await testDatabase()
      const link = await addLink(db, { status })

      for (const to of ['CREATED', 'OPENED', 'COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED'] as const) {
        expect(
          await move(db, link.id, { ...step(to, 1), connectionId: randomUUID() }),
          `to ${to}`,
        ).toBeUndefined()
      }

      expect(await findLinks(db, [link.id])).toEqual([link])
      expect(await historyOf(db, [link.id])).toHaveLength(1)
    },
  )

  test('that has been seen on its way counts as opened, and one that ended unseen does not', async () => {
    const db = await testDatabase()
    const [returned, unseen] = [await addLink(db), await addLink(db)]
    await move(db, returned.id, step('AUTHORIZING', 1))
    await move(db, returned.id, step('FAILED', 2))
    await move(db, unseen.id, step('COMPLETED', 1))

    expect(await findLinks(db, [returned.id])).toMatchObject([{ openedAt: later(1) }])
    expect(await findLinks(db, [unseen.id])).toMatchObject([{ openedAt: null }])
  })

  test.each([
    ['OPENED', {}, null, 'two seconds'],
    ['EXPIRED', {}, null, 'a calm moment'],
    ['FAILED', {}, 'WHY', 'a calm moment'],
    ['FAILED', {}, 'AMBIGUOUS', 'never'],
    ['COMPLETED', {}, null, 'never'],
    ['REVOKED', {}, null, 'a calm moment'],
    ['EXPIRED', { watchUntil: later(1) }, null, 'never'],
    ['EXPIRED', { purpose: 'RECONNECT' }, null, 'never'],
    ['REVOKED', { purpose: 'RECONNECT' }, null, 'never'],
    ['OPENED', { purpose: 'RECONNECT' }, null, 'two seconds'],
  ] as const)('to %s (%o, reason %s) is followed by a look after %s', async (to, changes, reason, pause) => {
    const db = await testDatabase()
    const { id } = await addLink(db, { watchUntil: later(600), ...changes })
    await move(db, id, { ...step(to, 1), reason })

    const [link] = await findLinks(db, [id])
    const soon = later(3)
    const found = link?.nextCheckAt ?? null
    if (pause === 'never') expect(found).toBeNull()
    else if (pause === 'two seconds') expect(found).toEqual(soon)
    else expect(found?.getTime()).toBeGreaterThan(soon.getTime())
  })

  test('of many moves at once that end it, one wins', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    const ends = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const

    const moved = await Promise.all(ends.map((to) => move(db, id, step(to, 1))))

    expect(moved.filter((before) => before !== undefined)).toHaveLength(1)
    expect(await historyOf(db, [id])).toMatchObject([{ number: 1 }, { number: 2, fromStatus: 'CREATED' }])
  })

  test('that does not exist does nothing', async () => {
    expect(await move(await testDatabase(), randomUUID(), step('COMPLETED', 1))).toBeUndefined()
  })
})
