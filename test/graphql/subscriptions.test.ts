import { describe, expect, test } from 'vitest'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { comeBack, decide, goThrough, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { madeLink, providers, xpanderKey } from './open.ts'
import { dataIn, next, openStream, rest, type SeenLink, watchedLinks } from './subscribe.ts'

/** Presses the button and lets the browser and the poller do what they do. */
async function finish(gateway: TestGateway, url: string | null, decision: 'approve' | 'deny' = 'approve') {
  const { location } = await decide(url ?? '', decision)
  if (location !== null) await comeBack(location)
  gateway.clock.advance(3)
  await gateway.poll()
}

const statuses = (seen: readonly SeenLink[]) => seen.map(({ status }) => status)

describe.each(providers)('a link of %s that is watched', (provider) => {
  test('is shown at every step of its life, as it was then, and the stream ends with the last one', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await madeLink(gateway, provider)
    const events = watchedLinks(gateway, id)
    const first = await next(events)
    await finish(gateway, url)
    const seen = [first, ...(await rest(events))]

    const mayBeSeen = ['CREATED', 'OPENED', 'AUTHORIZING', 'COMPLETED']
    expect(statuses(seen)).toEqual(mayBeSeen.filter((status) => statuses(seen).includes(status)))
    expect(statuses(seen)).toEqual(expect.arrayContaining(['CREATED', 'OPENED', 'COMPLETED']))
    for (const [index, { history, status, connection }] of seen.entries()) {
      expect(history.map(({ to }) => to)).toEqual(statuses(seen).slice(0, index + 1))
      expect(connection?.status ?? null).toBe(status === 'COMPLETED' ? 'ACTIVE' : null)
    }
  })

  test('shows its end when it is withdrawn, and the stream ends', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, provider)
    const events = watchedLinks(gateway, id)
    await next(events)
    await gateway.send(RevokeConnectLinkDocument, { id })
    expect(await rest(events)).toMatchObject([
      { status: 'REVOKED', connection: null, history: [{ to: 'CREATED' }, { to: 'REVOKED' }] },
    ])
  })

  test('shows its end when its time is over, once, and the stream ends', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, provider, { expiresInSeconds: 60 })
    const events = watchedLinks(gateway, id)
    await next(events)
    gateway.clock.advance(60)
    await Promise.all([gateway.poll(), gateway.poll()])
    await gateway.poll()
    const [end, ...more] = await rest(events)
    expect(end).toMatchObject({ status: 'EXPIRED', history: [{ to: 'CREATED' }, { to: 'EXPIRED' }] })
    expect(more).toEqual([])
  })
})

test('a link that has ended is shown once, and the stream is over', async () => {
  const gateway = await startTestGateway()
  const { id } = await madeLink(gateway, 'XPANDER', {
    connector: xpanderKey('Algolia'),
    xpander: { security: { apiKey: 'key' } },
  })
  expect(await rest(watchedLinks(gateway, id))).toMatchObject([
    { id, status: 'COMPLETED', connection: { status: 'ACTIVE' }, history: [{ to: 'COMPLETED' }] },
  ])
})

test('whoever begins to watch in the middle sees the present first and misses nothing', async () => {
  const gateway = await startTestGateway()
  const { id, url } = await madeLink(gateway, 'FIVETRAN')
  await goThrough(url ?? '')
  const watchers = Array.from({ length: 10 }, () => rest(watchedLinks(gateway, id)))
  await finish(gateway, url)
  for (const seen of await Promise.all(watchers)) {
    const all = ['OPENED', 'AUTHORIZING', 'COMPLETED']
    expect(statuses(seen)).toEqual(all.slice(-seen.length))
    expect(seen.map(({ history }) => history.length)).toEqual([2, 3, 4].slice(-seen.length))
  }
})

test('without an id every step of every link comes, each once, from then on', async () => {
  const gateway = await startTestGateway()
  const earlier = await madeLink(gateway, 'CENSUS')
  const stream = await openStream(gateway, { query: 'subscription { connectLinkUpdated { id status } }' })
  await stream.until(/^:/)
  const later = await madeLink(gateway, 'PIPEDREAM', { endUser: { id: 'user-2' } })
  await goThrough(earlier.url ?? '')
  await goThrough(later.url ?? '')
  await goThrough(earlier.url ?? '')
  await gateway.send(RevokeConnectLinkDocument, { id: earlier.id })
  await gateway.send(RevokeConnectLinkDocument, { id: later.id })
  const seen = dataIn(await stream.until(/(REVOKED[\s\S]*){2}/))
  // In order for each link; two links' steps may come in either order.
  for (const [{ id }, steps] of [
    [earlier, ['OPENED', 'REVOKED']],
    [later, ['CREATED', 'OPENED', 'REVOKED']],
  ] as const) {
    const ofLink = seen.filter((event) => JSON.stringify(event).includes(id))
    expect(ofLink).toEqual(steps.map((status) => ({ data: { connectLinkUpdated: { id, status } } })))
  }
  expect(seen).toHaveLength(5)
})

test('a stream is one of server-sent events, with signs of life while nothing happens', async () => {
  const gateway = await startTestGateway()
  const { id } = await madeLink(gateway, 'FIVETRAN')
  const query = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status } }'
  const stream = await openStream(gateway, { query, variables: { id } })
  expect(stream.response.status).toBe(200)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  await stream.until(/CREATED[^:]*\n\n:\n\n(:\n\n)+/)
  await gateway.send(RevokeConnectLinkDocument, { id })
  const text = await stream.toItsEnd()
  expect(dataIn(text)).toEqual([
    { data: { connectLinkUpdated: { status: 'CREATED' } } },
    { data: { connectLinkUpdated: { status: 'REVOKED' } } },
  ])
  expect(text.trimEnd()).toMatch(/event: complete\ndata:$/)
})
