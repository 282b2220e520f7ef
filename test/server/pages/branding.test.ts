import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  type BrandingInput,
  CreateConnectLinkDocument,
  CreateSessionDocument,
} from '../../generated/graphql.ts'
import { asEndUser } from '../../graphql/as-end-user.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../../helpers/gateway.ts'
import { createTestLink, createXpanderLink, setLinkStatus, visit } from './visit.ts'

const env = {
  APP_NAME: 'Acme',
  APP_LOGO_URL: 'https://cdn.acme.example:8443/logo.svg?a=1&b=2',
  APP_COLOR: '#F60',
  APP_THEME: 'dark',
  SUPPORT_URL: 'mailto:help@acme.example',
  PRIVACY_URL: 'https://acme.example/privacy',
}

const other: BrandingInput = {
  applicationName: 'Umbrella',
  logoUrl: 'https://umbrella.example/logo.png',
  color: '#00ff00',
  supportUrl: 'https://umbrella.example/help',
  theme: 'LIGHT',
}

/** A gateway whose `send` uses the session of an end user. */
async function asSession(gateway: TestGateway, branding: BrandingInput): Promise<TestGateway> {
  const user = await asEndUser(gateway, 'ada', { branding })
  return {
    ...gateway,
    send: async (document, variables) => (await user.query(String(document), variables ?? {})).data as never,
  }
}

describe('the branding of the settings', () => {
  test('is that of all pages for end users, which do not name the gateway', async () => {
    const gateway = await startTestGateway({ env })
    const link = await createTestLink(gateway, 'FIVETRAN')
    const check = async (url: string) => {
      const { text, policy } = await visit(url)
      expect(text).toContain('data-theme="dark"')
      expect(text).toContain('<meta name="color-scheme" content="dark">')
      expect(text).toContain(
        'src="https://cdn.acme.example:8443/logo.svg?a=1&amp;b=2" alt="" width="32" height="32"',
      )
      expect(text).toContain('<span>Acme</span>')
      expect(text).toMatch(
        /<a href="mailto:help@acme.example" target="_blank" rel="noopener noreferrer">Help</,
      )
      expect(text).toContain('<a href="https://acme.example/privacy"')
      expect(text).not.toMatch(/Connect Gateway/i)
      expect(policy['img-src']).toBe("'self' https://cdn.acme.example:8443")
      const style = /href="([^"]*brand-ff6600\.css[^"]*)"/.exec(text)?.[1] ?? ''
      expect((await visit(new URL(style, url).href)).text).toContain('--button:#ff6600')
    }
    await check(link.url)
    await setLinkStatus(gateway, link, 'EXPIRED')
    for (const path of ['connect/unknown', 'nothing']) await check(`${gateway.url}/${path}`)
    await check(link.url)
    const start = await visit(`${gateway.url}/`)
    expect(start.text).toContain('Connect Gateway')
    expect(start.policy['img-src']).toBe("'self'")
  })

  test('is absent by default: the pages have neutral words', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'FIVETRAN', { connector: 'hubspot' })
    const { text, policy } = await visit(link.url)
    expect(text).toContain('<h1>Connect HubSpot</h1>')
    expect(text).not.toMatch(/<header|brand-|data-theme|class="links"|Connect Gateway/)
    expect(policy['img-src']).toBe("'self'")
    for (const name of ['brand-12345.css', 'brand-12345g.css', 'brand-FFFFFF.css'])
      expect((await visit(`${gateway.url}/assets/${name}`)).status).toBe(404)
  })
})

