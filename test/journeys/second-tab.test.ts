import { describe, expect, test, vi } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { makeXpanderLink } from '../server/pages/visit.ts'
import { application, approve, expectListed, resultOf } from './application.ts'
import { noBrowser, shoot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

describe.skipIf(noBrowser)(`a provider that sends nobody back${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('a page of xpander opens in a second tab, and the first goes on to the application by itself', async () => {
    const gateway = await startTestGateway()
    const redirectUri = await application()
    const link = await makeXpanderLink(gateway, { redirectUri })
    const { page, abroad, complaints } = await openPage()

    await page.goto(link.url)
    await shoot(page, 'xpander-door')
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Continue to xpander' }).click(),
    ])
    await page.getByText('Waiting for you to finish at xpander').waitFor()
    await shoot(page, 'xpander-waiting')
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    expect(await tab.evaluate(() => Reflect.get(globalThis, 'opener'))).toBeNull()
    gateway.clock.advance(10)
    await gateway.poll()

    await page.waitForURL(`${redirectUri}&**`)
    expect(resultOf(page.url())).toMatchObject({ connect_link_id: link.globalId, status: 'success' })
    await expectListed(gateway, 'XPANDER', link)
    expect(abroad).toEqual([])
    expect(complaints).toEqual([])
  })

  test('without an address to go on to, the page that waits for xpander says how it went', async () => {
    const gateway = await startTestGateway()
    const link = await makeXpanderLink(gateway)
    const { page } = await openPage()
    await page.goto(link.url)
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button').click()])
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()

    await page.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
    await shoot(page, 'xpander-done')
    expect(await page.title()).toBe('Connected')
    expect(await page.getByRole('button').count()).toBe(0)
  })

  test('without JavaScript the page for xpander works, too', async () => {
    const gateway = await startTestGateway()
    const link = await makeXpanderLink(gateway)
    const { page } = await openPage({ javaScriptEnabled: false })
    await page.goto(link.url)
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button').click()])
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()

    await shoot(page, 'xpander-without-javascript')
    await page.getByRole('link', { name: 'see how it went' }).click()
    await page.getByRole('heading', { name: 'Already connected' }).waitFor()
  })
})
