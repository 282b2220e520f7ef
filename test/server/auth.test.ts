import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { isLocal, publishedOperations } from '../../src/server/graphiql.ts'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { resigned, sessionKeyOf, signedByPublicKey, unsigned } from '../helpers/forge.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'
import { ask, getAs, startDoor, withKey } from './raw-request.ts'

const strangers: readonly (readonly [name: string, headers: Record<string, string>])[] = [
  ['no key', {}],
  ['an empty header', { authorization: '' }],
  ['a scheme without a key', { authorization: 'Bearer' }],
  ['a key without a scheme', { authorization: testApiKey }],
  ['another scheme', { authorization: `Basic ${testApiKey}` }],
  ['two keys', { authorization: `Bearer ${testApiKey} ${testApiKey}` }],
  ['a wrong key', { authorization: 'Bearer gw_another_key_that_is_long_enough' }],
  ['a key that is cut off', { authorization: `Bearer ${testApiKey.slice(0, -1)}` }],
  ['a key that goes on', { authorization: `Bearer ${testApiKey}x` }],
  ['the key in another header', { 'x-api-key': testApiKey }],
]

const ownKey = sessionKeyOf('an encryption key for tests, long enough')

const forgeries: readonly (readonly [name: string, forge: (token: string) => Promise<string> | string])[] = [
  ['a session without a signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
  ['a session that asks for no signature', unsigned],
  ['a session signed with the public key', (token) => signedByPublicKey(token, ownKey, 'pem')],
  [
    'a session of another gateway',
    (token) => resigned(token, {}, sessionKeyOf('another encryption key, long enough as well')),
  ],
  ['a session for another audience', (token) => resigned(token, { aud: 'another' }, ownKey)],
  ['a session of another issuer', (token) => resigned(token, { iss: 'another' }, ownKey)],
  ['a session that has not begun', (token) => resigned(token, { nbf: 4_102_444_800 }, ownKey)],
  ['a session without an end', (token) => resigned(token, { exp: undefined }, ownKey)],
  ['a session for nobody', (token) => resigned(token, { sub: undefined }, ownKey)],
  ['two sessions', (token) => `${token} ${token}`],
]

describe('a caller with', () => {
  test.each(strangers)('%s is turned away with the one answer', async (_, headers) => {
    const { url } = await startDoor()
    const refused = await ask(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ viewer { kind } }' }),
    })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer')
    expect(JSON.parse(refused.text)).toEqual({
      errors: [
        { message: 'A valid API key or session token is required.', extensions: { code: 'UNAUTHENTICATED' } },
      ],
    })
  })

  test.each(forgeries)('%s is turned away with the one answer', async (_, forge) => {
    const { url, connect } = await startDoor()
    const { token } = await connect.sessions.issue({ endUser: { id: 'user-1', name: null, email: null } })
    const asked = async (bearer: string) =>
      ask(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ query: '{ viewer { kind } }' }),
      })
    const [welcome, stranger, refused] = [
      await asked(token),
      await asked('stranger'),
      await asked(await forge(token)),
    ]
    expect(welcome.status).toBe(200)
    expect(refused).toMatchObject({ status: 401, text: stranger.text })
    expect([...refused.headers.keys()]).toEqual([...stranger.headers.keys()])
  })

  test('a session that has ended is turned away with the one answer', async () => {
    const { post, connect, clock } = await startDoor()
    const { token } = await connect.sessions.issue({ endUser: { id: 'user-1', name: null, email: null } })
    const asked = async (bearer: string) => {
      const response = await post('{ viewer { kind } }', {}, { authorization: `Bearer ${bearer}` })
      return { status: response.status, text: await response.text() }
    }
    expect(await asked(token)).toEqual({ status: 200, text: '{"data":{"viewer":{"kind":"END_USER"}}}' })
    clock.advance(900)
    expect(await asked(token)).toEqual(await asked('stranger'))
  })

  test('the key is let in, however the scheme is written', async () => {
    const { post } = await startDoor()
    const response = await post(
      '{ viewer { kind name endUser { id } } }',
      {},
      { authorization: `bearer ${testApiKey}` },
    )
    expect(await response.json()).toEqual({
      data: { viewer: { kind: 'API_KEY', name: 'GATEWAY_API_KEY', endUser: null } },
    })
  })
})

