import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../../fixtures/providers.ts'
import { ConnectLinkDocument } from '../../generated/graphql.ts'
import { startTestGateway } from '../../helpers/gateway.ts'
import { providersWith } from '../../helpers/providers.ts'
import { refreshTargetOf } from '../../helpers/refresh-target.ts'
import { createTestLink, navigation, ownForm, setLinkStatus, statusHistoryOf, visit } from './visit.ts'

type Headers = Readonly<Record<string, string>>

describe('a navigation of a browser', () => {
  test.each(providersWith('successRedirect'))('is redirected to %s, and opens the link', async (provider) => {
    const gateway = await startTestGateway()
    const connector = providerFixtures[provider].connectorKey
    const link = await createTestLink(gateway, provider, { connector })
    const { status, headers } = await visit(link.url, { headers: navigation })
    expect(status).toBe(302)
    expect(headers).toMatchObject({
      location: link.providerUrl,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })

  test('is redirected each time, and opens the link only once', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN')
    for (const _ of [1, 2, 3]) expect((await visit(link.url, { headers: navigation })).status).toBe(302)
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })
})

const otherRequests: [name: string, headers: Headers, method?: string][] = [
  ['HEAD', navigation, 'HEAD'],
  ['no Sec-Fetch headers', { 'user-agent': navigation['user-agent'] }],
  ['no headers at all', {}],
  ['Slackbot', { ...navigation, 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
  ["Slack's image proxy", { ...navigation, 'user-agent': 'Slack-ImgProxy (+https://api.slack.com/robots)' }],
  [
    'Outlook for desktop',
    {
      ...navigation,
      'user-agent': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)',
    },
  ],
  ['Teams', { ...navigation, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5' }],
  ['Facebook', { ...navigation, 'user-agent': 'facebookexternalhit/1.1' }],
  ['a prefetch', { ...navigation, 'sec-purpose': 'prefetch' }],
  ['a frame with a link that is not embeddable', { ...navigation, 'sec-fetch-dest': 'iframe' }],
  ['a form of another site', { ...navigation, 'sec-fetch-site': 'cross-site' }, 'POST'],
]

describe.each(otherRequests)('%s', (_, headers, method = 'GET') => {
  test.each(['FIVETRAN', 'PIPEDREAM'] as const)('does not change a link of %s', async (provider) => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, provider)
    const page = await visit(link.url, { headers, method })
    expect(page.status).toBe(200)
    expect(page.headers.location).toBeUndefined()
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED'])
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id: link.globalId })
    expect(connectLink?.status).toBe('CREATED')
  })
})

describe('the page with the button', () => {
  test('shows the connector and the provider, and does not contain the provider URL', async () => {
    const { url, providerUrl } = await createTestLink(await startTestGateway(), 'FIVETRAN')
    const { text, policy } = await visit(url)
    expect(text).toContain('<title>Connect HubSpot</title>')
    expect(text).toContain('<h1>Connect HubSpot</h1>')
    expect(text).toContain('with Fivetran')
    expect(text.match(/<form|<button>[^<]*/g)).toEqual(['<form', '<button>Continue to Fivetran', '<form'])
    expect(text).not.toContain(providerUrl.replaceAll('&', '&amp;'))
    expect(text).not.toContain(new URL(providerUrl).pathname)
    expect(policy['form-action']).toBe("'self'")
  })

  test('has no body for HEAD', async () => {
    const { url } = await createTestLink(await startTestGateway(), 'FIVETRAN')
    expect((await visit(url, { method: 'HEAD' })).text).toBe('')
  })

  test.each<[name: string, headers: Headers]>([
    ['a browser', ownForm],
    ['a browser without Sec-Fetch headers', { origin: 'null' }],
  ])('answers with a page that leads to the provider when %s submits the form', async (_, headers) => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN')
    const pressed = await visit(link.url, { method: 'POST', headers })
    expect(pressed.status).toBe(200)
    // Browsers apply `form-action` to a redirect that follows a form submission.
    expect(pressed.headers).not.toHaveProperty('location')
    expect(pressed.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    expect(refreshTargetOf(pressed.text)).toBe(link.providerUrl)
    expect(pressed.text).toContain(`<a class="button" href="${link.providerUrl.replaceAll('&', '&amp;')}">`)
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('answers 405 to %s', async (method) => {
    const { url } = await createTestLink(await startTestGateway(), 'FIVETRAN')
    const { status, headers } = await visit(url, { method, headers: ownForm })
    expect(status).toBe(405)
    expect(headers.allow).toBe('GET, HEAD, POST')
  })

  test("escapes the connector key and the provider's instructions", async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN')
    await gateway.connect.db
      .updateTable('connectLinks')
      .set({ connectorKey: '<b>"bold', instructions: '<script>1</script>', requiresProviderLogin: true })
      .execute()
    const { text } = await visit(link.url)
    expect(text).toContain('<h1>Connect &lt;b&gt;&quot;bold</h1>')
    expect(text).toContain('&lt;script&gt;1&lt;/script&gt;')
    expect(text).not.toMatch(/<b>|<script/)
    expect(text).toContain('signed in to Fivetran as a member')
  })

  test('is titled "Reconnect" for a link that renews a connection', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN')
    await gateway.connect.db.updateTable('connectLinks').set({ purpose: 'RECONNECT' }).execute()
    expect((await visit(link.url)).text).toContain('<h1>Reconnect HubSpot</h1>')
  })
})

describe('in a frame', () => {
  const framed = { ...navigation, 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' }
  const redirectUri = 'https://app.example.com/done'

  test('an embeddable link is opened', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'CENSUS')
    expect((await visit(link.url, { headers: framed })).status).toBe(302)
    expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })

  test.each<[name: string, provider: 'CENSUS' | 'FIVETRAN', env: Record<string, string>, expected: string]>([
    ['from the origin of its redirect URI', 'CENSUS', {}, 'https://app.example.com'],
    ['from no origin if it is not embeddable', 'FIVETRAN', {}, "'none'"],
    [
      'from the configured origins',
      'CENSUS',
      {
        REDIRECT_ORIGINS: 'https://app.example.com',
        CORS_ORIGINS: 'https://app.example.com,https://admin.example.com',
      },
      'https://app.example.com https://admin.example.com',
    ],
  ])('the pages of a link can be framed %s', async (_, provider, env, expected) => {
    const gateway = await startTestGateway({ env })
    const link = await createTestLink(gateway, provider, { redirectUri })
    expect((await visit(link.url)).policy['frame-ancestors']).toBe(expected)
    const pressed = await visit(link.url, { method: 'POST', headers: ownForm })
    expect(pressed.policy['frame-ancestors']).toBe(expected)
    await setLinkStatus(gateway, link, 'EXPIRED')
    expect((await visit(link.url)).policy['frame-ancestors']).toBe(expected)
  })

  test('the pages of a link cannot be framed without a redirect URI and configured origins', async () => {
    const { url } = await createTestLink(await startTestGateway(), 'CENSUS')
    expect((await visit(url)).policy['frame-ancestors']).toBe("'none'")
  })
})
