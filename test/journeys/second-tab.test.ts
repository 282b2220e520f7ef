import { describe, expect, test, vi } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { createXpanderLink } from '../server/pages/visit.ts'
import { approve, expectListed, resultParamsOf, startApplication } from './application.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

describe.skipIf(noBrowser)(`a provider without a redirect${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('the page of xpander opens in a second tab, and the first tab then redirects to the application', async () => {
    const gateway = await startTestGateway()
    const redirectUri = await startApplication()
    const link = await createXpanderLink(gateway, { redirectUri })
    const { page, externalRequests, browserErrors } = await openPage()

    await page.goto(link.url)
    await screenshot(page, 'xpander-link')
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Continue to xpander' }).click(),
    ])
    await page.getByText('Waiting for you to finish at xpander').waitFor()
    await screenshot(page, 'xpander-waiting')
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    expect(await tab.evaluate(() => Reflect.get(globalThis, 'opener'))).toBeNull()
    gateway.clock.advance(10)
    await gateway.poll()

    await page.waitForURL(`${redirectUri}&**`)
    expect(resultParamsOf(page.url())).toMatchObject({ connect_link_id: link.globalId, status: 'success' })
    await expectListed(gateway, 'XPANDER', link)
    expect(externalRequests).toEqual([])
    expect(browserErrors).toEqual([])
  })

  test('without a redirect URI, the page that waits for xpander shows the result', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway)
    const { page } = await openPage()
    await page.goto(link.url)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: /^Continue to/ }).click(),
    ])
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()

    await page.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
    await screenshot(page, 'xpander-done')
    expect(await page.title()).toBe('Connected')
    expect(await page.getByRole('button').count()).toBe(0)
  })

  test('the page for xpander works without JavaScript', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway)
    const { page } = await openPage({ javaScriptEnabled: false })
    await page.goto(link.url)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: /^Continue to/ }).click(),
    ])
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()

    await screenshot(page, 'xpander-without-javascript')
    await page.getByRole('link', { name: 'check the result' }).click()
    await page.getByRole('heading', { name: 'Already connected' }).waitFor()
  })
})
