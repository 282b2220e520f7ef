import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { RevokeSessionsDocument } from '../generated/graphql.ts'
import { listen } from '../helpers/listen.ts'
import { createPortal, openPortal } from '../server/portal/open.ts'
import { approve, deny, startApplication } from './application.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 300_000 })

const github = '#results [href="application?slug=github"]'

const heading = (page: Pick<Page, 'getByRole'>) => page.getByRole('heading', { level: 1 })

/** An accessible name of the element that has the focus. */
const focused = (page: Page): Promise<unknown> =>
  page.evaluate(
    "document.activeElement.id || document.activeElement.textContent.trim().replace(/\\s+/g, ' ')",
  )

/** A page of another origin that shows the portal in a frame. */
const framing = async (portalUrl: () => string) =>
  listen((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<title>Application</title><h1>Acme</h1><iframe src="${portalUrl()}" width="800" height="700"></iframe>`,
    )
  })

describe.skipIf(noBrowser)(`in the portal${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('an end user without JavaScript connects an application, removes it and goes back', async () => {
    const returnUrl = await startApplication()
    const { gateway, portalUrl } = await openPortal({ env: { APP_NAME: 'Acme' } }, { returnUrl })
    const { page, browserErrors } = await openPage({ javaScriptEnabled: false })
    await page.goto(portalUrl)
    const [fieldBox, buttonBox] = [page.getByRole('searchbox'), page.getByRole('button', { name: 'Search' })]
    const { y, height } = (await fieldBox.boundingBox()) ?? {}
    expect(await buttonBox.boundingBox()).toMatchObject({ y, height })
    expect(await page.getByText('Press / to search').isVisible()).toBe(false)
    await page.getByRole('searchbox').fill('github')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator(github).click()
    await page.getByRole('button', { name: 'Connect GitHub' }).click()
    await page.waitForURL(`${gateway.url}/sandbox/**`)
    await page.locator(approve).click()
    await page.waitForURL(`${portalUrl}done?**`)
    expect(await heading(page).textContent()).toBe('GitHub is connected')
    const links = await gateway.connect.db.selectFrom('connectLinks').select('status').execute()
    expect(links).toEqual([{ status: 'COMPLETED' }])

    await page.getByRole('main').getByRole('link', { name: 'My connections' }).click()
    await page.getByRole('link', { name: /^Remove: GitHub/ }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('GitHub was removed.').waitFor()
    expect(await page.getByText('You have no connections.', { exact: true }).count()).toBe(1)
    await page.getByRole('link', { name: 'Back to Acme' }).click()
    await page.waitForURL(returnUrl)
    expect(browserErrors).toEqual([])
  })

  test('search as you type, keys, a denial, the back button, reload, a double click, and the end of the session', async () => {
    const { gateway, portalUrl } = await openPortal(
      { env: { APP_NAME: 'Acme' }, maxWaitMs: 200 },
      // It redirects back after a denial too.
      { providers: ['PIPEDREAM'] },
    )
    const { page, browserErrors } = await openPage()
    await page.goto(portalUrl)
    expect(await page.getByText('Press / to search').isVisible()).toBe(true)
    await page.keyboard.press('/')
    expect(await focused(page)).toBe('q')
    await page.keyboard.type('githb')
    const first = page.locator('#results .application').first()
    await page.waitForURL('**/\\?q=githb')
    expect(await first.locator('.name').textContent()).toBe('GitHub')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toContain('GitHub')
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).toBe('q')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/application?slug=github')

    await page.getByRole('button', { name: 'Connect GitHub' }).dblclick()
    await page.waitForURL(`${gateway.url}/sandbox/**`)
    expect(await gateway.connect.db.selectFrom('connectLinks').select('id').execute()).toHaveLength(1)
    await page.locator(deny).click()
    await page.waitForURL(`${portalUrl}done?**`)
    expect(await heading(page).textContent()).toBe('GitHub was not connected')
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.locator(approve).click()
    await page.waitForURL(`${portalUrl}done?**`)
    await page.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    await page.reload()
    expect(await heading(page).textContent()).toBe('GitHub is connected')

    await page.goto(portalUrl)
    await page.getByRole('searchbox').fill('slack')
    await page.waitForURL('**/\\?q=slack')
    await page.locator('#results [href$="slug=slack"]').click()
    await page.goBack()
    expect(await page.getByRole('searchbox').inputValue()).toBe('slack')
    expect(await page.locator('#results [href$="slug=slack"]').count()).toBe(1)

    await gateway.send(RevokeSessionsDocument, { endUserId: 'user-1' })
    await page.getByRole('searchbox').fill('jira')
    await page.getByRole('heading', { name: 'This session was closed' }).waitFor()
    expect(browserErrors.filter((line) => !line.includes('410'))).toEqual([])
  })

  test('in a frame the provider opens in a tab, and the frame shows the result; other origins may not frame it', async () => {
    let portalUrl = ''
    const allowed = await framing(() => portalUrl)
    const refused = await framing(() => portalUrl)
    const { gateway } = await openPortal({ env: { APP_NAME: 'Acme', EMBED_ORIGINS: allowed.origin } })
    portalUrl = (await createPortal(gateway)).portalUrl
    const { page } = await openPage()
    await page.goto(allowed.href)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('searchbox').fill('github')
    await frame.locator(github).click()
    const opened = page.context().waitForEvent('page')
    await frame.getByRole('button', { name: 'Connect GitHub' }).click()
    const tab = await opened
    await frame.getByRole('heading', { name: 'Finish connecting GitHub' }).waitFor()
    await screenshot(page, 'portal-frame-waiting')
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    expect(await tab.getByText('You can close this tab').count()).toBe(1)
    await frame.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    expect(await frame.getByText('You can close this tab').count()).toBe(0)
    expect(await gateway.connect.db.selectFrom('connectLinks').select('id').execute()).toHaveLength(1)
    await screenshot(page, 'portal-frame-done')

    const { page: other, browserErrors } = await openPage()
    await other.goto(refused.href)
    await vi.waitFor(() => expect(browserErrors.join()).toContain('frame-ancestors'), { timeout: 20_000 })
    expect(await other.frameLocator('iframe').getByRole('searchbox').count()).toBe(0)
  })

  test('a session that expires during the consent still sees the result', async () => {
    const { gateway, portalUrl } = await openPortal({}, { expiresInSeconds: 60 })
    const { page } = await openPage()
    await page.goto(`${portalUrl}application?slug=github`)
    await page.getByRole('button', { name: 'Connect GitHub' }).click()
    await page.waitForURL(`${gateway.url}/sandbox/**`)
    gateway.clock.advance(61)
    await page.locator(approve).click()
    await page.waitForURL(`${portalUrl}done?**`)
    expect(await heading(page).textContent()).toBe('GitHub is connected')
    expect(await page.getByRole('navigation').count()).toBe(0)
    await page.goto(portalUrl)
    expect(await heading(page).textContent()).toBe('Your session has ended')
  })
})
