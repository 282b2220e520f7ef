import { describe, expect, test } from 'vitest'
import { startTestGateway, submitProviderPage } from '../../helpers/gateway.ts'
import { createTestLink, findReturnUrl, navigation, statusHistoryOf, visit } from './visit.ts'

const redirectUri = 'https://app.example.com/done?a=1'

describe('the return page', () => {
  test('redirects to the application with the result', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 2_000 })
    const link = await createTestLink(gateway, 'FIVETRAN', { redirectUri })
    const { location } = await submitProviderPage(link.providerUrl, 'approve')
    const { status, headers } = await visit(location ?? '', { headers: navigation })
    expect(status).toBe(303)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const target = new URL(headers.location ?? '')
    expect(Object.fromEntries(target.searchParams)).toEqual({
      a: '1',
      connect_link_id: link.globalId,
      status: 'success',
    })
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'AUTHORIZING', 'COMPLETED'])
  })

  test('shows "Connected" if the application set no redirect URI', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 2_000 })
    const link = await createTestLink(gateway, 'FIVETRAN')
    const { location } = await submitProviderPage(link.providerUrl, 'approve')
    const { status, text } = await visit(location ?? '', { headers: navigation })
    expect(status).toBe(200)
    expect(text).toContain('<h1>Connected</h1>')
    expect(text.match(/<script src="[./]*assets\/(.*?)\?/)?.[1]).toBe('notify.js')
  })

  test.each([
    ['success', 'Almost there'],
    ['error', 'Nothing was connected'],
  ] as const)('waits on the %s path before the provider has confirmed: %s', async (path, title) => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const link = await createTestLink(gateway, 'PIPEDREAM', { connector: 'github' })
    const returnUrl = await findReturnUrl(gateway, path)
    const { status, text, policy } = await visit(returnUrl, { headers: navigation })
    expect(status).toBe(200)
    expect(text).toContain(`<h1>${title}</h1>`)
    expect(text).toMatch(/data-events="events" data-waiting aria-live="polite"/)
    expect(policy['connect-src']).toBe("'self'")
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'AUTHORIZING'])
  })

  test('receives the result as a server-sent event', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const link = await createTestLink(gateway, 'FIVETRAN')
    const returnUrl = await findReturnUrl(gateway)
    await visit(returnUrl, { headers: navigation })
    const stream = await fetch(new URL('events', returnUrl))
    await submitProviderPage(link.providerUrl, 'approve')
    gateway.clock.advance(10)
    await gateway.poll()
    const text = await stream.text()
    expect(text).toContain('"status":"AUTHORIZING"')
    expect(text).toContain('"status":"COMPLETED","goTo":null,"title":"Connected"')
  })
})

describe('a request that is no return', () => {
  test.each([
    ['HEAD', 'HEAD', navigation, 200],
    ['a prefetch', 'GET', { ...navigation, 'sec-purpose': 'prefetch' }, 503],
  ] as const)('%s does not change the link', async (_, method, headers, expected) => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const link = await createTestLink(gateway, 'FIVETRAN', { redirectUri })
    const page = await visit(await findReturnUrl(gateway), { method, headers })
    expect(page.status).toBe(expected)
    expect(page.headers.location).toBeUndefined()
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED'])
  })

  test.each(['GET', 'HEAD'])('%s of an unknown return URL returns 404', async (method) => {
    const { url } = await startTestGateway()
    for (const path of ['success', 'error', 'events']) {
      expect((await visit(`${url}/return/unknown/${path}`, { method })).status).toBe(404)
    }
    expect((await visit(`${url}/return/unknown/other`, { method })).status).toBe(404)
  })
})
