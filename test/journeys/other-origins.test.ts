import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { encryptionContext } from '../../src/connect/links/link-url.ts'
import { decodeIdOf } from '../../src/graphql/ids.ts'
import type { ProviderKey } from '../generated/graphql.ts'
import { asEndUser } from '../graphql/as-end-user.ts'
import { claim, createGuardedLink } from '../graphql/guarded.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { listen } from '../helpers/listen.ts'
import { createTestLink, createXpanderLink, type TestLink } from '../server/pages/visit.ts'
import { approve } from './application.ts'
import { noBrowser, previewAgent, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/** A provider whose link redirects to the login of another origin; returns the URLs of both. */
async function startProvider() {
  const referrers: (string | undefined)[] = []
  const login = await listen((request, response) => {
    referrers.push(request.headers.referer)
    response.setHeader('content-type', 'text/html')
    response.end('<title>Login</title><h1>Sign in at the provider</h1>')
  })
  const { href } = await listen((request, response) => {
    referrers.push(request.headers.referer)
    response.writeHead(302, { location: `${login.href}login${request.url}` }).end()
  })
  return { linkUrl: `${href}start?a=1&b='2;3'`, loginUrl: `${login.href}login/**`, referrers }
}

/** Makes the link lead to this URL of the provider. */
async function leadTo({ connect }: TestGateway, { id }: Pick<TestLink, 'id'>, url: string): Promise<void> {
  const providerUrlEncrypted = connect.encryption.encrypt(url, encryptionContext(id, 'url'))
  await connect.db.updateTable('connectLinks').set({ providerUrlEncrypted }).where('id', '=', id).execute()
}

const button = (page: Page) => page.getByRole('button', { name: /^Continue to/ })

describe.skipIf(noBrowser)(
  `a provider's link that redirects to another origin${noBrowser ? ` (${noBrowser})` : ''}`,
  () => {
    const openPage = useBrowser()

    test.each([true, false])('the button leads to it, with JavaScript: %s', async (javaScriptEnabled) => {
      const gateway = await startTestGateway()
      const provider = await startProvider()
      const link = await createTestLink(gateway, 'FIVETRAN')
      await leadTo(gateway, link, provider.linkUrl)
      // In-app browsers and preview agents get the button.
      const { page, browserErrors } = await openPage({ userAgent: previewAgent, javaScriptEnabled })
      await page.goto(link.url)
      await screenshot(page, `other-origin-button-${javaScriptEnabled}`)
      await button(page).click()
      await page.waitForURL(provider.loginUrl)
      await screenshot(page, `other-origin-login-${javaScriptEnabled}`)
      expect(new URL(page.url()).search).toBe(new URL(provider.linkUrl).search)
      expect(provider.referrers).toEqual([undefined, undefined])
      // The page between is not in the history: "back" shows the button.
      await page.goBack()
      await button(page).waitFor()
      expect(browserErrors).toEqual([])
    })

    test.each([true, false])('the second tab leads to it, with JavaScript: %s', async (javaScriptEnabled) => {
      const gateway = await startTestGateway()
      const provider = await startProvider()
      const link = await createXpanderLink(gateway)
      await leadTo(gateway, link, provider.linkUrl)
      const { page, browserErrors } = await openPage({ javaScriptEnabled })
      await page.goto(link.url)
      const [tab] = await Promise.all([page.context().waitForEvent('page'), button(page).click()])
      await tab.waitForURL(provider.loginUrl)
      await screenshot(tab, `other-origin-tab-${javaScriptEnabled}`)
      expect(provider.referrers).toEqual([undefined, undefined])
      expect(browserErrors).toEqual([])
    })

    test('the form of the application leads to it', async () => {
      const { page, browserErrors, link, provider } = await openFromApplication('FIVETRAN')
      await leadTo(link.gateway, link, provider.linkUrl)
      await link.submitForm(page)
      await page.waitForURL(provider.loginUrl)
      expect(browserErrors).toEqual([])
    })

    test('the button of a link that waits for its confirmation leads to an application that redirects', async () => {
      const { page, browserErrors, link, provider } = await openFromApplication('XPANDER')
      const gateway = link.gateway
      await link.submitForm(page)
      const [tab] = await Promise.all([page.context().waitForEvent('page'), button(page).click()])
      await tab.locator(approve).click()
      await tab.getByRole('heading', { name: 'is connected' }).waitFor()
      gateway.clock.advance(10)
      await gateway.poll()
      const [again] = await Promise.all([page.context().waitForEvent('page'), button(page).click()])
      await again.waitForURL(provider.loginUrl)
      expect(new URL(again.url()).searchParams.get('status')).toBe('success')
      expect(browserErrors).toEqual([])
    })

    /** A guarded link, the browser of its end user without JavaScript, and a page of the application with a form for it. */
    async function openFromApplication(key: ProviderKey) {
      const provider = await startProvider()
      const application = await listen((request, response) => {
        const query = new URL(request.url ?? '/', 'http://application').searchParams
        const url = query.get('url') ?? ''
        response.setHeader('content-type', 'text/html')
        response.setHeader('content-security-policy', `form-action ${new URL(url).origin}`)
        response.end(
          `<form method="post" action="${url}"><input type="hidden" name="claim" value="${query.get('claim')}"><button>Connect</button></form>`,
        )
      })
      const redirectUri = new URL(provider.linkUrl)
      const env = { CORS_ORIGINS: application.origin, REDIRECT_ORIGINS: redirectUri.origin }
      const gateway = await startTestGateway({ env })
      await gateway.connect.connectorSyncs.ensureFresh(30_000)
      const session = await asEndUser(gateway, 'mallory', { expiresInSeconds: 3_600 })
      const { id, url } = await createGuardedLink(session, key, { redirectUri: redirectUri.href })
      const query = new URLSearchParams({ url, claim: await claim(session, id) })
      const submitForm = async (page: Page) => {
        await page.goto(`${application.href}?${query}`)
        await page.getByRole('button', { name: 'Connect' }).click()
      }
      const link = { id: decodeIdOf('ConnectLink', id) ?? '', gateway, submitForm }
      return { ...(await openPage({ javaScriptEnabled: false })), link, provider }
    }
  },
)
