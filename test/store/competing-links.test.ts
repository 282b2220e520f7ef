import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { findOpenedLinks, findOwnCompetingLinks } from '../../src/store/competing-links.ts'
import type { ConnectLinkRow } from '../../src/store/schema.ts'
import { testDatabase } from '../helpers/database.ts'
import { addLink, later } from './rows.ts'

beforeAll(() => testDatabase())

const idsOf = (links: readonly ConnectLinkRow[]) => links.map(({ id }) => id).toSorted()

/** Links through which no connection of the same kind as that of a link with this group can be made. */
const otherKinds: readonly Partial<ConnectLinkRow>[] = [
  { remoteGroup: 'g2' },
  { remoteGroup: null },
  { remoteGroup: 'g1', connectorKey: 'github' },
  { remoteGroup: 'g1', direction: 'DESTINATION' },
  { remoteGroup: 'g1', accountKey: 'another account' },
  { remoteGroup: 'g1', purpose: 'RECONNECT' },
  { remoteGroup: 'g1', connectionId: randomUUID() },
]

describe('findOwnCompetingLinks', () => {
  test('returns the other links of the end user through which the connection can have been made', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { remoteGroup: 'g1' })
    const competing = await addLink(db, { remoteGroup: 'g1', status: 'OPENED' })
    for (const changes of otherKinds)
      await addLink(db, { ...changes, connectionId: changes.connectionId ?? null })
    await addLink(db, { remoteGroup: 'g1', endUserId: 'user-2' })
    const expired = { remoteGroup: 'g1', status: 'EXPIRED', statusChangedAt: later(-60) } as const
    const stillChecked = await addLink(db, { ...expired, nextCheckAt: later(60) })
    const endedLater = await addLink(db, { ...expired, statusChangedAt: later(1), nextCheckAt: null })
    await addLink(db, { ...expired, nextCheckAt: null })
    await addLink(db, { ...expired, status: 'COMPLETED', nextCheckAt: later(60) })

    const found = await findOwnCompetingLinks(db, link)
    expect(idsOf(found)).toEqual([competing.id, stillChecked.id, endedLater.id].toSorted())
  })
})

describe('findOpenedLinks', () => {
  const opened = { status: 'OPENED', openedAt: later(10) } as const

  test('returns the links of any end user that were opened or returned and can have made the connection', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { remoteGroup: 'g1', ...opened, returnedAt: later(30) })
    for (const changes of otherKinds) await addLink(db, { ...opened, ...changes })
    const found = [
      await addLink(db, { remoteGroup: 'g1', ...opened, endUserId: 'user-2' }),
      await addLink(db, { remoteGroup: 'g1', ...opened, status: 'EXPIRED', statusChangedAt: later(60) }),
      await addLink(db, { remoteGroup: 'g1', returnedAt: later(20) }),
    ]
    await addLink(db, { remoteGroup: 'g1' })
    await addLink(db, { remoteGroup: 'g1', ...opened, status: 'EXPIRED', statusChangedAt: later(-60) })

    const ids = (await findOpenedLinks(db, link)).map(({ id }) => id)
    expect(ids.toSorted()).toEqual([link, ...found].map(({ id }) => id).toSorted())
  })

  test('dates them by the first opening, even if they were opened again', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { openedAt: later(500) })
    for (const [number, seconds] of [
      [2, 10],
      [3, 500],
    ] as const)
      await db
        .insertInto('linkTransitions')
        .values({
          linkId: link.id,
          number,
          fromStatus: 'CREATED',
          toStatus: 'OPENED',
          at: later(seconds),
          source: 'HOSTED_PAGE',
          reason: null,
          failureCode: null,
          failureMessage: null,
        })
        .execute()
    const visitedDirectly = await addLink(db, { returnedAt: later(1) })

    const rows = await findOpenedLinks(db, link)
    expect(new Map(rows.map(({ id, openedAt }) => [id, openedAt]))).toEqual(
      new Map([
        [link.id, later(10)],
        [visitedDirectly.id, visitedDirectly.createdAt],
      ]),
    )
  })
})
