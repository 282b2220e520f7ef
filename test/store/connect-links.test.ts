import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { findCompetingLinks, findOpenReconnects, usedGroups } from '../../src/store/connect-links.ts'
import { testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, later, origin, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

describe('what links are asked for', () => {
  test('rivals are the links without a connection that one new connection could belong to', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { remoteGroup: 'g1' })
    const rival = await addLink(db, { remoteGroup: 'g1', endUserId: 'user-2', status: 'OPENED' })
    await addLink(db, { remoteGroup: 'g2' })
    await addLink(db, { remoteGroup: null })
    await addLink(db, { remoteGroup: 'g1', connectorKey: 'github' })
    await addLink(db, { remoteGroup: 'g1', direction: 'DESTINATION' })
    await addLink(db, { remoteGroup: 'g1', accountKey: 'another account' })
    const watched = { remoteGroup: 'g1', status: 'EXPIRED', statusChangedAt: later(-60) } as const
    const looked = await addLink(db, { ...watched, nextCheckAt: later(60) })
    const since = await addLink(db, { ...watched, statusChangedAt: later(1), nextCheckAt: null })
    await addLink(db, { ...watched, nextCheckAt: null })
    await addLink(db, { ...watched, status: 'COMPLETED', nextCheckAt: later(60) })
    await addLink(db, { ...watched, nextCheckAt: later(60), connectionId: randomUUID() })
    await addLink(db, { remoteGroup: 'g1', purpose: 'RECONNECT' })

    const rivals = (await findCompetingLinks(db, link)).map(({ id }) => id)
    expect(rivals.toSorted()).toEqual([rival.id, looked.id, since.id].toSorted())
  })

  test('without a group, links without a group are rivals', async () => {
    const db = await testDatabase()
    const [link, rival] = [await addLink(db), await addLink(db)]
    await addLink(db, { remoteGroup: 'g1' })

    expect((await findCompetingLinks(db, link)).map(({ id }) => id)).toEqual([rival.id])
  })

  test('the groups of a scope are named once, ended links included', async () => {
    const db = await testDatabase()
    for (const remoteGroup of ['g1', 'g1', null, 'g2']) await addLink(db, { remoteGroup, status: 'EXPIRED' })
    await addLink(db, { remoteGroup: 'g3', accountKey: 'another account' })

    expect((await usedGroups(db, accountKey)).toSorted()).toEqual(['g1', 'g2'])
  })

  test('a group in which connections still are is named when the links to them are forgotten', async () => {
    const db = await testDatabase()
    await addLink(db, { remoteGroup: 'g1' })
    await saveOne(db, { remoteGroup: 'g1' })
    await saveOne(db, { remoteId: 'remote-2', remoteGroup: 'g2' })
    await saveOne(db, { remoteId: 'gone', remoteGroup: 'g3', status: 'DISCONNECTED' })
    await saveOne(db, { remoteGroup: 'g4' }, { ...origin(), accountKey: 'another account' })

    expect((await usedGroups(db, accountKey)).toSorted()).toEqual(['g1', 'g2'])
  })

  test('those that renew a connection are its open reconnects alone', async () => {
    const db = await testDatabase()
    const connectionId = randomUUID()
    const renewing = { connectionId, purpose: 'RECONNECT' } as const
    const open = [await addLink(db, renewing), await addLink(db, { ...renewing, status: 'AUTHORIZING' })]
    await addLink(db, { ...renewing, status: 'SUPERSEDED' })
    await addLink(db, { ...renewing, connectionId: randomUUID() })
    await addLink(db, { connectionId, purpose: 'CONNECT', status: 'COMPLETED' })

    const found = (await findOpenReconnects(db, connectionId)).map(({ id }) => id)
    expect(found.toSorted()).toEqual(open.map(({ id }) => id).toSorted())
  })
})
