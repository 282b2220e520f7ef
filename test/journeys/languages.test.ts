import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { createXpanderLink } from '../server/pages/visit.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Serves a logo from another origin on this machine, and records the requests for it. */
async function serveLogo() {
  const referrers: (string | undefined)[] = []
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#e8590c"/></svg>'
  const server = createServer(({ headers }, response) => {
    referrers.push(headers.referer)
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(svg)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/logo.svg`, referrers }
}

/** The sum of the layout shifts of the page so far, of which a user's input is not the cause. */
const layoutShiftOf = (page: Page) =>
  page.evaluate(
    `new Promise((resolve) => {
      let sum = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
      requestAnimationFrame(() => setTimeout(() => resolve(sum), 200))
    })`,
  )

describe.skipIf(noBrowser)(
  `a branded page in the language of its link${noBrowser ? ` (${noBrowser})` : ''}`,
  () => {
    const openPage = useBrowser()

    test('waits and shows the result in that language, with icon and logo, and nothing moves by itself', async () => {
      const logo = await serveLogo()
      const gateway = await startTestGateway({ env: { APP_LOGO_URL: logo.url, APP_NAME: 'Acme' } })
      const link = await createXpanderLink(gateway, {
        locale: 'de-CH',
        endUser: { id: 'ada', name: 'Ada' },
        branding: { applicationName: 'Umbrella', color: '#e8590c' },
      })
      const { page, browserErrors } = await openPage({
        locale: 'en-US',
        viewport: { width: 390, height: 780 },
      })
      await page.goto(link.url)
      expect(await page.title()).toBe('GitHub mit Umbrella als Ada verbinden')
      const size = await page.locator('.logo').evaluate((image) => Reflect.get(image, 'naturalWidth'))
      expect(size).toBeGreaterThan(0)
      expect(await layoutShiftOf(page)).toBe(0)
      const headingTop = async () => (await page.getByRole('heading').boundingBox())?.y
      const top = await headingTop()
      expect(logo.referrers.every((referrer) => referrer === undefined)).toBe(true)
      const [provider] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('button', { name: 'Weiter zu xpander' }).click(),
      ])
      await page.getByText('Wir warten, bis Sie bei xpander fertig sind.').waitFor()
      await screenshot(page, 'languages-waiting')
      await provider.locator('button[value=approve]').click()
      await provider.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
      gateway.clock.advance(10)
      await gateway.poll()
      await page.getByRole('heading', { name: 'Verbunden', exact: true }).waitFor()
      await page.getByText('Ihr Konto bei GitHub ist mit Umbrella als Ada verbunden.').waitFor()
      expect(await page.locator('main').getAttribute('data-outcome')).toBe('success')
      await screenshot(page, 'languages-connected')
      expect(await headingTop()).toBe(top)
      await page.reload()
      await page.getByRole('heading', { name: 'Bereits verbunden' }).waitFor()
      expect(await layoutShiftOf(page)).toBe(0)
      expect(browserErrors.filter((line) => !line.includes('status of 410'))).toEqual([])
    })
  },
)
