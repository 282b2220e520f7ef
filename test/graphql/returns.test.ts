import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import {
  approveAndReturn,
  followReturnUrl,
  startTestGateway,
  submitLinkPage,
  submitProviderPage,
  type TestGateway,
} from '../helpers/gateway.ts'
import { providersWith } from '../helpers/providers.ts'
import { createLinkOrThrow, postQuery, waitForStatus } from './open.ts'

/** With a parameter that the gateway replaces, and the route of a hash router. */
const redirectUri = 'https://app.example.com/done?state=a%20b&status=mine#/connections'
const kept = 'https://app.example.com/done?state=a%20b&connect_link_id='
const errorRedirectUri = 'https://app.example.com/sorry?state=c%2Fd'
const redirectUris = { redirectUri, errorRedirectUri }

const statusOf = async ({ send }: TestGateway, id: string) =>
  (await send(ConnectLinkDocument, { id })).connectLink?.status

const parametersOf = (url: string | null) => [...new URL(url ?? '').searchParams]

/** Returns the return URLs that the gateway has sent to the provider, by path. */
async function returnUrlsOf(gateway: TestGateway) {
  const text = await (await gateway.control('GET', 'requests')).text()
  const [token = ''] = text.match(/(?<=\/return\/)[\w-]{43}(?=\/success)/g)?.slice(-1) ?? []
  if (token === '') throw new Error('no provider request contains a return URL')
  return (path: 'success' | 'error') => `${gateway.url}/return/${token}/${path}`
}

describe('the return URL', () => {
  test.each(providersWith('successRedirect'))(
    'after success at %s redirects with status=success and keeps the query of redirectUri',
    async (provider) => {
      const gateway = await startTestGateway()
      const link = await createLinkOrThrow(gateway, provider, redirectUris)
      const { location } = await submitProviderPage(link.url ?? '', 'approve')
      const target = await followReturnUrl(location)
      expect(target?.startsWith(kept)).toBe(true)
      expect(target?.endsWith('&status=success#/connections')).toBe(true)
      expect(parametersOf(target)).toEqual([
        ['state', 'a b'],
        ['connect_link_id', link.id],
        ['status', 'success'],
      ])
    },
  )

  test('can lead to an application on the device, by a scheme that REDIRECT_ORIGINS lists', async () => {
    const gateway = await startTestGateway({ env: { REDIRECT_ORIGINS: 'myapp://' } })
    const link = await createLinkOrThrow(gateway, 'CENSUS', {
      redirectUri: 'myapp://callback?status=success',
    })
    const { location } = await submitProviderPage(link.url ?? '', 'approve')
    const target = await followReturnUrl(location)
    expect(target).toBe(`myapp://callback?connect_link_id=${encodeURIComponent(link.id)}&status=success`)
  })

  test('after a failure redirects to errorRedirectUri with status and error', async () => {
    const gateway = await startTestGateway()
    const link = await createLinkOrThrow(gateway, 'PIPEDREAM', redirectUris)
    const { location } = await submitProviderPage(link.url ?? '', 'deny')
    // Pipedream's webhook event names the reason; it is processed in the background.
    const lastFailure = 'query ($id: ID!) { connectLink(id: $id) { lastFailure { code } } }'
    const readFailure = async () => {
      gateway.clock.advance(6)
      await gateway.poll()
      return (await postQuery(gateway, lastFailure, { id: link.id })).data
    }
    await expect
      .poll(readFailure, { timeout: 30_000 })
      .toEqual({ connectLink: { lastFailure: { code: 'ACCESS_DENIED' } } })
    const target = await followReturnUrl(location)
    expect(target?.startsWith(`${errorRedirectUri}&`)).toBe(true)
    expect(parametersOf(target)).toEqual([
      ['state', 'c/d'],
      ['connect_link_id', link.id],
      ['status', 'failed'],
      ['error', 'ACCESS_DENIED'],
    ])
  })

  test('after a failure redirects to redirectUri if the link has no errorRedirectUri', async () => {
    const gateway = await startTestGateway()
    const link = await createLinkOrThrow(gateway, 'PIPEDREAM', { redirectUri })
    const { location } = await submitProviderPage(link.url ?? '', 'deny')
    const target = await followReturnUrl(location)
    expect(target?.startsWith(kept)).toBe(true)
    expect(parametersOf(target)).toContainEqual(['status', 'failed'])
  })

  test('shows a page of the gateway when the link has no redirectUri', async () => {
    const gateway = await startTestGateway()
    const { url } = await createLinkOrThrow(gateway, 'PIPEDREAM')
    const { location } = await submitProviderPage(url ?? '', 'approve')
    const response = await fetch(location ?? '', { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
  })

  test('gives the same redirect when it is opened twice', async () => {
    const gateway = await startTestGateway()
    const { url } = await createLinkOrThrow(gateway, 'PIPEDREAM', redirectUris)
    const { location } = await submitProviderPage(url ?? '', 'approve')
    const target = await followReturnUrl(location)
    expect(await followReturnUrl(location)).toBe(target)
  })

  test('sends no-referrer and no-store, so that its parameters reach neither other sites nor a cache', async () => {
    const gateway = await startTestGateway()
    const { url } = await createLinkOrThrow(gateway, 'PIPEDREAM', redirectUris)
    const { location } = await submitProviderPage(url ?? '', 'approve')
    const { headers } = await fetch(location ?? '', { redirect: 'manual' })
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual([
      'no-referrer',
      'no-store',
    ])
  })
})

describe.each(providersWith('successRedirect'))('a forged return from %s', (provider) => {
  test.each(['success', 'error'] as const)('by the path %s does not end the link', async (path) => {
    const gateway = await startTestGateway({ maxWaitMs: 20 })
    const { id, url } = await createLinkOrThrow(gateway, provider, redirectUris)
    await submitLinkPage(url ?? '')
    const returnUrl = (await returnUrlsOf(gateway))(path)
    const targets = await Promise.all([returnUrl, returnUrl, returnUrl].map(followReturnUrl))
    for (const target of targets) {
      expect(target?.startsWith(path === 'success' ? kept : errorRedirectUri)).toBe(true)
      const expected = path === 'success' ? { status: 'pending' } : { status: 'failed', error: 'UNKNOWN' }
      expect(Object.fromEntries(parametersOf(target))).toMatchObject(expected)
      if (path === 'success') expect(parametersOf(target).map(([name]) => name)).not.toContain('error')
    }
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await statusOf(gateway, id)).toBe('AUTHORIZING')
    // The end user can still authorize and complete the link, except where a too early return was the only evidence.
    await approveAndReturn(url ?? '')
    if (path === 'error' || !providerFixtures[provider].isAttributedByReturn)
      return expect(await waitForStatus(gateway, id, /COMPLETED/)).toBeTruthy()
    gateway.clock.advance(60)
    await gateway.poll()
    expect(await statusOf(gateway, id)).toBe('AUTHORIZING')
    await expect
      .poll(async () => (await gateway.send(ConnectionsDocument, {})).connections.nodes, { timeout: 30_000 })
      .toMatchObject([{ status: 'ACTIVE', endUser: null }])
  })
})

test.each(['success', 'error'])('the return URL with an unknown token is 404: %s', async (path) => {
  const gateway = await startTestGateway()
  const { url } = await createLinkOrThrow(gateway, 'PIPEDREAM', redirectUris)
  const linkToken = url?.split('/').at(-1)
  for (const token of ['A'.repeat(43), linkToken, 'x', 'A'.repeat(100), `${linkToken}%2f..`]) {
    const response = await fetch(`${gateway.url}/return/${token}/${path}`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([404, null])
  }
})
