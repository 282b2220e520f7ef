import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { findCompetingLinks, findOpenReconnects, findRemoteGroups } from '../../src/store/connect-links.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, later, origin, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

describe('findCompetingLinks', () => {
  test('returns the links without a connection that one new connection could belong to', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { remoteGroup: 'g1' })
    const competing = await addLink(db, { remoteGroup: 'g1', endUserId: 'user-2', status: 'OPENED' })
    await addLink(db, { remoteGroup: 'g2' })
    await addLink(db, { remoteGroup: null })
    await addLink(db, { remoteGroup: 'g1', connectorKey: 'github' })
    await addLink(db, { remoteGroup: 'g1', direction: 'DESTINATION' })
    await addLink(db, { remoteGroup: 'g1', accountKey: 'another account' })
    const expired = { remoteGroup: 'g1', status: 'EXPIRED', statusChangedAt: later(-60) } as const
    const stillChecked = await addLink(db, { ...expired, nextCheckAt: later(60) })
    const endedLater = await addLink(db, { ...expired, statusChangedAt: later(1), nextCheckAt: null })
    await addLink(db, { ...expired, nextCheckAt: null })
    await addLink(db, { ...expired, status: 'COMPLETED', nextCheckAt: later(60) })
    await addLink(db, { ...expired, nextCheckAt: later(60), connectionId: randomUUID() })
    await addLink(db, { remoteGroup: 'g1', purpose: 'RECONNECT' })

    const found = (await findCompetingLinks(db, link)).map(({ id }) => id)
    expect(found.toSorted()).toEqual([competing.id, stillChecked.id, endedLater.id].toSorted())
  })

  test('returns links without a group for a link without a group', async () => {
    const db = await testDatabase()
    const [link, competing] = [await addLink(db), await addLink(db)]
    await addLink(db, { remoteGroup: 'g1' })

    expect((await findCompetingLinks(db, link)).map(({ id }) => id)).toEqual([competing.id])
  })
})

describe('usedGroups', () => {
  test('returns each group of an account once, including those of ended links', async () => {
    const db = await testDatabase()
    for (const remoteGroup of ['g1', 'g1', null, 'g2']) await addLink(db, { remoteGroup, status: 'EXPIRED' })
    await addLink(db, { remoteGroup: 'g3', accountKey: 'another account' })

    expect((await findRemoteGroups(db, accountKey)).toSorted()).toEqual(['g1', 'g2'])
  })

  test('returns the groups of connections that are not disconnected, even if their links were deleted', async () => {
    const db = await testDatabase()
    await addLink(db, { remoteGroup: 'g1' })
    await saveOne(db, { remoteGroup: 'g1' })
    await saveOne(db, { remoteId: 'remote-2', remoteGroup: 'g2' })
    await saveOne(db, { remoteId: 'gone', remoteGroup: 'g3', status: 'DISCONNECTED' })
    await saveOne(db, { remoteGroup: 'g4' }, { ...origin(), accountKey: 'another account' })

    expect((await findRemoteGroups(db, accountKey)).toSorted()).toEqual(['g1', 'g2'])
  })
})

describe('findOpenReconnects', () => {
  test('returns only the open RECONNECT links of the connection', async () => {
    const db = await testDatabase()
    const connectionId = randomUUID()
    const reconnect = { connectionId, purpose: 'RECONNECT' } as const
    const open = [await addLink(db, reconnect), await addLink(db, { ...reconnect, status: 'AUTHORIZING' })]
    await addLink(db, { ...reconnect, status: 'SUPERSEDED' })
    await addLink(db, { ...reconnect, connectionId: randomUUID() })
    await addLink(db, { connectionId, purpose: 'CONNECT', status: 'COMPLETED' })

    const found = (await findOpenReconnects(db, connectionId)).map(({ id }) => id)
    expect(found.toSorted()).toEqual(open.map(({ id }) => id).toSorted())
  })
})
