import { describe, expect, test } from 'vitest'
import { html } from '../../../src/server/pages/html.ts'
import { sendPage } from '../../../src/server/pages/page.ts'
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { listen } from '../../helpers/listen.ts'
import { startWithoutProviders } from '../raw-request.ts'
import { createTestLink, createXpanderLink, findReturnUrl, setLinkStatus, visit } from './visit.ts'

const unescaped = `"><script>alert('1')</script>&amp;`
const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;'

describe('html', () => {
  test('escapes every value', () => {
    expect(html`<a title="${unescaped}">${unescaped}</a>`.html).toBe(`<a title="${escaped}">${escaped}</a>`)
  })

  test('does not escape its own fragments, and renders nothing for null and undefined', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`)
    expect(html`<ul>${items}</ul>${null}${undefined}${2}`.html).toBe('<ul><li>a</li>\n<li>&lt;</li></ul>2')
  })
})

const pages: readonly (readonly [string, (gateway: TestGateway) => Promise<string>])[] = [
  ['the start page', async ({ url }) => `${url}/`],
  ['the 404 page', async ({ url }) => `${url}/nothing/at/all`],
  ['the page of an unknown link', async ({ url }) => `${url}/connect/unknown`],
  ['the page of an unknown return URL', async ({ url }) => `${url}/return/unknown/success`],
  ['the link page', async (gateway) => (await createTestLink(gateway, 'FIVETRAN')).url],
  ['the waiting link page', async (gateway) => (await createXpanderLink(gateway)).url],
  [
    'the page of an ended link',
    async (gateway) => {
      const link = await createTestLink(gateway, 'FIVETRAN')
      await setLinkStatus(gateway, link, 'REVOKED')
      return link.url
    },
  ],
  [
    'the return page',
    async (gateway) => {
      await createTestLink(gateway, 'CENSUS')
      return findReturnUrl(gateway)
    },
  ],
]

describe.each(pages)('%s', (_, open) => {
  test('has no inline scripts or styles, and loads nothing from other origins', async () => {
    const { headers, text, policy } = await visit(await open(await startTestGateway({ maxWaitMs: 50 })))
    expect(policy['default-src']).toBe("'none'")
    expect(policy['style-src']).toBe("'self'")
    expect(policy['base-uri']).toBe("'none'")
    expect(policy['frame-ancestors']).toBe("'none'")
    expect(policy['script-src']).toBe(text.includes('<script') ? "'self'" : undefined)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?! src=)/)
    for (const [, url = ''] of text.matchAll(/(?:src|href)="([^"]*)"/g)) expect(url).not.toMatch(/:|^\//)
  })

  test('is not cached and sends no referrer', async () => {
    const { headers } = await visit(await open(await startTestGateway({ maxWaitMs: 50 })))
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  test('has a language, one first-level heading, and landmarks', async () => {
    const { text } = await visit(await open(await startTestGateway({ maxWaitMs: 50 })))
    expect(text).toContain('<html lang="en" dir="ltr"')
    for (const tag of ['<h1', '<main', '<footer']) expect(text.split(tag)).toHaveLength(2)
  })

  test('links its style sheet relatively, so that it works behind a proxy that adds a path prefix', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 50 })
    const url = await open(gateway)
    const { text } = await visit(url)
    const [, path = ''] = /rel="stylesheet" href="([^"]+)"/.exec(text) ?? []
    expect(await visit(new URL(path, url).href)).toMatchObject({ status: 200 })
    const behindProxy = new URL(url.replace(gateway.url, 'https://example.com/some/gateway'))
    expect(new URL(path, behindProxy).pathname).toBe('/some/gateway/assets/page.css')
  })
})

describe('assets', () => {
  test.each([
    ['page.css', 'text/css; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
    ['wait.js', 'text/javascript; charset=utf-8'],
    ['start.js', 'text/javascript; charset=utf-8'],
  ])('%s is %s and may be cached', async (name, type) => {
    const { url } = await startWithoutProviders()
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
    '%s is not found',
    async (name) => {
      const { url } = await startWithoutProviders()
      expect((await visit(`${url}/assets/${name}`)).status).toBe(404)
    },
  )
})

describe('the Content Security Policy', () => {
  test('drops values that are not a plain origin', async () => {
    const frameOrigins = ['https://*', 'https://*.com', 'https://b,c', 'https://app.example.com']
    const page = { title: 'x', main: html`x`, frameOrigins }
    const { href } = await listen((_, response) => sendPage(response, page))
    const { policy } = await visit(href)
    expect(policy['form-action']).toBe("'self'")
    expect(policy['frame-ancestors']).toBe('https://app.example.com')
  })
})
