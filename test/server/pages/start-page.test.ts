import { describe, expect, test } from 'vitest'
import { startTestGateway } from '../../helpers/gateway.ts'
import { startDoor } from '../raw-request.ts'
import { visit } from './visit.ts'

const tokenIn = (text: string) => /data-token="([^"]+)"/.exec(text)?.[1]

describe('the start page', () => {
  test('says what this is, how each provider is, and where GraphiQL is', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    const { status, text } = await visit(`${gateway.url}/`)
    expect(status).toBe(200)
    expect(statesIn(text)).toEqual({
      Fivetran: 'Up · sandbox',
      Census: 'Up · sandbox',
      Pipedream: 'Up · sandbox',
      xpander: 'Up · sandbox',
    })
    expect(text).toContain('href="graphql"')
  })

  test('says which providers are not configured, and has no form without any', async () => {
    const { url } = await startDoor()
    const { text } = await visit(`${url}/`)
    expect(new Set(Object.values(statesIn(text)))).toEqual(new Set(['Not configured']))
    expect(text).not.toContain('<form')
  })

  test('says that a provider is in trouble', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    await gateway.control('POST', 'faults', { provider: 'CENSUS', times: 1, status: 500 })
    const input = { connector: 'hubspot', endUser: { id: 'user-1' } }
    await gateway.post(
      'mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: CENSUS, input: $input) { __typename } }',
      { input },
    )
    expect(statesIn((await visit(`${gateway.url}/`)).text).Census).toBe('Degraded · sandbox')
  })

  test('has no body for a HEAD', async () => {
    const { url } = await startTestGateway()
    expect(await visit(`${url}/`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })
})

describe('its form', () => {
  test('offers each provider with a connector that it has', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    const { text, policy } = await visit(`${gateway.url}/`)
    expect(policy['connect-src']).toBe("'self'")
    const offered = [...text.matchAll(/<option value="(\w+)" data-connector="([^"]+)"/g)]
    expect(offered.map(([, provider]) => provider)).toEqual(['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'])
    for (const { provider, key, linkable, directions } of gateway.connect.catalogue.all()) {
      if (!offered.some(([, wanted, connector]) => wanted === provider && connector === key)) continue
      expect({ linkable, ways: directions.length }).toEqual({ linkable: true, ways: 1 })
    }
  })

  test('holds a session of one end user, and no key', async () => {
    const gateway = await startTestGateway()
    const { text } = await visit(`${gateway.url}/`)
    const token = tokenIn(text)
    expect(text).not.toContain('gw_test_key')
    const answer = await gateway.post(
      '{ viewer { kind endUser { id } } }',
      {},
      { authorization: `Bearer ${token}` },
    )
    expect(await answer.json()).toEqual({
      data: { viewer: { kind: 'END_USER', endUser: { id: 'demo-user' } } },
    })
  })

  test.each<[name: string, headers: Record<string, string>]>([
    ['another name', { host: 'gateway.example.com' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['a newer proxy', { forwarded: 'for=203.0.113.9' }],
  ])('is not for those who come by %s', async (_, headers) => {
    const { url } = await startTestGateway()
    const { status, text } = await visit(`${url}/`, { headers })
    expect(status).toBe(200)
    expect(text).not.toMatch(/<form|<script|data-token/)
    expect(text).toContain('Fivetran')
  })

  test('is not for production', async () => {
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
    expect(text).not.toMatch(/<form|<script|data-token/)
    expect(statesIn(text)).toMatchObject({
      Fivetran: 'Not configured',
      xpander: expect.stringMatching(/· real$/),
    })
  })
})

/** Provider and state, as they are shown. */
function statesIn(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/<li><strong>([^<]+)<\/strong> <span class="state" data-state="\w+">([^<]+)</g)
  return Object.fromEntries([...found].map(([, name = '', state = '']) => [name, state]))
}
