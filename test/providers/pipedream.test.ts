import { describe, expect, test } from 'vitest'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: pipedream,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

testProvider({
  ...setup,
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

const requestsTo = async ({ requests }: TestProvider, end: string) =>
  (await requests()).filter(({ path }) => path.split('?')[0]?.endsWith(end))

const createFiftyLinks = (provider: TestProvider) =>
  Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      provider.createLink({ endUser: { id: `user-${number}`, name: null, email: null } }),
    ),
  )

describe('the access token', () => {
  test('is requested once for fifty concurrent links', async () => {
    const provider = await openProvider(setup)
    await createFiftyLinks(provider)
    expect(await requestsTo(provider, '/oauth/token')).toHaveLength(1)
    expect(await requestsTo(provider, '/tokens')).toHaveLength(50)
  })

  test('is requested once more when fifty concurrent calls get 401', async () => {
    const provider = await openProvider(setup)
    await provider.createLink()
    // Advances only the provider's clock: the gateway learns from the 401 that the token has expired.
    const body = JSON.stringify({ advanceSeconds: 3601 })
    const headers = { 'content-type': 'application/json' }
    await fetch(`${provider.sandbox.url}__sandbox/clock`, { method: 'POST', headers, body })
    await createFiftyLinks(provider)
    expect(await requestsTo(provider, '/oauth/token')).toHaveLength(2)
  })

  test('is renewed before it expires', async () => {
    const provider = await openProvider(setup)
    await provider.connections()
    provider.advance(3600 - 60)
    await provider.connections()
    expect(await requestsTo(provider, '/oauth/token')).toHaveLength(2)
  })

  test.each([
    ['401', { status: 401 }, 'PROVIDER_UNAUTHORIZED'],
    ['an unexpected body', { status: 200, body: { token: 'LEAK' } }, 'PROVIDER_INVALID_RESPONSE'],
    ['503', { status: 503 }, 'PROVIDER_UNAVAILABLE'],
  ])('makes the call fail if the token endpoint returns %s', async (_, fault, code) => {
    const provider = await openProvider(setup)
    await provider.fault({ path: '/v1/oauth/token', ...fault })
    await expect(provider.createLink()).rejects.toMatchObject({ code })
    expect(await requestsTo(provider, '/tokens')).toEqual([])
    expect(provider.logged()).not.toMatch(/LEAK|sandbox-secret/)
  })
})

test('the link URL contains the app and the OAuth client of the options', async () => {
  const provider = await openProvider(setup)
  const plain = new URL((await provider.openLink()).url)
  expect(plain.searchParams.get('app')).toBe('github')
  expect(plain.searchParams.get('token')).toMatch(/^ctok_/)
  expect(plain.searchParams.has('oauthAppId')).toBe(false)
  const own = new URL((await provider.openLink({ options: { oauthAppId: 'oa_a&b' } })).url)
  expect(own.searchParams.get('oauthAppId')).toBe('oa_a&b')
  expect(own.searchParams.get('app')).toBe('github')
})

test('the token request contains all options that are set and omits the others', async () => {
  const provider = await openProvider(setup)
  await provider.openLink()
  await provider.openLink({
    expiresInSeconds: 600,
    options: {
      allowedOrigins: ['https://app.example.com'],
      oauthAppId: 'oa_own',
      scope: 'connect:accounts:read',
      allowProgressiveScopes: true,
    },
  })
  const [first, second] = await requestsTo(provider, '/tokens')
  const least = {
    external_user_id: 'user-1',
    app_id: 'github',
    success_redirect_uri: 'https://app.example.com/return?state=1',
    error_redirect_uri: 'https://app.example.com/failed?state=1',
  }
  expect(first?.headers['x-pd-environment']).toBe('development')
  expect(first?.body).toEqual(least)
  expect(second?.body).toEqual({
    ...least,
    oauth_app_id: 'oa_own',
    expires_in: 600,
    allowed_origins: ['https://app.example.com'],
    scope: 'connect:accounts:read',
    allow_progressive_scopes: true,
  })
})

test('only the link URL contains the token', async () => {
  const provider = await openProvider(setup)
  const { url, ...outcome } = await provider.openLink()
  const { url: _, ...link } = outcome.link
  const token = new URL(url).searchParams.get('token') ?? ''
  expect(JSON.stringify({ ...outcome, link })).not.toContain(token)
  expect(outcome).toMatchObject({ remoteLinkId: null, providerState: { baseline: [] } })
})

test.each([
  ['development', true],
  ['production', false],
])('requiresProviderLogin in %s is %s', async (environment, expected) => {
  const provider = await openProvider({ ...setup, environment: { PIPEDREAM_ENVIRONMENT: environment } })
  expect((await provider.openLink()).requiresProviderLogin).toBe(expected)
})

test('a denial by the end user redirects to the error URL', async () => {
  const provider = await openProvider(setup)
  const { url } = await provider.openLink()
  const response = await provider.decide(url, 'deny')
  expect(response.headers.get('location')).toBe('https://app.example.com/failed?state=1')
})

test('accounts of another end user or app are not candidates, and accounts contain the end user ID', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const first = await provider.openLink()
  const endUser = { id: 'user/2 é', name: null, email: null }
  const others = [await provider.openLink({ endUser }), await provider.openLink({ connectorKey: 'notion' })]
  for (const { url } of others) await provider.decide(url, 'approve')
  expect(await adapter.checkLink(first.link, call)).toEqual({ kind: 'open' })
  const [other] = others
  if (other === undefined) throw new Error('no link')
  const connection = onlyConnection(await adapter.checkLink(other.link, call))
  expect(connection.endUserId).toBe('user/2 é')
})

test('no request contains include_credentials', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  await adapter.getConnection(onlyConnection(await adapter.checkLink(link, call)), call)
  await provider.connections()
  const paths = (await provider.requests()).map(({ path }) => path).join()
  expect(paths).not.toContain('include_credentials')
})

describe('linkOptions', () => {
  test('accepts origins as strings or URL objects', () => {
    const allowedOrigins = ['https://app.example.com', new URL('http://localhost:3000')]
    expect(pipedream.linkOptions.parse({ allowedOrigins })).toEqual({
      allowedOrigins: ['https://app.example.com', 'http://localhost:3000'],
    })
  })

  test('reports each invalid origin', () => {
    const allowedOrigins = ['https://a.example', 'https://b.example/path', 'ftp://c.example', 'd']
    const issues = pipedream.linkOptions.safeParse({ allowedOrigins, scope: ' ' }).error?.issues
    expect(issues?.map(({ path }) => path.join('.'))).toEqual([
      'allowedOrigins.1',
      'allowedOrigins.2',
      'allowedOrigins.3',
      'scope',
    ])
  })

  test('accepts null for all fields', () => {
    const nulls = { allowedOrigins: null, oauthAppId: null, scope: null, allowProgressiveScopes: null }
    expect(pipedream.linkOptions.safeParse(nulls).success).toBe(true)
  })
})
