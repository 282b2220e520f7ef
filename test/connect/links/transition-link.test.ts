import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type TransitionRequest, transitionLink } from '../../../src/connect/links/transition-link.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import { findLinks } from '../../../src/store/connect-links.ts'
import type { Database } from '../../../src/store/database.ts'
import { findTransitions } from '../../../src/store/link-history.ts'
import { testDatabase } from '../../helpers/database.ts'
import { addLink, later } from '../../store/rows.ts'

beforeAll(() => testDatabase())

const step = (toStatus: LinkStatus, seconds: number) =>
  ({ toStatus, at: later(seconds), source: 'PROVIDER_POLL', reason: null }) as const

const transition = (db: Database, id: string, request: TransitionRequest) =>
  db.transaction().execute((transaction) => transitionLink(transaction, id, request))

describe('transitionLink', () => {
  test('changes the status and inserts a numbered history row each time', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    const connectionId = randomUUID()

    expect(await transition(db, id, step('OPENED', 1))).toMatchObject({ status: 'CREATED' })
    expect(await transition(db, id, step('AUTHORIZING', 2))).toMatchObject({ status: 'OPENED' })
    const completed = { ...step('COMPLETED', 3), source: 'PROVIDER_WEBHOOK', reason: 'why' } as const
    expect(await transition(db, id, { ...completed, connectionId })).toMatchObject({ status: 'AUTHORIZING' })

    expect(await findLinks(db, [id])).toMatchObject([
      { status: 'COMPLETED', connectionId, openedAt: later(1), statusChangedAt: later(3) },
    ])
    expect(await findTransitions(db, [id])).toMatchObject([
      { number: 1, fromStatus: null, toStatus: 'CREATED', source: 'API_CALL' },
      { number: 2, fromStatus: 'CREATED', toStatus: 'OPENED', at: later(1) },
      { number: 3, fromStatus: 'OPENED', toStatus: 'AUTHORIZING' },
      { number: 4, toStatus: 'COMPLETED', source: 'PROVIDER_WEBHOOK', reason: 'why' },
    ])
  })

  test.each(['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const)(
    'never changes a link that is %s',
    async (status) => {
      const db = await testDatabase()
      const link = await addLink(db, { status })

      for (const to of ['CREATED', 'OPENED', 'COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED'] as const) {
        expect(
          await transition(db, link.id, { ...step(to, 1), connectionId: randomUUID() }),
          `to ${to}`,
        ).toBeUndefined()
      }

      expect(await findLinks(db, [link.id])).toMatchObject([link])
      expect(await findTransitions(db, [link.id])).toHaveLength(1)
    },
  )

  test('sets `openedAt` for AUTHORIZING, and not for a link that ends without a visit', async () => {
    const db = await testDatabase()
    const [returned, unvisited] = [await addLink(db), await addLink(db)]
    await transition(db, returned.id, step('AUTHORIZING', 1))
    await transition(db, returned.id, step('FAILED', 2))
    await transition(db, unvisited.id, step('COMPLETED', 1))

    expect(await findLinks(db, [returned.id])).toMatchObject([{ openedAt: later(1) }])
    expect(await findLinks(db, [unvisited.id])).toMatchObject([{ openedAt: null }])
  })

  test.each([
    ['OPENED', {}, null, 'in two seconds'],
    ['EXPIRED', {}, null, 'later'],
    ['FAILED', {}, 'WHY', 'later'],
    ['COMPLETED', {}, null, 'never'],
    ['REVOKED', {}, null, 'later'],
    ['EXPIRED', { watchUntil: later(1) }, null, 'never'],
    ['EXPIRED', { purpose: 'RECONNECT' }, null, 'never'],
    ['REVOKED', { purpose: 'RECONNECT' }, null, 'never'],
    ['OPENED', { purpose: 'RECONNECT' }, null, 'in two seconds'],
  ] as const)('to %s (%o, reason %s) schedules the next check: %s', async (to, changes, reason, when) => {
    const db = await testDatabase()
    const { id } = await addLink(db, { watchUntil: later(600), ...changes })
    await transition(db, id, { ...step(to, 1), reason })

    const [link] = await findLinks(db, [id])
    const soon = later(3)
    const found = link?.nextCheckAt ?? null
    if (when === 'never') expect(found).toBeNull()
    else if (when === 'in two seconds') expect(found).toEqual(soon)
    else expect(found?.getTime()).toBeGreaterThan(soon.getTime())
  })

  test('applies only one of several concurrent final transitions', async () => {
    const db = await testDatabase()
    const { id } = await addLink(db)
    const ends = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const

    const results = await Promise.all(ends.map((to) => transition(db, id, step(to, 1))))

    expect(results.filter((before) => before !== undefined)).toHaveLength(1)
    expect(await findTransitions(db, [id])).toMatchObject([
      { number: 1 },
      { number: 2, fromStatus: 'CREATED' },
    ])
  })

  test('returns undefined for a link that does not exist', async () => {
    expect(await transition(await testDatabase(), randomUUID(), step('COMPLETED', 1))).toBeUndefined()
  })
})
