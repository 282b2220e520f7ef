import { describe, expect, test } from 'vitest'
import { networkOf } from '../../src/server/client-address.ts'
import { openGateway } from '../connect/gateway.ts'
import { webhookAddressOf } from '../connect/webhooks/post-webhook.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { createTestLink, createXpanderLink, visit } from './pages/visit.ts'
import { startWithoutProviders } from './raw-request.ts'

const limited = { RATE_LIMIT_ADDRESS: '3' }
const asBrowser = { accept: 'text/html' }

describe('the limit of requests by address', () => {
  test.each(['/', '/graphql', '/connect/x', '/connect/x/events', '/return/x/success', '/return/x/events'])(
    'applies to %s, with the time of the next attempt, and ends with the minute',
    async (path) => {
      const { url, clock } = await startWithoutProviders(limited)
      for (let index = 0; index < 3; index += 1)
        expect((await visit(`${url}${path}`, { headers: asBrowser })).status).not.toBe(429)
      const page = await visit(`${url}${path}`, { headers: asBrowser })
      expect(page).toMatchObject({
        status: 429,
        headers: { 'retry-after': '60', 'cache-control': 'no-store' },
      })
      expect(page.text).toContain('<h1>Too many requests</h1>')
      const answer = await visit(`${url}${path}`, { headers: { accept: 'text/event-stream' } })
      // Without `text/html` the endpoint is no page.
      expect(answer.text).toMatch(
        path === '/graphql' ? /UNAUTHENTICATED/ : /^\{"status":"too many requests"\}$/,
      )
      clock.advance(60)
      expect((await visit(`${url}${path}`, { headers: asBrowser })).status).not.toBe(429)
    },
  )

  test('counts pages that do not exist', async () => {
    const { url } = await startWithoutProviders(limited)
    const statuses: number[] = []
    for (const path of ['/a', '/assets/none.css', '/connect/x', '/b', '/portal', '/assets/page.css'])
      statuses.push((await visit(`${url}${path}`, { headers: asBrowser })).status)
    expect(statuses).toEqual([404, 404, 404, 429, 429, 200])
  })

  test('is one for all pages together, and changes no link', async () => {
    const gateway = await startTestGateway({ env: limited })
    const link = await createTestLink(gateway, 'FIVETRAN')
    for (const path of ['/', '/connect/x', '/graphql'])
      await visit(`${gateway.url}${path}`, { headers: asBrowser })
    expect((await visit(link.url, { method: 'POST' })).status).toBe(429)
    gateway.clock.advance(60)
    expect((await visit(link.url, { method: 'POST' })).status).toBe(200)
  })

  test('does not apply to health checks, small files and GraphQL requests', async () => {
    const { url, post } = await startWithoutProviders({ RATE_LIMIT_ADDRESS: '1' })
    for (let index = 0; index < 4; index += 1) {
      expect((await post('{ viewer { kind } }')).status).toBe(200)
      for (const path of ['/health', '/ready', '/assets/page.css'])
        expect((await visit(`${url}${path}`)).status).toBe(200)
    }
  })

  test('counts the client behind a trusted proxy, not the proxy, and only there', async () => {
    const behind = await startWithoutProviders({ RATE_LIMIT_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.1' })
    const exposed = await startWithoutProviders({ RATE_LIMIT_ADDRESS: '1' })
    const statusesAt = async (url: string) => {
      const clients = ['203.0.113.1', '203.0.113.2', '203.0.113.1', '2001:db8::1', '2001:db8::2']
      const statuses: number[] = []
      for (const client of clients)
        statuses.push((await visit(`${url}/`, { headers: { 'x-forwarded-for': client } })).status)
      return statuses
    }
    expect(await statusesAt(behind.url)).toEqual([200, 200, 429, 200, 429])
    expect(await statusesAt(exposed.url)).toEqual([200, 429, 429, 429, 429])
  })

  test('is off with 0', async () => {
    const { url } = await startWithoutProviders({ RATE_LIMIT_ADDRESS: '0' })
    for (let index = 0; index < 310; index += 1) expect((await visit(`${url}/connect/x`)).status).toBe(404)
  })

  test('of webhooks is ten times that of pages, and separate from it', async () => {
    const gateway = await openGateway({ env: limited })
    const { url } = webhookAddressOf(gateway, 'FIVETRAN')
    for (let index = 0; index < 5; index += 1) await visit(`${gateway.url}/connect/x`)
    const statuses: number[] = []
    for (let index = 0; index < 31; index += 1) statuses.push((await visit(url, { method: 'POST' })).status)
    expect(statuses).toEqual([...Array(30).fill(401), 429])
  })

  test('of streams is 100 that are open at once, over all links', async () => {
    const gateway = await startTestGateway({ env: { RATE_LIMIT_ADDRESS: '0' } })
    const { streamLimit } = gateway.connect
    const link = await createXpanderLink(gateway)
    const places = Array.from({ length: 100 }, (_, index) =>
      streamLimit.acquire(`user-${index}x`, '127.0.0.1'),
    )
    expect((await visit(`${link.url}/events`)).status).toBe(429)
    places[0]?.()
    const opened = new AbortController()
    const stream = await fetch(`${link.url}/events`, { signal: opened.signal })
    expect(stream.status).toBe(200)
    opened.abort()
  })
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['', ''],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0000:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
