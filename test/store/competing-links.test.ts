import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { findOwnCompetingLinks, findReturnedLinks } from '../../src/store/competing-links.ts'
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

describe('findReturnedLinks', () => {
  test('returns the links, of any end user and status, whose browser returned between the two times', async () => {
    const db = await testDatabase()
    const range = { from: later(0), to: later(60) }
    const link = await addLink(db, { remoteGroup: 'g1', returnedAt: later(30) })
    for (const changes of otherKinds) await addLink(db, { ...changes, returnedAt: later(30) })
    const returned = [
      await addLink(db, { remoteGroup: 'g1', endUserId: 'user-2', returnedAt: later(0) }),
      await addLink(db, { remoteGroup: 'g1', status: 'EXPIRED', returnedAt: later(60) }),
    ]
    for (const returnedAt of [null, later(-1), later(61)])
      await addLink(db, { remoteGroup: 'g1', returnedAt })

    expect(idsOf(await findReturnedLinks(db, link, range))).toEqual(returned.map(({ id }) => id).toSorted())
  })

  test('returns links without a group for a link without a group', async () => {
    const db = await testDatabase()
    const [link, other] = [await addLink(db), await addLink(db, { returnedAt: later(1) })]

    expect(idsOf(await findReturnedLinks(db, link, { from: later(0), to: later(60) }))).toEqual([other.id])
  })
})
