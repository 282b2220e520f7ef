import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { findOpenReconnects, findRemoteGroups } from '../../src/store/connect-links.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, origin, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

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
