import { describe, expect, test } from 'vitest'
import { ConnectLinkDocument } from '../../generated/graphql.ts'
import { startTestGateway } from '../../helpers/gateway.ts'
import { endAs, makeLink, navigation, ownForm, stepsOf, visit } from './visit.ts'

type Headers = Readonly<Record<string, string>>

describe('a person who goes there', () => {
  test.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const)(
    'is sent on to %s, and the link is opened',
    async (provider) => {
      const gateway = await startTestGateway()
      const link = await makeLink(gateway, provider)
      const { status, headers } = await visit(link.url, { headers: navigation })
      expect(status).toBe(302)
      expect(headers).toMatchObject({
        location: link.providerUrl,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
      expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
    },
  )

  test('is sent on again and again, and the link is opened once', async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN')
    for (const _ of [1, 2, 3]) expect((await visit(link.url, { headers: navigation })).status).toBe(302)
    expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })
})

const visitors: [name: string, headers: Headers, method?: string][] = [
  ['a HEAD', navigation, 'HEAD'],
  ['no Sec-Fetch headers', { 'user-agent': navigation['user-agent'] }],
  ['no headers at all', {}],
  ['Slackbot', { ...navigation, 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
  ["Slack's image proxy", { ...navigation, 'user-agent': 'Slack-ImgProxy (+https://api.slack.com/robots)' }],
  [
    'Outlook on a desktop',
    {
      ...navigation,
      'user-agent': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)',
    },
  ],
  ['Teams', { ...navigation, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5' }],
  ['Facebook', { ...navigation, 'user-agent': 'facebookexternalhit/1.1' }],
  ['a prefetch', { ...navigation, 'sec-purpose': 'prefetch' }],
  ['a frame, of a link that must not be in one', { ...navigation, 'sec-fetch-dest': 'iframe' }],
  ['a form of another site', { ...navigation, 'sec-fetch-site': 'cross-site' }, 'POST'],
]

describe.each(visitors)('%s', (_, headers, method = 'GET') => {
  test.each(['FIVETRAN', 'PIPEDREAM'] as const)('changes nothing about a link of %s', async (provider) => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, provider)
    const page = await visit(link.url, { headers, method })
    expect(page.status).toBe(200)
    expect(page.headers.location).toBeUndefined()
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(await stepsOf(gateway, link)).toEqual(['CREATED'])
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id: link.globalId })
    expect(connectLink?.status).toBe('CREATED')
  })
})

describe('the page with the button', () => {
  test('names the connector and the provider, and keeps the way there to itself', async () => {
    const { url, providerUrl } = await makeLink(await startTestGateway(), 'FIVETRAN')
    const { text, policy } = await visit(url)
    expect(text).toContain('<title>Connect HubSpot</title>')
    expect(text).toContain('<h1>Connect HubSpot</h1>')
    expect(text).toContain('with Fivetran')
    expect(text.match(/<form|<button>[^<]*/g)).toEqual(['<form', '<button>Continue to Fivetran'])
    expect(text).not.toContain(providerUrl.replaceAll('&', '&amp;'))
    expect(text).not.toContain(new URL(providerUrl).pathname)
    expect(policy['form-action']).toBe(`'self' ${new URL(providerUrl).origin}`)
  })

  test('has no body for a HEAD', async () => {
    const { url } = await makeLink(await startTestGateway(), 'FIVETRAN')
    expect((await visit(url, { method: 'HEAD' })).text).toBe('')
  })

  test.each<[name: string, headers: Headers]>([
    ['a browser', ownForm],
    ['a browser without Sec-Fetch headers', { origin: 'null' }],
  ])('leads on when %s presses it', async (_, headers) => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN')
    const pressed = await visit(link.url, { method: 'POST', headers })
    expect(pressed.status).toBe(303)
    expect(pressed.headers.location).toBe(link.providerUrl)
    expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is not for %s', async (method) => {
    const { url } = await makeLink(await startTestGateway(), 'FIVETRAN')
    const { status, headers } = await visit(url, { method, headers: ownForm })
    expect(status).toBe(405)
    expect(headers.allow).toBe('GET, HEAD, POST')
  })

  test("shows the provider's words, whatever they are, and only as words", async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN')
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

  test('speaks of connecting again where the link renews a connection', async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'FIVETRAN')
    await gateway.connect.db.updateTable('connectLinks').set({ purpose: 'RECONNECT' }).execute()
    expect((await visit(link.url)).text).toContain('<h1>Reconnect HubSpot</h1>')
  })
})

describe('in a frame', () => {
  const framed = { ...navigation, 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' }
  const redirectUri = 'https://app.example.com/done'

  test('a link that may be shown there is opened', async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'CENSUS')
    expect((await visit(link.url, { headers: framed })).status).toBe(302)
    expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
  })

  test.each<[name: string, provider: 'CENSUS' | 'FIVETRAN', env: Record<string, string>, expected: string]>([
    ["the application's", 'CENSUS', {}, 'https://app.example.com'],
    ['nobody else’s, where it may not', 'FIVETRAN', {}, "'none'"],
    [
      'those that are listed',
      'CENSUS',
      {
        REDIRECT_ORIGINS: 'https://app.example.com',
        CORS_ORIGINS: 'https://app.example.com,https://admin.example.com',
      },
      'https://app.example.com https://admin.example.com',
    ],
  ])('its pages show on %s pages', async (_, provider, env, expected) => {
    const gateway = await startTestGateway({ env })
    const link = await makeLink(gateway, provider, { redirectUri })
    expect((await visit(link.url)).policy['frame-ancestors']).toBe(expected)
    await endAs(gateway, link, 'EXPIRED')
    expect((await visit(link.url)).policy['frame-ancestors']).toBe(expected)
  })

  test('its pages show nowhere when no application is known', async () => {
    const { url } = await makeLink(await startTestGateway(), 'CENSUS')
    expect((await visit(url)).policy['frame-ancestors']).toBe("'none'")
  })
})
