import { expect, test, vi } from 'vitest'
import { openConnect } from '../../src/client/index.ts'
import { forgetInMemory } from '../../src/client/open-links.ts'
import type { ConnectLink, ConnectOptions } from '../../src/client/types.ts'
import { fakeGateway, fakePage, gateway, testLink } from './fake-page.ts'

const options = { gateway, session: 'token-1' }
const cancelled = { code: 'CANCELLED', message: null, at: '2026-11-30T10:00:00Z' }
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 20 })

/** A gateway that creates links with the IDs link-1, link-2 and so on. */
function fakeLinks() {
  const links = new Map<unknown, ConnectLink>()
  const create = () => {
    const link = { ...testLink, id: `link-${links.size + 1}` }
    links.set(link.id, link)
    return { __typename: 'Payload', link }
  }
  const page = fakePage()
  const fake = fakeGateway({
    // Without a claim the page is opened as others are.
    OpenConnectClaim: () => fake.json({ data: { result: null } }),
    OpenConnectCreate: create,
    OpenConnectReconnect: create,
    OpenConnectLink: ({ variables }) => links.get(variables.id) ?? fake.json({ data: { result: null } }),
  })
  /** Calls `open`, waits until the link is shown, and aborts. Returns the names of the calls. */
  async function start(target: Partial<ConnectOptions>) {
    const abort = new AbortController()
    const count = fake.calls.length
    page.reset()
    const result = openConnect({ ...options, ...target, signal: abort.signal }).catch(() => undefined)
    await eventually(() => expect(fake.openStreams()).toBe(1))
    abort.abort()
    await result
    return fake.names().slice(count, -1)
  }
  return { ...fake, page, storage: page.storage, links, start }
}

test('a popup that is closed three times needs one link, and the next one is opened at once', async () => {
  const { page, links, change, openStreams, names } = fakeLinks()
  for (const count of [1, 2, 3]) {
    page.reset()
    const result = openConnect({ ...options, application: 'closed' })
    expect(page.open).toHaveBeenCalledTimes(count)
    await eventually(() => expect(openStreams()).toBe(1))
    page.close()
    expect(await result).toMatchObject({ status: 'cancelled', linkId: 'link-1' })
    // As the gateway records a cancelled attempt.
    const link: ConnectLink = { ...testLink, id: 'link-1', status: 'AUTHORIZING', lastFailure: cancelled }
    links.set('link-1', { ...link, lastFailure: { ...cancelled, at: String(count) } })
    change(links.get('link-1') ?? {})
  }
  expect(links.size).toBe(1)
  expect(names().filter((name) => name === 'OpenConnectCancel')).toHaveLength(3)
})

test('a reload keeps the link, by its ID only, and only for the same target and input', async () => {
  const { storage, links, start } = fakeLinks()
  const target = { application: 'reloaded', input: { xpander: { security: 'secret-1' } } }
  await start(target)
  expect([...storage.values()]).toEqual(['link-1'])
  expect([...storage.keys()].join()).toMatch(/^connect-gateway:[\w+/]{43}=$/)
  forgetInMemory()
  expect(await start(target)).toEqual(['OpenConnectLink'])
  for (const other of [
    { ...target, input: {} },
    { ...target, provider: 'XPANDER' },
    { ...target, application: 'other' },
    { ...target, gateway: 'https://other.example.com' },
  ])
    expect(await start(other)).toEqual(['OpenConnectCreate'])
  expect(await start({ connection: 'connection-1' })).toEqual(['OpenConnectReconnect'])
  expect(await start({ connection: 'connection-1' })).toEqual(['OpenConnectLink'])
  expect(links.size).toBe(6)
})

test('links with the guard SAME_BROWSER are claimed each time', async () => {
  const { links, start } = fakeLinks()
  await start({ application: 'guarded' })
  links.set('link-1', { ...testLink, guard: 'SAME_BROWSER' })
  expect(await start({ application: 'guarded' })).toEqual(['OpenConnectLink', 'OpenConnectClaim'])
})

test.each<[string, Partial<ConnectLink> | null]>([
  ['of another end user', null],
  ['that has expired', { status: 'EXPIRED' }],
  ['that has completed', { status: 'COMPLETED' }],
  ['that a colleague has', { handOver: { state: 'OPENED' } }],
])('a link %s is replaced by a new one', async (application, change) => {
  const { storage, links, start } = fakeLinks()
  await start({ application })
  if (change === null) {
    links.delete('link-1')
    links.set('foreign', testLink)
  } else links.set('link-1', { ...testLink, ...change })
  expect(await start({ application })).toEqual(['OpenConnectLink', 'OpenConnectCreate'])
  expect([...storage.values()]).toEqual(['link-2'])
  expect(await start({ application })).toEqual(['OpenConnectLink'])
})

test('without a session storage the page still continues its links', async () => {
  const { start } = fakeLinks()
  vi.stubGlobal('sessionStorage', undefined)
  await start({ application: 'without' })
  expect(await start({ application: 'without' })).toEqual(['OpenConnectLink'])
  forgetInMemory()
  expect(await start({ application: 'without' })).toEqual(['OpenConnectCreate'])
})