test('a stranger learns nothing about a request that could not be read', async () => {
  const { url } = await startDoor()
  const ways: readonly RequestInit[] = [
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":' },
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ nothing }"}' },
    { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(200_000) },
    { method: 'PUT' },
    { method: 'GET', headers: { accept: 'application/json' } },
  ]
  for (const way of ways) expect(await ask(`${url}/graphql`, way)).toMatchObject({ status: 401 })
})

test('nothing happens for a stranger', async () => {
  const { post, control, url } = await startTestGateway()
  const variables = { provider: 'FIVETRAN', input: { connector: 'hubspot', endUser: { id: 'user-1' } } }
  expect((await post(String(CreateConnectLinkDocument), variables, {})).status).toBe(401)
  const sent: { method: string; path: string }[] = JSON.parse(await (await control('GET', 'requests')).text())
  expect(sent.filter(({ method, path }) => method === 'POST' && path.startsWith('/fivetran'))).toEqual([])
  const { text } = await ask(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...withKey },
    body: JSON.stringify({ query: '{ connectLinks { totalCount } }' }),
  })
  expect(JSON.parse(text)).toEqual({ data: { connectLinks: { totalCount: 0 } } })
})

describe('GraphiQL', () => {
  const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml' } }
  const production = {
    NODE_ENV: 'production',
    GATEWAY_ENCRYPTION_KEY: 'an encryption key for tests, long enough',
  }

  test('is a page for everybody, with the published operations as tabs and nothing from elsewhere', async () => {
    const { url } = await startDoor()
    const page = await ask(`${url}/graphql`, asBrowser)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    const tabs = publishedOperations()
    expect(tabs.length).toBeGreaterThan(5)
    for (const { query } of tabs) expect(page.text.includes(JSON.stringify(query).slice(1, -1))).toBe(true)
    expect(page.text).not.toMatch(/<(script|link)[^>]* (src|href)="(https?:)?\/\//)
  })

  test('is not kept by the browser and not shown inside another page, since it may hold the key', async () => {
    const { url } = await startDoor()
    const { headers } = await ask(`${url}/graphql`, asBrowser)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('answers no query by its address', async () => {
    const { url } = await startDoor()
    for (const path of [
      '/graphql?query={viewer{kind}}',
      '/graphql/?query={viewer{kind}}',
      '/graphql/x?query={viewer{kind}}',
    ]) {
      expect((await ask(`${url}${path}`, asBrowser)).text).not.toContain('"viewer"')
    }
  })

  test.each(['localhost', 'localhost:4000', '127.0.0.1:4000', '[::1]:4000'])(
    'has the key for this machine asking for %s',
    async (host) => {
      const { url } = await startDoor()
      expect((await getAs(`${url}/graphql`, { ...asBrowser.headers, host })).includes(testApiKey)).toBe(true)
    },
  )

  test.each([
    ['asks for another name', { host: 'gateway.example.com' }],
    ['asks for a name that begins like this machine', { host: '127.0.0.1.example.com' }],
    ['asks for a name that ends like this machine', { host: 'evil-localhost' }],
    ['comes through a proxy', { host: 'localhost', 'x-forwarded-for': '203.0.113.9' }],
    ['comes through a modern proxy', { host: 'localhost', forwarded: 'for=203.0.113.9' }],
    ['comes through a gateway', { host: 'localhost', via: '1.1 cache' }],
  ])('has no key for a browser that %s', async (_, headers) => {
    const { url } = await startDoor()
    const page = await getAs(`${url}/graphql`, { ...asBrowser.headers, ...headers })
    expect(page.includes('<your API key>')).toBe(true)
    expect(page.includes(testApiKey)).toBe(false)
  })

  test('has no key in production', async () => {
    const { url } = await startDoor(production)
    const { text } = await ask(`${url}/graphql`, asBrowser)
    expect(text.includes('<your API key>')).toBe(true)
    expect(text.includes(testApiKey)).toBe(false)
  })

  test.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.168.1.20', false],
    ['::ffff:10.0.0.5', false],
    ['2001:db8::1', false],
    ['127.evil', false],
  ])('takes the peer %s for this machine: %s', (remoteAddress, local) => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
    const request = new IncomingMessage(socket)
    request.headers.host = 'localhost:4000'
    expect(isLocal(request)).toBe(local)
  })
})
