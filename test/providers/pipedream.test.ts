import { describe, expect, test } from 'vitest'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { call, type Opened, openProvider } from './open.ts'

const setting = {
  definition: pipedream,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

testProvider({
  ...setting,
  connectors: 60,
  secrets: ['sandbox-secret', 'Bearer '],
  calls: {
    createLink: { method: 'POST', path: '/v1/connect/proj_sandbox/tokens' },
    createReconnectLink: { method: 'POST', path: '/v1/connect/proj_sandbox/tokens' },
    checkLink: { method: 'GET', path: '/v1/connect/proj_sandbox/accounts' },
    getConnection: { method: 'GET', path: '/v1/connect/proj_sandbox/accounts/' },
    listConnections: { method: 'GET', path: '/v1/connect/proj_sandbox/accounts' },
    listConnectors: { method: 'GET', path: '/v1/connect/apps' },
    disconnect: { method: 'DELETE', path: '/v1/connect/proj_sandbox/accounts/' },
  },
  absent: { getConnection: null, disconnect: false },
})

const requestsTo = async ({ requests }: Opened, end: string) =>
  (await requests()).filter(({ path }) => path.split('?')[0]?.endsWith(end))

const fiftyLinks = (provider: Opened) =>
  Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      provider.createLink({ endUser: { id: `user-${number}`, name: null, email: null } }),
    ),
  )

describe('the access token', () => {
  test('is fetched once for fifty links asked for at once', async () => {
    const provider = await openProvider(setting)
    await fiftyLinks(provider)
    expect(await requestsTo(provider, '/oauth/token')).toHaveLength(1)
    expect(await requestsTo(provider, '/tokens')).toHaveLength(50)
  })

  test('is fetched once more when fifty calls are told that it is no good', async () => {
    const provider = await openProvider(setting)
    await provider.createLink()
    // The provider's clock alone moves on: only its 401 tells that the token is over.
    const body = JSON.stringify({ advanceSeconds: 3601 })
    const headers = { 'content-type': 'application/json' }
    await fetch(`${provider.sandbox.url}__sandbox/clock`, { method: 'POST', headers, body })
    await fiftyLinks(provider)
    expect(await requestsTo(provider, '/oauth/token')).toHaveLength(2)
  })

  test('is replaced before it ends', async () => {
    const provider = await openProvider(setting)
    await provider.connections()
    provider.advance(3600 - 60)
    await provider.connections()
    expect(await requestsTo(provider, '/oauth/token')).toHaveLength(2)
  })

  test.each([
    ['refused', { status: 401 }, 'PROVIDER_UNAUTHORIZED'],
    ['wrong-shaped', { status: 200, body: { token: 'LEAK' } }, 'PROVIDER_INVALID_RESPONSE'],
    ['not to be had', { status: 503 }, 'PROVIDER_UNAVAILABLE'],
  ])('that is %s stops the call that needs it', async (_, fault, code) => {
    const provider = await openProvider(setting)
    await provider.fault({ path: '/v1/oauth/token', ...fault })
    await expect(provider.createLink()).rejects.toMatchObject({ code })
    expect(await requestsTo(provider, '/tokens')).toEqual([])
    expect(provider.logged()).not.toMatch(/LEAK|sandbox-secret/)
  })
})

test('the app is part of the link, and so is an OAuth client of its own', async () => {
  const provider = await openProvider(setting)
  const plain = new URL((await provider.openLink()).url)
  expect(plain.searchParams.get('app')).toBe('github')
  expect(plain.searchParams.get('token')).toMatch(/^ctok_/)
  expect(plain.searchParams.has('oauthAppId')).toBe(false)
  const own = new URL((await provider.openLink({ options: { oauthAppId: 'oa_a&b' } })).url)
  expect(own.searchParams.get('oauthAppId')).toBe('oa_a&b')
  expect(own.searchParams.get('app')).toBe('github')
})

