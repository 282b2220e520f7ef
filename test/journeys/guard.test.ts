import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import type { ProviderKey } from '../generated/graphql.ts'
import { asEndUser } from '../graphql/as-end-user.ts'
import { claim, confirm, connectionsOf, createGuardedLink, stateOf } from '../graphql/guarded.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { listen } from '../helpers/listen.ts'
import { approve, redirecting, resultParamsOf } from './application.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/** An application whose page `/start?url=…&claim=…` opens a link by a form, and a gateway that knows its origin. */
async function startBoth(env: Record<string, string> = {}) {
  const { origin } = await listen((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '/', 'http://application')
    response.setHeader('content-type', 'text/html')
    response.end(
      pathname === '/start'
        ? `<form method="post" action="${searchParams.get('url')}"><input type="hidden" name="claim" value="${searchParams.get('claim')}"><button>Connect</button></form>`
        : `<title>Application</title><h1>Back</h1>`,
    )
  })
  const gateway = await startTestGateway({ env: { CORS_ORIGINS: origin, APP_NAME: 'Acme', ...env } })
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  const session = await asEndUser(gateway, 'mallory', { expiresInSeconds: 3_600 })
  return {
    gateway,
    session,
    create: (provider: ProviderKey) =>
      createGuardedLink(session, provider, { redirectUri: `${origin}/back` }),
    /** The browser opens the link from the application. */
    async openFromApplication(page: Page, { id, url }: { readonly id: string; readonly url: string }) {
      const query = new URLSearchParams({ url, claim: await claim(session, id) })
      await page.goto(`${origin}/start?${query}`)
      await page.getByRole('button', { name: 'Connect' }).click()
    },
    backUrl: `${origin}/back?**`,
  }
}

const phone = { viewport: { width: 390, height: 780 } }

describe.skipIf(noBrowser)(`guards${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(redirecting)(
    '%s: the browser that the application has sent to the link gets the connection',
    async (provider, env) => {
      const { session, create, openFromApplication, backUrl } = await startBoth(env)
      const link = await create(provider)
      const { page, browserErrors } = await openPage()
      await openFromApplication(page, link)
      await page.locator(approve).click()
      await page.waitForURL(backUrl)
      expect(resultParamsOf(page.url())).toEqual({ connect_link_id: link.id, status: 'success' })
      expect((await connectionsOf(session)).nodes).toMatchObject([{ status: 'ACTIVE' }])
      expect(browserErrors).toEqual([])
    },
  )

  test.each(redirecting)(
    '%s: the browser of the victim shows a code, that of the attacker nothing',
    async (provider, env) => {
      const { session, create, openFromApplication, backUrl } = await startBoth(env)
      const link = await create(provider)
      const attacker = await openPage()
      const victim = await openPage(phone)
      await openFromApplication(attacker.page, link)
      await attacker.page.locator(approve).waitFor()
      await victim.page.goto(link.url)
      await victim.page.locator(approve).click()
      await victim.page.getByRole('heading', { name: 'Enter this code in Acme' }).waitFor()
      await screenshot(victim.page, `guard-code-${provider.toLowerCase()}`)
      await attacker.page.goto(victim.page.url())
      await attacker.page.getByRole('heading', { name: 'This could not be confirmed' }).waitFor()
      await screenshot(attacker.page, `guard-refused-${provider.toLowerCase()}`)
      expect(await connectionsOf(session)).toEqual({ totalCount: 0, nodes: [] })
      // A real person whose other browser has opened the link enters the code.
      const code = (await victim.page.locator('.code').textContent()) ?? ''
      expect(await confirm(session, link.id, { code })).toMatchObject({
        connectLink: { status: 'COMPLETED' },
      })
      await victim.page.waitForURL(backUrl)
      expect([...attacker.browserErrors, ...victim.browserErrors]).toEqual([])
    },
  )

  test('a provider without a redirect: the waiting page goes on by itself', async () => {
    const { gateway, session, create, openFromApplication, backUrl } = await startBoth()
    const link = await create('XPANDER')
    const { page, browserErrors } = await openPage()
    await openFromApplication(page, link)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Continue to xpander' }).click(),
    ])
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()
    await page.waitForURL(backUrl)
    expect((await stateOf(session, link.id)).status).toBe('COMPLETED')
    expect(browserErrors).toEqual([])
  })
})
