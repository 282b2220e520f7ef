import { describe, expect, test } from 'vitest'
import { html } from '../../../src/server/pages/html.ts'
import { type Page, sendPage } from '../../../src/server/pages/page.ts'
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { listen } from '../../helpers/listen.ts'
import { startDoor } from '../raw-request.ts'
import { endAs, makeLink, makeXpanderLink, returnAddress, visit } from './visit.ts'

const hostile = `"><script>alert('1')</script>&amp;`
const harmless = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;'

describe('the template', () => {
  test('escapes every value', () => {
    expect(html`<a title="${hostile}">${hostile}</a>`.html).toBe(`<a title="${harmless}">${harmless}</a>`)
  })

  test('leaves alone what it made itself, and writes nothing for nothing', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`)
    expect(html`<ul>${items}</ul>${null}${undefined}${2}`.html).toBe('<ul><li>a</li>\n<li>&lt;</li></ul>2')
  })
})

const pages: readonly (readonly [string, (gateway: TestGateway) => Promise<string>])[] = [
  ['the start page', async ({ url }) => `${url}/`],
  ['the page of nothing', async ({ url }) => `${url}/nothing/at/all`],
  ['the page of an unknown link', async ({ url }) => `${url}/connect/unknown`],
  ['the page of an unknown return', async ({ url }) => `${url}/return/unknown/success`],
  ['the way in', async (gateway) => (await makeLink(gateway, 'FIVETRAN')).url],
  ['the way in that waits', async (gateway) => (await makeXpanderLink(gateway)).url],
  [
    'the page of an ended link',
    async (gateway) => {
      const link = await makeLink(gateway, 'FIVETRAN')
      await endAs(gateway, link, 'REVOKED')
      return link.url
    },
  ],
  [
    'the page of a return',
    async (gateway) => {
      await makeLink(gateway, 'CENSUS')
      return returnAddress(gateway)
    },
  ],
]

describe.each(pages)('%s', (_, open) => {
  test('runs nothing inline, and nothing from elsewhere', async () => {
    const { headers, text, policy } = await visit(await open(await startTestGateway({ maxWaitMs: 50 })))
    expect(policy['default-src']).toBe("'none'")
    expect(policy['style-src']).toBe("'self'")
    expect(policy['base-uri']).toBe("'none'")
    expect(policy['frame-ancestors']).toBe("'none'")
    expect(policy['script-src']).toBe(text.includes('<script') ? "'self'" : undefined)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?! src=)/)
    for (const [, address = ''] of text.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).not.toMatch(/:|^\//)
  })

  test('is kept nowhere and told to nobody', async () => {
    const { headers } = await visit(await open(await startTestGateway({ maxWaitMs: 50 })))
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  test('has a language, one heading of the first rank, and landmarks', async () => {
    const { text } = await visit(await open(await startTestGateway({ maxWaitMs: 50 })))
    expect(text).toContain('<html lang="en">')
    for (const tag of ['<h1>', '<main>', '<header>', '<footer>']) expect(text.split(tag)).toHaveLength(2)
  })

  test('finds its style sheet, whatever stands before its path', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const address = await open(gateway)
    const { text } = await visit(address)
    const [, path = ''] = /rel="stylesheet" href="([^"]+)"/.exec(text) ?? []
    expect(await visit(new URL(path, address).href)).toMatchObject({ status: 200 })
    const behindProxy = new URL(address.replace(gateway.url, 'https://example.com/some/gateway'))
    expect(new URL(path, behindProxy).pathname).toBe('/some/gateway/assets/page.css')
  })
})

describe('assets', () => {
  test.each([
    ['page.css', 'text/css; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
    ['wait.js', 'text/javascript; charset=utf-8'],
    ['start.js', 'text/javascript; charset=utf-8'],
  ])('%s is %s, and may be kept for a while', async (name, type) => {
    const { url } = await startDoor()
    const asset = await visit(`${url}/assets/${name}?v=1`)
    expect(asset.status).toBe(200)
    expect(asset.text.length).toBeGreaterThan(100)
    expect(asset.headers).toMatchObject({
      'content-type': type,
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    })
  })

  test.each(['nothing.css', 'page.css/', '..%2fpage.ts', 'constructor', '__proto__'])(
    '%s is none',
    async (name) => {
      const { url } = await startDoor()
      expect((await visit(`${url}/assets/${name}`)).status).toBe(404)
    },
  )
})

/** What a page's policy makes of origins. */
async function policyWith(origins: Pick<Page, 'formOrigins' | 'frameOrigins'>) {
  const page = { title: 'x', main: html`x`, ...origins }
  const { href } = await listen((_, response) => sendPage(response, page))
  return (await visit(href)).policy
}

describe('a policy', () => {
  test('has no origins that would say more than an origin', async () => {
    const policy = await policyWith({
      formOrigins: ['https://a;script-src', "'unsafe-inline'", 'http://127.0.0.1:4010'],
      frameOrigins: ['https://*', 'https://*.com', 'https://b,c', 'https://app.example.com'],
    })
    expect(policy['form-action']).toBe("'self' http://127.0.0.1:4010")
    expect(policy['frame-ancestors']).toBe('https://app.example.com')
  })

  test('lets a form lead on to where a provider signs people in', async () => {
    const policy = await policyWith({ formOrigins: ['https://app.provider.example:8443'] })
    expect(policy['form-action']).toBe("'self' https://app.provider.example:8443 https://*.provider.example")
  })
})
