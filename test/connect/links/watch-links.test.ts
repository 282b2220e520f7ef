import { beforeAll, describe, expect, test } from 'vitest'
import type { ConnectContext } from '../../../src/connect/context.ts'
import { createEvents } from '../../../src/connect/events.ts'
import { transitionLink } from '../../../src/connect/links/transition-link.ts'
import { type LinkSnapshot, watchLink, watchLinks } from '../../../src/connect/links/watch-links.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import type { Viewer } from '../../../src/domain/viewer.ts'
import { testDatabase } from '../../helpers/database.ts'
import { nextOf, somebodyElse } from '../observe.ts'
import { type OpenConnect, openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

async function move({ db, now }: OpenConnect, id: string, toStatus: LinkStatus): Promise<void> {
  const step = { toStatus, at: now(), source: 'API_CALL', reason: null } as const
  await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
}

const shown = ({ step, status }: LinkSnapshot) => `${step} ${status}`

async function toTheEnd(heard: AsyncGenerator<LinkSnapshot>): Promise<readonly string[]> {
  const all: string[] = []
  for await (const link of heard) all.push(shown(link))
  return all
}

/** Another gateway on the same store. */
async function beside({ context, store, now }: OpenConnect): Promise<ConnectContext> {
  return { ...context, events: await createEvents({ db: store.db, announcements: store, now }) }
}

const watching = (context: ConnectContext, linkId: string, who: Viewer = viewer) => {
  const stop = new AbortController()
  return { stop, steps: watchLink(context, who, { linkId, signal: stop.signal }) }
}

describe('watching a link', () => {
  test('shows the present first, then every step once and in order, and ends with the last', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    await move(opened, id, 'OPENED')
    const { steps } = watching(opened.context, id)
    expect((await nextOf(steps, 1)).map(shown)).toEqual(['2 OPENED'])

    await move(opened, id, 'AUTHORIZING')
    await move(opened, id, 'OPENED')
    await move(opened, id, 'FAILED')
    await move(opened, id, 'COMPLETED')

    expect(await toTheEnd(steps)).toEqual(['3 AUTHORIZING', '4 FAILED'])
  })

  test('misses nothing that happens before it is read, or between two reads', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    const { steps } = watching(opened.context, id)
    await move(opened, id, 'OPENED')
    const first = await steps.next()
    await move(opened, id, 'AUTHORIZING')
    await move(opened, id, 'EXPIRED')

    expect(first.value).toMatchObject({ status: 'OPENED', step: 2 })
    expect(await toTheEnd(steps)).toEqual(['3 AUTHORIZING', '4 EXPIRED'])
  })

  test('of one that has ended shows that and ends', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    await move(opened, id, 'REVOKED')

    expect(await toTheEnd(watching(opened.context, id).steps)).toEqual(['2 REVOKED'])
  })

  test('shows the connection with the step that brought it, and not before', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    const { steps } = watching(opened.context, id)
    await steps.next()
    await opened.open(id)
    opened.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
    const { connectionId } = await opened.settled(id)

    expect(await nextOf(steps, 2)).toMatchObject([
      { status: 'OPENED', connectionId: null },
      { status: 'COMPLETED', connectionId },
    ])
    expect(connectionId).not.toBeNull()
  })

  test.each(['user-2’s', 'nobody’s'])(
    'of %s shows nothing at all to user-2 if it is not theirs',
    async (whose) => {
      const opened = await openConnect()
      const id = await opened.createLink(whose === 'nobody’s' ? 'user-1' : 'user-2')
      await move(opened, id, 'REVOKED')

      const { steps } = watching(opened.context, id, somebodyElse)
      expect(await toTheEnd(steps)).toEqual(whose === 'nobody’s' ? [] : ['2 REVOKED'])
      const unknown = watching(opened.context, '00000000-0000-4000-8000-000000000000')
      expect(await toTheEnd(unknown.steps)).toEqual([])
    },
  )

  test('ends when its watcher leaves', async () => {
    const opened = await openConnect()
    const { steps, stop } = watching(opened.context, await opened.createLink('user-1'))
    await steps.next()
    const waiting = steps.next()
    stop.abort()

    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  test('hears nothing any more once it has ended, though its watcher stays', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('user-1')
    let listening = 0
    const { events } = opened.context
    const linkSteps: typeof events.linkSteps = (linkId, signal) => {
      const heard = events.linkSteps(linkId, signal)
      listening += 1
      return {
        ...heard,
        async return() {
          listening -= 1
          return { done: true, value: undefined }
        },
      }
    }
    const counted: ConnectContext = { ...opened.context, events: { ...events, linkSteps } }
    const { steps } = watching(counted, id)
    await steps.next()
    await move(opened, id, 'REVOKED')
    await toTheEnd(steps)

    expect(listening).toBe(0)
  })
})

describe('two gateways on one store', () => {
  test('each tell their watchers what the other does, once', async () => {
    const a = await openConnect()
    const b = await beside(a)
    const id = await a.createLink('user-1')
    const [one, other] = [watching(a.context, id), watching(b, id)]
    for (const { steps } of [one, other]) await steps.next()
    await move(a, id, 'OPENED')
    await move(a, id, 'COMPLETED')

    const expected = ['2 OPENED', '3 COMPLETED']
    expect(await toTheEnd(one.steps)).toEqual(expected)
    expect(await toTheEnd(other.steps)).toEqual(expected)
    await b.events.close()
  })
})

describe('watching all links', () => {
  test('shows every step of every link from now on, once, to those who may see it', async () => {
    const opened = await openConnect()
    const stop = new AbortController()
    const all = watchLinks(opened.context, viewer, stop.signal)
    const own = watchLinks(opened.context, somebodyElse, stop.signal)
    // Heard from the first reading on.
    const [first, firstOwn] = [all.next(), own.next()]
    const theirs = await opened.createLink('user-1')
    const mine = await opened.createLink('user-2')
    await move(opened, theirs, 'OPENED')
    await move(opened, mine, 'EXPIRED')

    const shownToAll = [(await first).value, ...(await nextOf(all, 3))]
    const stepsFor = (user: string) =>
      shownToAll.flatMap((link) => (link && link.endUserId === user ? [shown(link)] : []))
    expect(stepsFor('user-1')).toEqual(['1 CREATED', '2 OPENED'])
    expect(stepsFor('user-2')).toEqual(['1 CREATED', '2 EXPIRED'])
    const shownToOne = [(await firstOwn).value, ...(await nextOf(own, 1))]
    expect(shownToOne.map((link) => link && shown(link))).toEqual(['1 CREATED', '2 EXPIRED'])
    stop.abort()
  })
})
