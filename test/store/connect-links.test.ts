import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { groupsUsed, openReconnectsOf, rivalsOf } from '../../src/store/connect-links.ts'
import { testDatabase } from '../helpers/database.ts'
import { addLink, later, origin, saveOne, scope } from './rows.ts'

beforeAll(() => testDatabase())

describe('what links are asked for', () => {
  test('rivals are the links without a connection that one new connection could belong to', async () => {
    const db = await testDatabase()
    const link = await addLink(db, { remote_group: 'g1' })
    const rival = await addLink(db, { remote_group: 'g1', end_user_id: 'user-2', status: 'OPENED' })
    await addLink(db, { remote_group: 'g2' })
    await addLink(db, { remote_group: null })
    await addLink(db, { remote_group: 'g1', connector_key: 'github' })
    await addLink(db, { remote_group: 'g1', direction: 'DESTINATION' })
    await addLink(db, { remote_group: 'g1', scope: 'another account' })
    const watched = { remote_group: 'g1', status: 'EXPIRED', moved_at: later(-60) } as const
    const looked = await addLink(db, { ...watched, next_check_at: later(60) })
    const since = await addLink(db, { ...watched, moved_at: later(1), next_check_at: null })
    await addLink(db, { ...watched, next_check_at: null })
    await addLink(db, { ...watched, status: 'COMPLETED', next_check_at: later(60) })
    await addLink(db, { ...watched, next_check_at: later(60), connection_id: randomUUID() })
    await addLink(db, { remote_group: 'g1', purpose: 'RECONNECT' })

    const rivals = (await rivalsOf(db, link)).map(({ id }) => id)
    expect(rivals.toSorted()).toEqual([rival.id, looked.id, since.id].toSorted())
  })

  test('without a group, links without a group are rivals', async () => {
    const db = await testDatabase()
    const [link, rival] = [await addLink(db), await addLink(db)]
    await addLink(db, { remote_group: 'g1' })

    expect((await rivalsOf(db, link)).map(({ id }) => id)).toEqual([rival.id])
  })

  test('the groups of a scope are named once, ended links included', async () => {
    const db = await testDatabase()
    for (const remote_group of ['g1', 'g1', null, 'g2'])
      await addLink(db, { remote_group, status: 'EXPIRED' })
    await addLink(db, { remote_group: 'g3', scope: 'another account' })

    expect((await groupsUsed(db, scope)).toSorted()).toEqual(['g1', 'g2'])
  })

  test('a group in which connections still are is named when the links to them are forgotten', async () => {
    const db = await testDatabase()
    await addLink(db, { remote_group: 'g1' })
    await saveOne(db, { remoteGroup: 'g1' })
    await saveOne(db, { remoteId: 'remote-2', remoteGroup: 'g2' })
    await saveOne(db, { remoteId: 'gone', remoteGroup: 'g3', status: 'DISCONNECTED' })
    await saveOne(db, { remoteGroup: 'g4' }, { ...origin(), scope: 'another account' })

    expect((await groupsUsed(db, scope)).toSorted()).toEqual(['g1', 'g2'])
  })

  test('those that renew a connection are its open reconnects alone', async () => {
    const db = await testDatabase()
    const connection_id = randomUUID()
    const renewing = { connection_id, purpose: 'RECONNECT' } as const
    const open = [await addLink(db, renewing), await addLink(db, { ...renewing, status: 'AUTHORIZING' })]
    await addLink(db, { ...renewing, status: 'SUPERSEDED' })
    await addLink(db, { ...renewing, connection_id: randomUUID() })
    await addLink(db, { connection_id, purpose: 'CONNECT', status: 'COMPLETED' })

    const found = (await openReconnectsOf(db, connection_id)).map(({ id }) => id)
    expect(found.toSorted()).toEqual(open.map(({ id }) => id).toSorted())
  })
})
