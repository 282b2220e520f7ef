import { describe, expect, test } from 'vitest'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { resignToken, sessionKeyOf, signedByPublicKey, unsignedToken } from '../helpers/forge.ts'
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'
import { sendRequest, startWithoutProviders, withKey } from './raw-request.ts'

const invalidCredentials: readonly (readonly [name: string, headers: Record<string, string>])[] = [
  ['no key', {}],
  ['an empty header', { authorization: '' }],
  ['a scheme without a key', { authorization: 'Bearer' }],
  ['a key without a scheme', { authorization: testApiKey }],
  ['another scheme', { authorization: `Basic ${testApiKey}` }],
  ['two keys', { authorization: `Bearer ${testApiKey} ${testApiKey}` }],
  ['a wrong key', { authorization: 'Bearer gw_another_key_that_is_long_enough' }],
  ['a truncated key', { authorization: `Bearer ${testApiKey.slice(0, -1)}` }],
  ['a key with an extra character', { authorization: `Bearer ${testApiKey}x` }],
  ['the key in another header', { 'x-api-key': testApiKey }],
]

const gatewayKey = sessionKeyOf('an encryption key for tests, long enough')

const forgedTokens: readonly (readonly [name: string, forge: (token: string) => Promise<string> | string])[] =
  [
    ['a session token without a signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
    ['a session token with "alg": "none"', unsignedToken],
    ['a session token signed with the public key', (token) => signedByPublicKey(token, gatewayKey, 'pem')],
    [
      'a session token of another gateway',
      (token) => resignToken(token, {}, sessionKeyOf('another encryption key, long enough as well')),
    ],
    ['a session token for another audience', (token) => resignToken(token, { aud: 'another' }, gatewayKey)],
    ['a session token of another issuer', (token) => resignToken(token, { iss: 'another' }, gatewayKey)],
    [
      'a session token that is not valid yet',
      (token) => resignToken(token, { nbf: 4_102_444_800 }, gatewayKey),
    ],
    ['a session token without an expiry', (token) => resignToken(token, { exp: undefined }, gatewayKey)],
    ['a session token without a subject', (token) => resignToken(token, { sub: undefined }, gatewayKey)],
    ['two session tokens', (token) => `${token} ${token}`],
  ]

describe('authentication', () => {
  test.each(invalidCredentials)('answers 401 for %s', async (_, headers) => {
    const { url } = await startWithoutProviders()
    const rejected = await sendRequest(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ viewer { kind } }' }),
    })
    expect(rejected.status).toBe(401)
    expect(rejected.headers.get('www-authenticate')).toBe('Bearer')
    expect(JSON.parse(rejected.text)).toEqual({
      errors: [
        { message: 'A valid API key or session token is required.', extensions: { code: 'UNAUTHENTICATED' } },
      ],
    })
  })

  test.each(forgedTokens)('answers as for unknown credentials: %s', async (_, forge) => {
    const { url, connect } = await startWithoutProviders()
    const { token } = await connect.sessions.issue({
      endUser: { id: 'user-1', name: null, email: null, organization: null },
    })
    const sendAs = async (bearer: string) =>
      sendRequest(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ query: '{ viewer { kind } }' }),
      })
    const [valid, unknown, forged] = [
      await sendAs(token),
      await sendAs('unknown'),
      await sendAs(await forge(token)),
    ]
    expect(valid.status).toBe(200)
    expect(forged).toMatchObject({ status: 401, text: unknown.text })
    expect([...forged.headers.keys()]).toEqual([...unknown.headers.keys()])
  })

  test('answers as for unknown credentials: an expired session token', async () => {
    const { post, connect, clock } = await startWithoutProviders()
    const { token } = await connect.sessions.issue({
      endUser: { id: 'user-1', name: null, email: null, organization: null },
    })
    const sendAs = async (bearer: string) => {
      const response = await post('{ viewer { kind } }', {}, { authorization: `Bearer ${bearer}` })
      return { status: response.status, text: await response.text() }
    }
    expect(await sendAs(token)).toEqual({ status: 200, text: '{"data":{"viewer":{"kind":"END_USER"}}}' })
    clock.advance(900)
    expect(await sendAs(token)).toEqual(await sendAs('unknown'))
  })

  test('accepts the API key; the scheme is case-insensitive', async () => {
    const { post } = await startWithoutProviders()
    const response = await post(
      '{ viewer { kind name endUser { id } } }',
      {},
      { authorization: `bearer ${testApiKey}` },
    )
    expect(await response.json()).toMatchObject({
      data: { viewer: { kind: 'API_KEY', name: 'GATEWAY_API_KEY', endUser: null } },
    })
  })
})

test('answers 401 before an unauthenticated request is parsed', async () => {
  const { url } = await startWithoutProviders()
  const requests: readonly RequestInit[] = [
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":' },
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ nothing }"}' },
    { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(200_000) },
    { method: 'PUT' },
    { method: 'GET', headers: { accept: 'application/json' } },
  ]
  for (const request of requests)
    expect(await sendRequest(`${url}/graphql`, request)).toMatchObject({ status: 401 })
})

test('an unauthenticated mutation calls no provider and stores nothing', async () => {
  const { post, control, url } = await startTestGateway()
  const variables = { provider: 'FIVETRAN', input: { connector: 'hubspot', endUser: { id: 'user-1' } } }
  expect((await post(String(CreateConnectLinkDocument), variables, {})).status).toBe(401)
  const sent: { method: string; path: string }[] = JSON.parse(await (await control('GET', 'requests')).text())
  expect(sent.filter(({ method, path }) => method === 'POST' && path.startsWith('/fivetran'))).toEqual([])
  const { text } = await sendRequest(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...withKey },
    body: JSON.stringify({ query: '{ connectLinks { totalCount } }' }),
  })
  expect(JSON.parse(text)).toMatchObject({ data: { connectLinks: { totalCount: 0 } } })
})
