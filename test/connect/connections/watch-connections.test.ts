import { beforeAll, describe, expect, test } from 'vitest'
import { watchConnections } from '../../../src/connect/connections/watch-connections.ts'
import { upsertConnections } from '../../../src/store/upsert-connections.ts'
import { testDatabase } from '../../helpers/database.ts'
import { nextOf, somebodyElse } from '../observe.ts'
import { openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

describe('watching connections', () => {
  test('shows the changes of those that the watcher may see and asked for', async () => {
    const { context, db, provider, clock } = await openConnect()
    const stop = new AbortController()
    const heard = watchConnections(context, viewer, { endUserId: 'user-1', signal: stop.signal })
    const theirs = watchConnections(context, somebodyElse, { endUserId: null, signal: stop.signal })
    const [first, firstTheirs] = [heard.next(), theirs.next()]
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
    expect(await nextOf(heard, 1)).toMatchObject([{ remoteId: 'c1', name: 'Renamed' }])
    expect((await firstTheirs).value).toMatchObject({ remoteId: 'c2', endUserId: 'user-2' })
    stop.abort()
    expect(await theirs.next()).toMatchObject({ done: true })
  })
})
