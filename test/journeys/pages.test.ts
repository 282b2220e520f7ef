import { describe, expect, test, vi } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { createTestLink, createXpanderLink, findReturnUrl, setLinkStatus } from '../server/pages/visit.ts'
import { expectAccessible } from './axe.ts'
import { noBrowser, previewAgent, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

const redirectUri = 'https://app.example.com/done'

const ended = (status: 'COMPLETED' | 'FAILED' | 'EXPIRED' | 'REVOKED' | 'SUPERSEDED') => {
  return async (gateway: TestGateway) => {
    const link = await createTestLink(gateway, 'FIVETRAN', { redirectUri })
    await setLinkStatus(gateway, link, status)
    return link.url
  }
}

async function linkPageWithNotes(gateway: TestGateway): Promise<string> {
  const { url } = await createTestLink(gateway, 'FIVETRAN')
  const instructions = 'Choose the account of your team, and allow reading contacts.'
  await gateway.connect.db
    .updateTable('connectLinks')
    .set({ instructions, requiresProviderLogin: true })
    .execute()
  return url
}

async function waitingLinkPage(gateway: TestGateway): Promise<string> {
  const link = await createXpanderLink(gateway)
  await setLinkStatus(gateway, link, 'OPENED')
  return link.url
}

async function returnPage(gateway: TestGateway, path: 'success' | 'error', status?: 'COMPLETED' | 'FAILED') {
  const link = await createTestLink(gateway, 'FIVETRAN')
  if (status) await setLinkStatus(gateway, link, status)
  return findReturnUrl(gateway).then((url) => url.replace(/success$/, path))
}

const branded = {
  APP_NAME: 'Donaudampfschifffahrt Analytics',
  APP_COLOR: '#e8590c',
  SUPPORT_URL: 'https://acme.example/help',
  PRIVACY_URL: 'https://acme.example/privacy',
}

async function longLinkPage(gateway: TestGateway): Promise<string> {
  const endUser = { id: 'user-1', email: 'maximiliane.musterfrau@subsidiary.example.com' }
  return (await createXpanderLink(gateway, { endUser })).url
}

const heldUntil = new Date('2026-11-22T08:15:00.000Z')

/** A page of a held link with the guard SAME_BROWSER. `others`: how many other browsers have returned. */
async function heldPage(gateway: TestGateway, at: 'link' | 'return', others = 0): Promise<string> {
  const endUser = { id: 'user-1', name: 'Ada Lovelace' }
  const link = await createTestLink(gateway, 'FIVETRAN', { guard: 'SAME_BROWSER', endUser })
  await gateway.connect.db.updateTable('connectLinks').set({ status: 'AUTHORIZING', heldUntil }).execute()
  const browser = { linkId: link.id, browserHash: 'other', claimed: false, openedAt: null, returnedAt: null }
  if (others > 0) await gateway.connect.db.insertInto('linkBrowsers').values(browser).execute()
  return at === 'link' ? link.url : findReturnUrl(gateway)
}

interface PageCase {
  readonly env?: Record<string, string>
  /** Of the browser. */
  readonly locale?: string
}

type OpenCase = (gateway: TestGateway) => Promise<string>

const pages: [name: string, open: OpenCase, given?: PageCase][] = [
  ['start', async ({ url }) => `${url}/`],
  ['start-without-form', async ({ url }) => `${url}/`, { env: { SANDBOX: 'off' } }],
  ['not-found', async ({ url }) => `${url}/nothing`],
  ['unknown', async ({ url }) => `${url}/connect/unknown`],
  ['link', async (gateway) => (await createTestLink(gateway, 'FIVETRAN')).url],
  ['link-with-notes', linkPageWithNotes],
  ['link-second-tab', async (gateway) => (await createXpanderLink(gateway)).url],
  ['waiting', waitingLinkPage],
  ['completed', ended('COMPLETED')],
  ['failed', ended('FAILED')],
  ['expired', ended('EXPIRED')],
  ['revoked', ended('REVOKED')],
  ['superseded', ended('SUPERSEDED')],
  ['returned-connected', (gateway) => returnPage(gateway, 'success', 'COMPLETED')],
  ['returned-failed', (gateway) => returnPage(gateway, 'error', 'FAILED')],
  ['returned-pending', (gateway) => returnPage(gateway, 'success')],
  ['returned-denied', (gateway) => returnPage(gateway, 'error')],
  ['held-code', (gateway) => heldPage(gateway, 'return'), { env: { APP_NAME: 'Acme' } }],
  ['held-refused', (gateway) => heldPage(gateway, 'return', 1), { env: { APP_NAME: 'Acme' } }],
  ['held', (gateway) => heldPage(gateway, 'link'), { env: { APP_NAME: 'Acme' } }],
  // The longest texts: the page with the code is the longest, and the link page has a long title.
  ...(['de', 'es', 'fr', 'pt', 'ja'] as const).flatMap((locale): typeof pages => [
    [`${locale}-link`, longLinkPage, { locale, env: branded }],
    [`${locale}-held-code`, (gateway) => heldPage(gateway, 'return'), { locale, env: branded }],
  ]),
  ...(['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const).map((provider): (typeof pages)[number] => [
    `sandbox-${provider}`,
    async (gateway) => {
      const connector = providerFixtures[provider].connectorKey
      return (await createTestLink(gateway, provider, { connector })).providerUrl
    },
  ]),
  ['sandbox-XPANDER', async (gateway) => (await createXpanderLink(gateway)).providerUrl],
  ['sandbox-unknown', async ({ url }) => `${url}/sandbox/fivetran/connect-card/setup?auth=unknown`],
  ['branded-waiting', waitingLinkPage, { env: branded }],
  ['branded-completed', ended('COMPLETED'), { env: { ...branded, APP_COLOR: '#ffd400' } }],
  [
    'branded-denied',
    (gateway) => returnPage(gateway, 'error'),
    { env: { ...branded, APP_COLOR: '#0a1a3a' } },
  ],
  ['branded-dark', waitingLinkPage, { env: { ...branded, APP_THEME: 'dark' } }],
  ['branded-light', waitingLinkPage, { env: { ...branded, APP_THEME: 'light' } }],
]

describe.skipIf(noBrowser)(`the pages${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(pages)(
    '%s: axe finds no violations, wide and narrow, light and dark',
    async (name, open, { env = {}, locale = 'en-US' } = {}) => {
      const gateway = await startTestGateway({ env, maxWaitMs: 50 })
      await gateway.connect.connectorSyncs.ensureFresh(30_000)
      // A preview agent, since other browsers would be redirected.
      const { page, browserErrors } = await openPage({ userAgent: previewAgent, locale })
      const response = await page.goto(await open(gateway))
      expect(locale).toContain(await page.locator('html').getAttribute('lang'))
      await expectAccessible(page, name)
      // The browser reports a response with status 4xx as an error, too; any other error is one of the page.
      const isExpected = (line: string) =>
        (response?.status() ?? 0) >= 400 && line.includes('Failed to load resource')
      expect(browserErrors.filter((line) => !isExpected(line))).toEqual([])
    },
  )
})