test('a token is asked for with everything that Pipedream understands and nothing that is absent', async () => {
  const provider = await openProvider(setting)
  await provider.openLink()
  await provider.openLink({
    expiresInSeconds: 600,
    options: {
      allowedOrigins: ['https://app.example.com'],
      scope: 'connect:accounts:read',
      allowProgressiveScopes: true,
    },
  })
  const [first, second] = await requestsTo(provider, '/tokens')
  const least = {
    external_user_id: 'user-1',
    success_redirect_uri: 'https://app.example.com/return?state=1',
    error_redirect_uri: 'https://app.example.com/failed?state=1',
  }
  expect(first?.headers['x-pd-environment']).toBe('development')
  expect(first?.body).toEqual(least)
  expect(second?.body).toEqual({
    ...least,
    expires_in: 600,
    allowed_origins: ['https://app.example.com'],
    scope: 'connect:accounts:read',
    allow_progressive_scopes: true,
  })
})

test('the token stays inside the link', async () => {
  const provider = await openProvider(setting)
  const { url, link, ...outcome } = await provider.openLink()
  const token = new URL(url).searchParams.get('token') ?? ''
  expect(JSON.stringify([link, outcome])).not.toContain(token)
  expect(outcome).toMatchObject({ remoteLinkId: null, providerState: { baseline: [] } })
})

test.each([
  ['development', true],
  ['production', false],
])('in %s a login at Pipedream is needed: %s', async (environment, expected) => {
  const provider = await openProvider({ ...setting, environment: { PIPEDREAM_ENVIRONMENT: environment } })
  expect((await provider.openLink()).requiresProviderLogin).toBe(expected)
})

test('a refusal by the end user leads to the error address', async () => {
  const provider = await openProvider(setting)
  const { url } = await provider.openLink()
  const sent = await provider.decide(url, 'deny')
  expect(sent.headers.get('location')).toBe('https://app.example.com/failed?state=1')
})

test('an account says whose it is, and one of another user or app does not come into question', async () => {
  const { adapter, ...provider } = await openProvider(setting)
  const mine = await provider.openLink()
  const endUser = { id: 'user/2 é', name: null, email: null }
  const others = [await provider.openLink({ endUser }), await provider.openLink({ connectorKey: 'notion' })]
  for (const { url } of others) await provider.decide(url, 'approve')
  expect(await adapter.checkLink(mine.link, call)).toEqual({ kind: 'open' })
  const [other] = others
  if (other === undefined) throw new Error('no link')
  const connection = onlyConnection(await adapter.checkLink(other.link, call))
  expect(connection.endUserId).toBe('user/2 é')
})

test('credentials are never asked for', async () => {
  const { adapter, ...provider } = await openProvider(setting)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  await adapter.getConnection(onlyConnection(await adapter.checkLink(link, call)), call)
  await provider.connections()
  const paths = (await provider.requests()).map(({ path }) => path).join()
  expect(paths).not.toContain('include_credentials')
})

describe('its options', () => {
  test('take origins as texts or URLs', () => {
    const allowedOrigins = ['https://app.example.com', new URL('http://localhost:3000')]
    expect(pipedream.linkOptions.parse({ allowedOrigins })).toEqual({
      allowedOrigins: ['https://app.example.com', 'http://localhost:3000'],
    })
  })

  test('say which origin is none', () => {
    const allowedOrigins = ['https://a.example', 'https://b.example/path', 'ftp://c.example', 'd']
    const issues = pipedream.linkOptions.safeParse({ allowedOrigins, scope: ' ' }).error?.issues
    expect(issues?.map(({ path }) => path.join('.'))).toEqual([
      'allowedOrigins.1',
      'allowedOrigins.2',
      'allowedOrigins.3',
      'scope',
    ])
  })

  test('may be null', () => {
    const nothing = { allowedOrigins: null, oauthAppId: null, scope: null, allowProgressiveScopes: null }
    expect(pipedream.linkOptions.safeParse(nothing).success).toBe(true)
  })
})