describe('the branding of a session', () => {
  test('is that of the pages of its links, and the settings have the rest', async () => {
    const gateway = await startTestGateway({ env })
    const link = await createXpanderLink(await asSession(gateway, other))
    const { text, policy } = await visit(link.url)
    expect(text).toContain('<title>Connect GitHub to Umbrella</title>')
    expect(text).toContain('data-theme="light"')
    expect(text).toContain('brand-00ff00.css')
    expect(text).toContain('<a href="https://umbrella.example/help"')
    expect(text).toContain('<a href="https://acme.example/privacy"')
    expect(policy['img-src']).toBe("'self' https://umbrella.example")
    await submitProviderPage(link.url, 'approve')
    gateway.clock.advance(10)
    await gateway.poll()
    expect(await (await fetch(`${link.url}/events`)).text()).toContain('connected to Umbrella')
    expect((await visit(link.url)).text).toContain('<span>Umbrella</span>')
  })

  test('is fixed in its token: neither the link nor the page may change it', async () => {
    const gateway = await startTestGateway({ env })
    const user = await asEndUser(gateway, 'ada', {
      branding: { applicationName: ' Umbrella ' },
      locale: 'DE-at',
    })
    expect(decodeJwt(user.token)).toMatchObject({
      branding: { applicationName: 'Umbrella' },
      locale: 'de-AT',
    })
    const input = { connector: 'hubspot', branding: { applicationName: 'Bank' } }
    const { data } = await user.query(String(CreateConnectLinkDocument), { provider: 'FIVETRAN', input })
    expect(data?.createConnectLink).toMatchObject({
      issues: [{ path: ['input', 'branding'], message: 'is for API keys only' }],
    })
  })
})

test('an API key gives a link its own branding, and a repeated call returns the same link', async () => {
  const gateway = await startTestGateway({ env })
  const more = { connector: 'hubspot', branding: other, idempotencyKey: 'once' }
  const link = await createTestLink(gateway, 'FIVETRAN', more)
  expect((await visit(link.url)).text).toContain('<title>Connect HubSpot to Umbrella</title>')
  expect((await createTestLink(gateway, 'FIVETRAN', more)).id).toBe(link.id)
  await expect(
    createTestLink(gateway, 'FIVETRAN', { ...more, branding: { applicationName: 'Acme' } }),
  ).rejects.toThrow('IDEMPOTENCY_CONFLICT')
})

test('every invalid entry is refused at its path, by sessions and links', async () => {
  const gateway = await startTestGateway()
  const cases: readonly (readonly [keyof BrandingInput, string])[] = [
    ...['', ' ', 'a\u0000', 'x'.repeat(61), '\u202eabc'].map((value) => ['applicationName', value] as const),
    ...['red', '#12', '#1234567', '3c4bc4', '#3c4bc4;}', 'url(x)'].map((value) => ['color', value] as const),
    ...[
      'javascript:alert(1)',
      'data:image/svg+xml,<svg/>',
      'http://acme.example/logo.png',
      'https://user:secret@acme.example/logo.png',
      'https://acme.example\\logo.png',
      "https://acme.example;script-src 'unsafe-inline'/",
      'https://*.example.com/x',
      '/logo.png',
      `https://acme.example/${'x'.repeat(500)}`,
    ].flatMap((value) =>
      (['logoUrl', 'supportUrl', 'privacyUrl'] as const).map((field) => [field, value] as const),
    ),
    ['logoUrl', 'mailto:help@acme.example'],
    ['supportUrl', 'mailto:help@acme.example?subject=x'],
  ]
  for (const [field, value] of cases) {
    const branding = { [field]: value }
    const issues = [{ path: ['input', 'branding', field] }]
    const { createSession } = await gateway.send(CreateSessionDocument, {
      input: { endUser: { id: 'ada' }, branding },
    })
    expect({ value, ...createSession }).toMatchObject({ value, issues })
  }
  const input = { connector: 'hubspot', endUser: { id: 'ada' }, branding: { color: 'red' }, locale: 'de_DE' }
  expect(await gateway.send(CreateConnectLinkDocument, { provider: 'FIVETRAN', input })).toMatchObject({
    createConnectLink: { issues: [{ path: ['input', 'locale'] }, { path: ['input', 'branding', 'color'] }] },
  })
})
