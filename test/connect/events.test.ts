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

/** A gateway whose notifications the test controls: none arrives unless the test calls `notify`. */
async function openWithNotifications() {
  const opened = await openConnect()
  let listener: Listener | undefined
  const events = await createEvents({
    db: opened.db,
    announcements: {
      async listen(given) {
        listener = given
        return async () => undefined
      },
    },
    log: opened.context.log,
    now: opened.now,
  })
  const context: ConnectContext = { ...opened.context, events }
  return {
    ...opened,
    context,
    notify: (text: string) => listener?.onMessage(text),
    reconnect() {
      listener?.onListening(false)
      listener?.onListening(true)
    },
  }
}

async function transition({ db, now }: Pick<OpenConnect, 'db' | 'now'>, id: string, toStatus: LinkStatus) {
  const step = { toStatus, at: now(), source: 'API_CALL', reason: null } as const
  await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
}

/** Collects the snapshots until the iteration ends. */
function collect(snapshots: AsyncGenerator<LinkSnapshot>) {
  const seen: string[] = []
  const done = (async () => {
    for await (const { historyNumber: step, status } of snapshots) seen.push(`${step} ${status}`)
  })()
  return { seen, done }
}

describe('after a lost database connection', () => {
  test('a watcher of one link gets every transition exactly once', async () => {
    const opened = await openWithNotifications()
    const id = await opened.createLink('user-1')
    const stop = new AbortController()
    const { seen, done } = collect(watchLink(opened.context, viewer, { linkId: id, signal: stop.signal }))
    await vi.waitFor(() => expect(seen).toEqual(['1 CREATED']))
    await transition(opened, id, 'OPENED')
    opened.clock.advance(60)
    await transition(opened, id, 'AUTHORIZING')
    opened.reconnect()
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    opened.reconnect()
    opened.notify(`link ${id} 3`)
    await transition(opened, id, 'FAILED')
    opened.notify(`link ${id} 4`)
    await done

    expect(seen).toEqual(['1 CREATED', '2 OPENED', '3 AUTHORIZING', '4 FAILED'])
  })

  test('a watcher of all links gets every transition exactly once', async () => {
    const opened = await openWithNotifications()
    const stop = new AbortController()
    const { seen, done } = collect(watchLinks(opened.context, viewer, stop.signal))
    const id = await opened.createLink('user-1')
    opened.notify(`link ${id} 1`)
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    await transition(opened, id, 'OPENED')
    opened.clock.advance(60)
    await transition(opened, id, 'FAILED')
    opened.reconnect()
    await vi.waitFor(() => expect(seen).toHaveLength(3))
    opened.reconnect()
    opened.reconnect()
    const last = await opened.createLink('user-2')
    opened.notify(`link ${last} 1`)
    await vi.waitFor(() => expect(seen).toHaveLength(4))
    stop.abort()
    await done

    expect(seen).toEqual(['1 CREATED', '2 OPENED', '3 FAILED', '1 CREATED'])
  })

  test('the missed transitions come before the first new one', async () => {
    const opened = await openWithNotifications()
    const id = await opened.createLink('user-1')
    opened.clock.advance(1)
    const stop = new AbortController()
    const { seen, done } = collect(watchLinks(opened.context, viewer, stop.signal))
    await transition(opened, id, 'OPENED')
    await transition(opened, id, 'FAILED')
    // The newest transition is notified before the catch-up has finished.
    opened.reconnect()
    opened.notify(`link ${id} 3`)
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0))
    const last = await opened.createLink('user-2')
    opened.notify(`link ${last} 1`)
    await vi.waitFor(() => expect(seen).toContain('1 CREATED'))
    stop.abort()
    await done

    expect(seen).toEqual(['2 OPENED', '3 FAILED', '1 CREATED'])
  })

  test('a watcher of connections gets the missed changes', async () => {
    const opened = await openWithNotifications()
    const stop = new AbortController()
    const changes = watchConnections(opened.context, viewer, { endUserId: null, signal: stop.signal })
    const first = changes.next()
    const id = await opened.createLink('user-1')
    opened.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    await opened.refreshLink(id)
    opened.clock.advance(60)
    opened.reconnect()

    expect((await first).value).toMatchObject({ remoteId: 'c1', endUserId: 'user-1' })
    stop.abort()
  })
})

onPostgres(
  'the LISTEN connection reconnects after it is terminated, and a watcher misses nothing',
  async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    const stop = new AbortController()
    const { seen, done } = collect(watchLink(opened.context, viewer, { linkId: id, signal: stop.signal }))
    await vi.waitFor(() => expect(seen).toEqual(['1 CREATED']))
    const terminate = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()`
    const { rows } = await terminate.execute(opened.db)
    expect(rows.length).toBeGreaterThan(0)
    await transition(opened, id, 'OPENED')
    await vi.waitFor(() => expect(seen).toEqual(['1 CREATED', '2 OPENED']), { timeout: 10_000 })
    await transition(opened, id, 'AUTHORIZING')
    await transition(opened, id, 'COMPLETED')
    await done

    expect(seen).toEqual(['1 CREATED', '2 OPENED', '3 AUTHORIZING', '4 COMPLETED'])
  },
)
