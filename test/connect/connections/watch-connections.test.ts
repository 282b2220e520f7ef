import { beforeAll, describe, expect, test } from 'vitest'
import { watchConnections } from '../../../src/connect/connections/watch-connections.ts'
import { upsertConnections } from '../../../src/store/upsert-connections.ts'
import { testDatabase } from '../../helpers/database.ts'
import { otherEndUser, take } from '../observe.ts'
import { openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

describe('watchConnections', () => {
  test('yields changes of connections that the viewer may read and the filter matches', async () => {
    const { context, db, provider, clock } = await openConnect()
    const stop = new AbortController()
    const filtered = watchConnections(context, viewer, { endUserId: 'user-1', signal: stop.signal })
    const ofOther = watchConnections(context, otherEndUser, { endUserId: null, signal: stop.signal })
    const [first, firstOfOther] = [filtered.next(), ofOther.next()]
    const save = (remoteId: string, endUserId: string, name: string) =>
      upsertConnections(db, { provider: provider.key, accountKey: provider.accountKey, now: clock.now() }, [
        connection(remoteId, { endUserId, name }),
      ])
    await save('c2', 'user-2', 'Two')
    await save('c1', 'user-1', 'One')
    clock.advance(1)
    await save('c1', 'user-1', 'One')
    await save('c1', 'user-1', 'Renamed')

    expect((await first).value).toMatchObject({ remoteId: 'c1', name: expect.any(String) })
    expect(await take(filtered, 1)).toMatchObject([{ remoteId: 'c1', name: 'Renamed' }])
    expect((await firstOfOther).value).toMatchObject({ remoteId: 'c2', endUserId: 'user-2' })
    stop.abort()
    expect(await ofOther.next()).toMatchObject({ done: true })
  })
})
