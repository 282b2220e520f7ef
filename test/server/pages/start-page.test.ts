import { describe, expect, test } from 'vitest'
import { providerKeys } from '../../../src/domain/provider-key.ts'
import { providerFixtures } from '../../fixtures/providers.ts'
import { startTestGateway } from '../../helpers/gateway.ts'
import { startWithoutProviders } from '../raw-request.ts'
import { startCookieOf, visit } from './visit.ts'

const tokenIn = (text: string) => /data-token="([^"]+)"/.exec(text)?.[1]

describe('the start page', () => {
  test('shows the health of each provider and a link to GraphiQL', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    const { status, text } = await visit(`${gateway.url}/`)
    expect(status).toBe(200)
    expect(statesIn(text)).toEqual(
      Object.fromEntries(providerKeys.map((key) => [providerFixtures[key].name, 'Up · sandbox'])),
    )
    expect(text).toContain('href="graphql"')
  })

  test('shows which providers are not configured, and has no form if none is', async () => {
    const gateway = await startWithoutProviders()
    const { text } = await visit(`${gateway.url}/`, { headers: await startCookieOf(gateway) })
    expect(new Set(Object.values(statesIn(text)))).toEqual(new Set(['Not configured']))
    expect(text).not.toContain('<form')
  })

  test('shows a failing provider as degraded', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    await gateway.control('POST', 'faults', { provider: 'CENSUS', method: 'POST', times: 1, status: 500 })
    const input = { connector: 'hubspot', endUser: { id: 'user-1' } }
    await gateway.post(
      'mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: CENSUS, input: $input) { __typename } }',
      { input },
    )
    expect(statesIn((await visit(`${gateway.url}/`)).text).Census).toBe('Degraded · sandbox')
  })

  test('has no body for HEAD', async () => {
    const { url } = await startTestGateway()
    expect(await visit(`${url}/`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })
})

describe('the form of the start page', () => {
  test.each([
    ['off', true],
    ['sessions', false],
    ['all', false],
  ])(
    'is shown with TRUSTED_DOCUMENTS=%s: %s, because its script sends its own documents',
    async (mode, isShown) => {
      const gateway = await startTestGateway({ env: { TRUSTED_DOCUMENTS: mode } })
      const { text } = await visit(`${gateway.url}/`, { headers: await startCookieOf(gateway) })
      expect(text.includes('<form')).toBe(isShown)
    },
  )

  test('offers each provider with a connector of its catalogue, also just after the first start', async () => {
    const gateway = await startTestGateway()
    const { text, policy } = await visit(`${gateway.url}/`, { headers: await startCookieOf(gateway) })
    expect(policy['connect-src']).toBe("'self'")
    const offered = [...text.matchAll(/<option value="(\w+)" data-connector="([^"]+)"/g)]
    expect(offered.map(([, provider]) => provider)).toEqual(providerKeys)
    for (const [, provider, connector] of offered) {
      const found = gateway.connect.catalogue
        .all()
        .find((one) => one.provider === provider && one.key === connector)
      expect({ provider, ...found }).toMatchObject({
        provider,
        linkable: true,
        directions: [expect.any(String)],
      })
    }
  })

  test('contains a session token of the demo user, and no API key', async () => {
    const gateway = await startTestGateway()
    const { text } = await visit(`${gateway.url}/`, { headers: await startCookieOf(gateway) })
    const token = tokenIn(text)
    expect(text).not.toContain('gw_test_key')
    const response = await gateway.post(
      '{ viewer { kind endUser { id } } }',
      {},
      { authorization: `Bearer ${token}` },
    )
    expect(await response.json()).toEqual({
      data: { viewer: { kind: 'END_USER', endUser: { id: 'demo-user' } } },
    })
  })

  test('is not shown without the cookie: the page explains where the address is', async () => {
    const { url } = await startTestGateway()
    const { status, text } = await visit(`${url}/`)
    expect(status).toBe(200)
    expect(text).not.toMatch(/<form|<script|data-token/)
    expect(text).toContain('printed in the terminal')
    expect(text).toContain('Fivetran')
  })

  test('is not shown in production', async () => {
    const { url } = await startTestGateway({
      env: {
        NODE_ENV: 'production',
        GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
        XPANDER_API_KEY: 'some-key',
        XPANDER_BASE_URL: 'http://127.0.0.1:1',
      },
    })
    const { status, text } = await visit(`${url}/`)
    expect(status).toBe(200)
    expect(text).not.toMatch(/<form|<script|data-token|terminal|GraphiQL/)
    expect(statesIn(text)).toMatchObject({
      Fivetran: 'Not configured',
      xpander: expect.stringMatching(/· real$/),
    })
  })
})

/** The displayed state by provider name. */
function statesIn(text: string): Readonly<Record<string, string>> {
  const items = text.matchAll(/<li><strong>([^<]+)<\/strong> <span class="state" data-state="\w+">([^<]+)</g)
  return Object.fromEntries([...items].map(([, name = '', state = '']) => [name, state]))
}
