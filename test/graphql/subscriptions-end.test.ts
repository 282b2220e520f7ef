import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startTestGateway, submitLinkPage, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { countStatements } from './count-statements.ts'
import { awaitSyncsAndClearRequests, createLinkOrThrow } from './open.ts'
import { eventData, openStream } from './subscribe.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const streams = [
  ['of one link', 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id } }'],
  ['of all links', 'subscription { connectLinkUpdated { id } }'],
  ['of connections', 'subscription { connectionUpdated { id } }'],
] as const

test.each(streams)('a stream %s ends with UNAUTHENTICATED when its session expires', async (name, query) => {
  const gateway = await startTestGateway()
  const { id } = await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'ada' } })
  const { headers } = await asEndUser(gateway, 'ada', { expiresInSeconds: 1 })
  const variables = name === 'of one link' ? { id } : {}
  const stream = await openStream(gateway, { query, variables, headers })
  expect(stream.response.status).toBe(200)
  await stream.until(/^:/)
  // The expiry timer must survive garbage collection.
  for (let round = 0; round < 3; round += 1) collectGarbage()
  const text = await stream.toItsEnd()
  const events = eventData(text)
  expect(events).toHaveLength(name === 'of one link' ? 2 : 1)
  expect(events.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  // Links of the end user can still be opened: the stream ended because the session expired, not the link.
  await submitLinkPage((await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'ada' } })).url ?? '')
})

test.each(streams)('a stream %s is 401 for an expired session', async (_, query) => {
  const gateway = await startTestGateway()
  const { headers } = await asEndUser(gateway, 'ada', { expiresInSeconds: 1 })
  gateway.clock.advance(1)
  const { response } = await openStream(gateway, { query, headers })
  expect(response.status).toBe(401)
})

test.each(streams)(
  'a stream %s is cut without `complete` when the gateway shuts down',
  async (name, query) => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'CENSUS')
    const variables = name === 'of one link' ? { id } : {}
    const stream = await openStream(gateway, { query, variables })
    await stream.until(/^:/)
    gateway.cutConnections()
    expect(await stream.toItsCut()).not.toContain('complete')
  },
)

describe('open streams', () => {
  const query = 'subscription { connectLinkUpdated { id } }'

  test('of one end user are limited to 10; one that is closed makes room', async () => {
    const gateway = await startTestGateway()
    const { headers } = await asEndUser(gateway, 'ada')
    const open = await Promise.all(Array.from({ length: 10 }, () => openStream(gateway, { query, headers })))
    for (const stream of open) await stream.until(/^:/)
    const eleventh = await openStream(gateway, { query, headers })
    expect(eventData(await eleventh.toItsEnd())).toMatchObject([
      { errors: [{ extensions: { code: 'STREAM_LIMIT' } }] },
    ])
    const bob = await openStream(gateway, { query, headers: (await asEndUser(gateway, 'bob')).headers })
    await bob.until(/^:/)

    open[0]?.disconnect()
    await vi.waitFor(async () => {
      const next = await openStream(gateway, { query, headers })
      await next.until(/^:/)
      await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'ada' } })
      expect(await next.until(/^event: next/m)).not.toContain('STREAM_LIMIT')
    })
  })
})

test('a disconnected subscriber causes no more statements', async () => {
  const gateway = await startTestGateway()
  const statementsOf = countStatements()
  const createLinks = async (count: number) => {
    for (let created = 0; created < count; created += 1) await createLinkOrThrow(gateway, 'CENSUS')
  }
  await awaitSyncsAndClearRequests(gateway)
  await createLinks(1)
  const withoutSubscribers = await statementsOf(() => createLinks(5))
  const subscribers = await Promise.all(
    Array.from({ length: 3 }, () => openStream(gateway, { query: streams[1][1] })),
  )
  await Promise.all(subscribers.map(({ until }) => until(/^:/)))
  collectGarbage()
  const withSubscribers = await statementsOf(async () => {
    await createLinks(5)
    await Promise.all(subscribers.map(({ until }) => until(/(event: next[\s\S]*){5}/)))
  })
  expect(withSubscribers).toBeGreaterThan(withoutSubscribers)
  for (const { disconnect } of subscribers) disconnect()
  await vi.waitFor(
    async () => expect(await statementsOf(() => createLinks(5))).toBe(withoutSubscribers),
    10_000,
  )
})

test('fifty subscribers that disconnect leave no warnings in the log', async () => {
  const gateway = await startTestGateway()
  const { id } = await createLinkOrThrow(gateway, 'CENSUS')
  for (let round = 0; round < 5; round += 1) {
    const openOne = () => openStream(gateway, { query: streams[0][1], variables: { id } })
    const all = await Promise.all(Array.from({ length: 10 }, openOne))
    await Promise.all(all.map(({ until }) => until(/event: next/)))
    for (const { disconnect } of all) disconnect()
  }
  expect(await warningsOf(gateway)).toEqual([])
})

test('streams leave nothing behind at the signal of the shutdown', async () => {
  const gateway = await startTestGateway()
  const { shutdownSignal } = gateway.connect
  const listeners = () => getEventListeners(shutdownSignal, 'abort').length
  const derive = vi.spyOn(AbortSignal, 'any')
  onTestFinished(() => derive.mockRestore())
  const { id, url } = await createLinkOrThrow(gateway, 'CENSUS')
  const before = listeners()
  const stream = await openStream(gateway, { query: streams[0][1], variables: { id } })
  await stream.until(/event: next/)
  const visitor = new AbortController()
  await fetch(`${url}/events`, { signal: visitor.signal })
  expect(listeners()).toBeGreaterThan(before)

  stream.disconnect()
  visitor.abort()

  await vi.waitFor(() => expect(listeners()).toBe(before), 10_000)
  // A signal keeps a reference to each one that AbortSignal.any derives from it.
  for (const [signals] of derive.mock.calls) expect(signals).not.toContain(shutdownSignal)
})

/** Returns the log lines of level warn and above, including Node's own warnings such as MaxListenersExceededWarning. */
async function warningsOf({ logged }: TestGateway): Promise<readonly string[]> {
  return logged()
    .split('\n')
    .filter((line) => /"level":"?(40|50|60|warn|error|fatal)/.test(line))
}
