import { sql } from 'kysely'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { watchConnections } from '../../src/connect/connections/watch-connections.ts'
import type { ConnectContext } from '../../src/connect/context.ts'
import { createEvents } from '../../src/connect/events.ts'
import { transitionLink } from '../../src/connect/links/transition-link.ts'
import { type LinkSnapshot, watchLink, watchLinks } from '../../src/connect/links/watch-links.ts'
import type { LinkStatus } from '../../src/domain/statuses.ts'
import type { Listener } from '../../src/store/listen.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { type OpenConnect, openConnect, viewer } from './open.ts'
import { connection } from './script.ts'

beforeAll(() => testDatabase())

/** A gateway whose line to the store the test holds in its hand: nothing is heard unless it says so. */
async function withLine() {
  const opened = await openConnect()
  let line: Listener | undefined
  const events = await createEvents({
    db: opened.db,
    announcements: {
      async listen(listener) {
        line = listener
        return async () => undefined
      },
    },
    now: opened.now,
  })
  const context: ConnectContext = { ...opened.context, events }
  const say = (text: string) => line?.onMessage(text)
  return { ...opened, context, say, gap: () => line?.onReconnect() }
}

async function move({ db, now }: Pick<OpenConnect, 'db' | 'now'>, id: string, toStatus: LinkStatus) {
  const step = { toStatus, at: now(), source: 'API_CALL', reason: null } as const
  await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
}

/** Gathers what is shown until the test stops it. */
function gather(shown: AsyncGenerator<LinkSnapshot>) {
  const seen: string[] = []
  const done = (async () => {
    for await (const { step, status } of shown) seen.push(`${step} ${status}`)
  })()
  return { seen, done }
}

describe('a line that was cut', () => {
  test('has a watcher of a link miss nothing and hear nothing twice', async () => {
    const here = await withLine()
    const id = await here.createLink('user-1')
    const stop = new AbortController()
    const { seen, done } = gather(watchLink(here.context, viewer, { linkId: id, signal: stop.signal }))
    await vi.waitFor(() => expect(seen).toEqual(['1 CREATED']))
    await move(here, id, 'OPENED')
    here.clock.advance(60)
    await move(here, id, 'AUTHORIZING')
    here.gap()
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    here.gap()
    here.say(`link ${id} 3`)
    await move(here, id, 'FAILED')
    here.say(`link ${id} 4`)
    await done

    expect(seen).toEqual(['1 CREATED', '2 OPENED', '3 AUTHORIZING', '4 FAILED'])
  })

  test('has a watcher of all links miss nothing and hear nothing twice', async () => {
    const here = await withLine()
    const stop = new AbortController()
    const { seen, done } = gather(watchLinks(here.context, viewer, stop.signal))
    const id = await here.createLink('user-1')
    here.say(`link ${id} 1`)
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    await move(here, id, 'OPENED')
    here.clock.advance(60)
    await move(here, id, 'FAILED')
    here.gap()
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    here.gap()
    here.gap()
    const last = await here.createLink('user-2')
    here.say(`link ${last} 1`)
    await vi.waitFor(() => expect(seen).toHaveLength(4))
    stop.abort()
    await done

    expect(seen).toEqual(['1 CREATED', '2 OPENED', '3 FAILED', '1 CREATED'])
  })

  test('does not hide the steps before the first one that is heard again', async () => {
    const here = await withLine()
    const id = await here.createLink('user-1')
    here.clock.advance(1)
    const stop = new AbortController()
    const { seen, done } = gather(watchLinks(here.context, viewer, stop.signal))
    await move(here, id, 'OPENED')
    await move(here, id, 'FAILED')
    // The line is back, and the newest step is heard before the gap has been filled.
    here.gap()
    here.say(`link ${id} 3`)
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0))
    const last = await here.createLink('user-2')
    here.say(`link ${last} 1`)
    await vi.waitFor(() => expect(seen).toContain('1 CREATED'))
    stop.abort()
    await done

    expect(seen).toEqual(['2 OPENED', '3 FAILED', '1 CREATED'])
  })

  test('has a watcher of connections hear of what has changed', async () => {
    const here = await withLine()
    const stop = new AbortController()
    const changes = watchConnections(here.context, viewer, { endUserId: null, signal: stop.signal })
    const first = changes.next()
    const id = await here.createLink('user-1')
    here.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    await here.settled(id)
    here.clock.advance(60)
    here.gap()

    expect((await first).value).toMatchObject({ remoteId: 'c1', endUserId: 'user-1' })
    stop.abort()
  })
})

onPostgres('the line to PostgreSQL is mended when it is cut, and a watcher misses nothing', async () => {
  const here = await openConnect()
  const id = await here.createLink('user-1')
  const stop = new AbortController()
  const { seen, done } = gather(watchLink(here.context, viewer, { linkId: id, signal: stop.signal }))
  await vi.waitFor(() => expect(seen).toEqual(['1 CREATED']))
  const listeners = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()`
  const { rows } = await listeners.execute(here.db)
  expect(rows.length).toBeGreaterThan(0)
  await move(here, id, 'OPENED')
  await vi.waitFor(() => expect(seen).toEqual(['1 CREATED', '2 OPENED']), { timeout: 10_000 })
  await move(here, id, 'AUTHORIZING')
  await move(here, id, 'COMPLETED')
  await done

  expect(seen).toEqual(['1 CREATED', '2 OPENED', '3 AUTHORIZING', '4 COMPLETED'])
})
