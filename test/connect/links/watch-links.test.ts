import { beforeAll, describe, expect, test } from 'vitest'
import type { ConnectContext } from '../../../src/connect/context.ts'
import { createEvents } from '../../../src/connect/events.ts'
import { transitionLink } from '../../../src/connect/links/transition-link.ts'
import { type LinkSnapshot, watchLink, watchLinks } from '../../../src/connect/links/watch-links.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import type { Viewer } from '../../../src/domain/viewer.ts'
import { testDatabase } from '../../helpers/database.ts'
import { otherEndUser, take } from '../observe.ts'
import { type OpenConnect, openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

async function transition({ db, now }: OpenConnect, id: string, toStatus: LinkStatus): Promise<void> {
  const step = { toStatus, at: now(), source: 'API_CALL', reason: null } as const
  await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
}

const describeSnapshot = ({ historyNumber: step, status }: LinkSnapshot) => `${step} ${status}`

async function collect(snapshots: AsyncGenerator<LinkSnapshot>): Promise<readonly string[]> {
  const all: string[] = []
  for await (const link of snapshots) all.push(describeSnapshot(link))
  return all
}

/** The context of another gateway on the same store. */
async function openSecondGateway({ context, store, now }: OpenConnect): Promise<ConnectContext> {
  return {
    ...context,
    events: await createEvents({ db: store.db, announcements: store, log: context.log, now }),
  }
}

const watch = (context: ConnectContext, linkId: string, as: Viewer = viewer) => {
  const stop = new AbortController()
  return { stop, snapshots: watchLink(context, as, { linkId, signal: stop.signal }) }
}

describe('watchLink', () => {
  test('yields the current state, then every transition once and in order, and ends after the final one', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    await transition(opened, id, 'OPENED')
    const { snapshots } = watch(opened.context, id)
    expect((await take(snapshots, 1)).map(describeSnapshot)).toEqual(['2 OPENED'])

    await transition(opened, id, 'AUTHORIZING')
    await transition(opened, id, 'OPENED')
    await transition(opened, id, 'FAILED')
    await transition(opened, id, 'COMPLETED')

    expect(await collect(snapshots)).toEqual(['3 AUTHORIZING', '4 FAILED'])
  })

  test('misses no transition before the first read or between two reads', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    const { snapshots } = watch(opened.context, id)
    await transition(opened, id, 'OPENED')
    const first = await snapshots.next()
    await transition(opened, id, 'AUTHORIZING')
    await transition(opened, id, 'EXPIRED')

    expect(first.value).toMatchObject({ status: 'OPENED', historyNumber: 2 })
    expect(await collect(snapshots)).toEqual(['3 AUTHORIZING', '4 EXPIRED'])
  })

  test('yields the state of an ended link and ends', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    await transition(opened, id, 'REVOKED')

    expect(await collect(watch(opened.context, id).snapshots)).toEqual(['2 REVOKED'])
  })

  test('yields `connectionId` with the final transition, not before', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    const { snapshots } = watch(opened.context, id)
    await snapshots.next()
    await opened.open(id)
    opened.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    const { connectionId } = await opened.refreshLink(id)

    expect(await take(snapshots, 2)).toMatchObject([
      { status: 'OPENED', connectionId: null },
      { status: 'COMPLETED', connectionId },
    ])
    expect(connectionId).not.toBeNull()
  })

  test.each([
    ['user-2', ['2 REVOKED']],
    ['user-1', []],
  ] as const)(
    'of a link of %s yields %j to user-2, and nothing for an unknown link',
    async (endUserId, expected) => {
      const opened = await openConnect()
      const id = await opened.createLink(endUserId)
      await transition(opened, id, 'REVOKED')

      const { snapshots } = watch(opened.context, id, otherEndUser)
      expect(await collect(snapshots)).toEqual(expected)
      const unknown = watch(opened.context, '00000000-0000-4000-8000-000000000000')
      expect(await collect(unknown.snapshots)).toEqual([])
    },
  )

  test('ends when its signal aborts', async () => {
    const opened = await openConnect()
    const { snapshots, stop } = watch(opened.context, await opened.createLink('user-1'))
    await snapshots.next()
    const waiting = snapshots.next()
    stop.abort()

    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  test('unsubscribes after the final transition', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    let subscriptions = 0
    const { events } = opened.context
    const linkTransitions: typeof events.linkTransitions = (linkId, signal) => {
      const iterator = events.linkTransitions(linkId, signal)
      subscriptions += 1
      return {
        ...iterator,
        async return() {
          subscriptions -= 1
          return { done: true, value: undefined }
        },
      }
    }
    const counted: ConnectContext = { ...opened.context, events: { ...events, linkTransitions } }
    const { snapshots } = watch(counted, id)
    await snapshots.next()
    await transition(opened, id, 'REVOKED')
    await collect(snapshots)

    expect(subscriptions).toBe(0)
  })
})

describe('two gateways on one store', () => {
  test('both notify their watchers of the transitions of the other one, once', async () => {
    const a = await openConnect()
    const b = await openSecondGateway(a)
    const id = await a.createLink('user-1')
    const [one, other] = [watch(a.context, id), watch(b, id)]
    for (const { snapshots } of [one, other]) await snapshots.next()
    await transition(a, id, 'OPENED')
    await transition(a, id, 'COMPLETED')

    const expected = ['2 OPENED', '3 COMPLETED']
    expect(await collect(one.snapshots)).toEqual(expected)
    expect(await collect(other.snapshots)).toEqual(expected)
    await b.events.close()
  })
})

describe('watchLinks', () => {
  test('yields every transition of every link from now on, once, to viewers that may read it', async () => {
    const opened = await openConnect()
    const stop = new AbortController()
    const all = watchLinks(opened.context, viewer, stop.signal)
    const own = watchLinks(opened.context, otherEndUser, stop.signal)
    // The subscription starts at the first `next`.
    const [first, firstOwn] = [all.next(), own.next()]
    const ofUser1 = await opened.createLink('user-1')
    const ofUser2 = await opened.createLink('user-2')
    await transition(opened, ofUser1, 'OPENED')
    await transition(opened, ofUser2, 'EXPIRED')

    const ofAll = [(await first).value, ...(await take(all, 3))]
    const transitionsOf = (user: string) =>
      ofAll.flatMap((link) => (link && link.endUserId === user ? [describeSnapshot(link)] : []))
    expect(transitionsOf('user-1')).toEqual(['1 CREATED', '2 OPENED'])
    expect(transitionsOf('user-2')).toEqual(['1 CREATED', '2 EXPIRED'])
    const ofOne = [(await firstOwn).value, ...(await take(own, 1))]
    expect(ofOne.map((link) => link && describeSnapshot(link))).toEqual(['1 CREATED', '2 EXPIRED'])
    stop.abort()
  })
})
