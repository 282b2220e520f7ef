import { describe, expect, test } from 'vitest'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import {
  followReturnUrl,
  startTestGateway,
  submitLinkPage,
  submitProviderPage,
  type TestGateway,
} from '../helpers/gateway.ts'
import { createLinkOrThrow, providers, xpanderKey } from './open.ts'
import { collect, eventData, type LinkEvent, next, openStream, subscribeToLinks } from './subscribe.ts'

/** Approves or denies, follows the redirect if there is one, and polls. */
async function finish(gateway: TestGateway, url: string | null, decision: 'approve' | 'deny' = 'approve') {
  const { location } = await submitProviderPage(url ?? '', decision)
  if (location !== null) await followReturnUrl(location)
  gateway.clock.advance(3)
  await gateway.poll()
}

const statuses = (events: readonly LinkEvent[]) => events.map(({ status }) => status)

describe.each(providers)('connectLinkUpdated for one link of %s', (provider) => {
  test('sends each status with the link as of that transition, then completes', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await createLinkOrThrow(gateway, provider)
    const events = subscribeToLinks(gateway, id)
    const first = await next(events)
    await finish(gateway, url)
    const seen = [first, ...(await collect(events))]

    const possible = ['CREATED', 'OPENED', 'AUTHORIZING', 'COMPLETED']
    expect(statuses(seen)).toEqual(possible.filter((status) => statuses(seen).includes(status)))
    expect(statuses(seen)).toEqual(expect.arrayContaining(['CREATED', 'OPENED', 'COMPLETED']))
    for (const [index, { history, status, connection }] of seen.entries()) {
      expect(history.map(({ to }) => to)).toEqual(statuses(seen).slice(0, index + 1))
      expect(connection?.status ?? null).toBe(status === 'COMPLETED' ? 'ACTIVE' : null)
    }
  })

  test('sends REVOKED and completes when the link is revoked', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, provider)
    const events = subscribeToLinks(gateway, id)
    await next(events)
    await gateway.send(RevokeConnectLinkDocument, { id })
    expect(await collect(events)).toMatchObject([
      { status: 'REVOKED', connection: null, history: [{ to: 'CREATED' }, { to: 'REVOKED' }] },
    ])
  })

  test('sends EXPIRED once and completes when the link expires', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, provider, { expiresInSeconds: 60 })
    const events = subscribeToLinks(gateway, id)
    await next(events)
    gateway.clock.advance(60)
    await Promise.all([gateway.poll(), gateway.poll()])
    await gateway.poll()
    const [end, ...more] = await collect(events)
    expect(end).toMatchObject({ status: 'EXPIRED', history: [{ to: 'CREATED' }, { to: 'EXPIRED' }] })
    expect(more).toEqual([])
  })
})

test('connectLinkUpdated sends a final link once and completes', async () => {
  const gateway = await startTestGateway()
  const { id } = await createLinkOrThrow(gateway, 'XPANDER', {
    connector: xpanderKey('Algolia'),
    xpander: { security: { apiKey: 'key' } },
  })
  expect(await collect(subscribeToLinks(gateway, id))).toMatchObject([
    { id, status: 'COMPLETED', connection: { status: 'ACTIVE' }, history: [{ to: 'COMPLETED' }] },
  ])
})

test('a subscriber that starts midway gets the current status first and every later one', async () => {
  const gateway = await startTestGateway()
  const { id, url } = await createLinkOrThrow(gateway, 'FIVETRAN')
  await submitLinkPage(url ?? '')
  const subscribers = Array.from({ length: 10 }, () => collect(subscribeToLinks(gateway, id)))
  await finish(gateway, url)
  for (const seen of await Promise.all(subscribers)) {
    const all = ['OPENED', 'AUTHORIZING', 'COMPLETED']
    expect(statuses(seen)).toEqual(all.slice(-seen.length))
    expect(seen.map(({ history }) => history.length)).toEqual([2, 3, 4].slice(-seen.length))
  }
})

test('without an ID every transition of every link is sent once, from the subscription on', async () => {
  const gateway = await startTestGateway()
  const earlier = await createLinkOrThrow(gateway, 'CENSUS')
  const stream = await openStream(gateway, { query: 'subscription { connectLinkUpdated { id status } }' })
  await stream.until(/^:/)
  const later = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: 'user-2' } })
  await submitLinkPage(earlier.url ?? '')
  await submitLinkPage(later.url ?? '')
  await submitLinkPage(earlier.url ?? '')
  await gateway.send(RevokeConnectLinkDocument, { id: earlier.id })
  await gateway.send(RevokeConnectLinkDocument, { id: later.id })
  const seen = eventData(await stream.until(/(REVOKED[\s\S]*){2}/))
  // The order is defined per link; events of different links may interleave.
  for (const [{ id }, expected] of [
    [earlier, ['OPENED', 'REVOKED']],
    [later, ['CREATED', 'OPENED', 'REVOKED']],
  ] as const) {
    const ofLink = seen.filter((event) => JSON.stringify(event).includes(id))
    expect(ofLink).toEqual(expected.map((status) => ({ data: { connectLinkUpdated: { id, status } } })))
  }
  expect(seen).toHaveLength(5)
})

test('a stream uses server-sent events, with heartbeats while there are no events', async () => {
  const gateway = await startTestGateway()
  const { id } = await createLinkOrThrow(gateway, 'FIVETRAN')
  const query = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status } }'
  const stream = await openStream(gateway, { query, variables: { id } })
  expect(stream.response.status).toBe(200)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  await stream.until(/CREATED[^:]*\n\n:\n\n(:\n\n)+/)
  await gateway.send(RevokeConnectLinkDocument, { id })
  const text = await stream.toItsEnd()
  expect(eventData(text)).toEqual([
    { data: { connectLinkUpdated: { status: 'CREATED' } } },
    { data: { connectLinkUpdated: { status: 'REVOKED' } } },
  ])
  expect(text.trimEnd()).toMatch(/event: complete\ndata:$/)
})
