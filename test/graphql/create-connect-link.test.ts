import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import {
  awaitSyncsAndClearRequests,
  createLink,
  createLinkOrThrow,
  providerRequests,
  providers,
  xpanderKey,
} from './open.ts'

type Input = Partial<CreateConnectLinkInput>

describe('createConnectLink', () => {
  test.each(providers)(
    'at %s returns a link of the end user, with both URLs and its expiry',
    async (provider) => {
      const gateway = await startTestGateway()
      const endUser = { id: 'user-1', name: 'Ada', email: 'ada@example.com' }
      const tags = [{ key: 'team', value: 'blue' }]
      const link = await createLinkOrThrow(gateway, provider, { endUser, tags })
      expect(link).toMatchObject({
        ...providerFixtures[provider].newLink,
        endUser,
        tags,
        status: 'CREATED',
        purpose: 'CONNECT',
        provider: { key: provider },
        connection: null,
        createdAt: '2026-11-22T08:00:00.000Z',
        history: [{ from: null, to: 'CREATED', source: 'API_CALL', reason: null }],
      })
      expect(link.url).toMatch(new RegExp(`^${gateway.url}/connect/[\\w-]{43}$`))
      expect(link.providerUrl).toMatch(new RegExp(`^${gateway.url}/sandbox/${provider.toLowerCase()}/`))
    },
  )

  test.each<[ProviderKey, object]>([
    ['FIVETRAN', { expiresAt: '2026-11-22T08:10:00.000Z', expirySource: 'GATEWAY_POLICY' }],
    ['PIPEDREAM', { expiresAt: '2026-11-22T08:10:00.000Z', expirySource: 'PROVIDER' }],
  ])('at %s applies expiresInSeconds', async (provider, expected) => {
    const link = await createLinkOrThrow(await startTestGateway(), provider, { expiresInSeconds: 600 })
    expect(link).toMatchObject(expected)
  })

  test('limits the lifetime at every provider to LINK_TTL_SECONDS', async () => {
    const gateway = await startTestGateway({ env: { LINK_TTL_SECONDS: '60' } })
    for (const provider of providers) {
      const link = await createLinkOrThrow(gateway, provider)
      expect(link).toMatchObject({ expiresAt: '2026-11-22T08:01:00.000Z', expirySource: 'GATEWAY_POLICY' })
    }
  })
})

describe('an option that the provider does not support', () => {
  const both = { redirectUri: 'https://a.example/ok', errorRedirectUri: 'https://a.example/no' }

  test.each<[ProviderKey, Input, readonly string[]]>([
    ['FIVETRAN', both, ['input.errorRedirectUri']],
    ['FIVETRAN', { fivetran: { table: 'leads' } }, ['input.fivetran.table']],
    ['CENSUS', both, ['input.errorRedirectUri']],
    ['CENSUS', { expiresInSeconds: 604_800 }, ['input.expiresInSeconds']],
    ['PIPEDREAM', both, []],
    // xpander does not redirect back. The gateway's own page redirects instead, so there is no warning.
    ['XPANDER', both, []],
    [
      'XPANDER',
      { connector: xpanderKey('Algolia'), xpander: { security: { apiKey: 'k' } }, ...both },
      ['input.redirectUri', 'input.errorRedirectUri'],
    ],
  ])('is reported as a warning: %s %j', async (provider, input, paths) => {
    const result = await createLink(await startTestGateway(), provider, input)
    if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
    expect(result.warnings.map(({ path }) => path.join('.'))).toEqual(paths)
    expect(result.warnings.every(({ code }) => code === 'NOT_SUPPORTED_BY_PROVIDER')).toBe(true)
  })

  test.each<[ProviderKey, Input]>([
    ['FIVETRAN', { direction: 'DESTINATION' }],
    ['CENSUS', { direction: 'SOURCE' }],
    ['CENSUS', { connector: 'custom_api' }],
    ['PIPEDREAM', { direction: 'SOURCE' }],
    ['PIPEDREAM', { connector: 'hacker_news' }],
    ['XPANDER', { connector: xpanderKey('Workday') }],
  ])(
    'and that prevents the link returns UnsupportedError without a provider request: %s %j',
    async (provider, input) => {
      const gateway = await startTestGateway()
      await awaitSyncsAndClearRequests(gateway)
      const result = await createLink(gateway, provider, input)
      expect(result).toMatchObject({ __typename: 'UnsupportedError', code: 'UNSUPPORTED' })
      expect(await providerRequests(gateway)).toEqual([])
    },
  )
})

describe('an unknown connector', () => {
  test.each(providers)('at %s returns NotFoundError without a provider request', async (provider) => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const result = await createLink(gateway, provider, { connector: 'no_such_thing' })
    expect(result).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
    expect(await providerRequests(gateway)).toEqual([])
  })
})

test.each<[ProviderKey, string]>([
  ['FIVETRAN', '/v1/metadata/connector-types'],
  ['CENSUS', '/api/v2/activation_types'],
  ['PIPEDREAM', '/v1/connect/apps'],
])('createConnectLink at %s does not wait for the catalogue', async (provider, path) => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const fault = { provider, method: 'GET', path, times: 1000, status: 500 }
  expect((await sandbox.request('POST', '/__sandbox/faults', { body: fault })).status).toBe(201)
  const gateway = await startTestGateway({ sandbox, clock })
  expect(await createLinkOrThrow(gateway, provider)).toMatchObject({ status: 'CREATED', connector: null })
})
