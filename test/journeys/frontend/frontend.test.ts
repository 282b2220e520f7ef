import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { listen } from '../../helpers/listen.ts'
import { approve } from '../application.ts'
import { noBrowser, previewAgent, screenshot, useBrowser } from '../browser.ts'
import { type Application, startApplication } from './application.ts'

vi.setConfig({ testTimeout: 180_000 })

const output = (page: Page) => page.locator('output')
const text = (page: Page, content: string) => page.getByText(content).waitFor()

/** Clicks, and returns the popup that opens. */
async function openPopup(page: Page): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
  return popup
}

/** The popup closes itself, or is closed, after the click. */
async function approveIn(popup: Page): Promise<void> {
  const closed = popup.waitForEvent('close')
  await popup.locator(approve).click()
  await closed
}

const blockPopups = (page: Page) => page.addInitScript('window.open = () => null')

const optionsPage = ({ origin }: Application, options: object) =>
  `${origin}/options?options=${encodeURIComponent(JSON.stringify(options))}`

describe.skipIf(noBrowser)(`a frontend at another origin${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('the page of the README connects an account', async () => {
    const application = await startApplication()
    const { page, browserErrors, externalRequests } = await openPage()
    await page.goto(application.backend)
    const popup = await openPopup(page)
    await screenshot(popup, 'frontend-popup')
    await approveIn(popup)
    await expect.poll(() => output(page).textContent()).toBe('HubSpot is connected')
    expect(await application.connected()).toEqual(['HubSpot'])
    expect(browserErrors).toEqual([])
    expect(externalRequests).toEqual([])
    // Without a session the page says so.
    await page.route('**/session', (route) => route.abort())
    await page.getByRole('button').click()
    await expect.poll(() => output(page).textContent()).toMatch(/^Not connected: /)
  })

  test('the component of the README: double click, popup closed three times, and the link used again', async () => {
    const application = await startApplication()
    const { page, browserErrors } = await openPage()
    await page.goto(application.origin)
    const first = page.waitForEvent('popup')
    await page.getByRole('button').dblclick()
    let popup = await first
    await popup.locator(approve).waitFor()
    expect(page.context().pages()).toHaveLength(2)
    const url = popup.url()
    await popup.close()
    await text(page, 'Not connected')
    popup = await openPopup(page)
    await popup.locator(approve).waitFor()
    await popup.close()
    await expect.poll(application.cancels, { timeout: 30_000 }).toEqual([2])
    await page.reload()
    popup = await openPopup(page)
    await popup.locator(approve).waitFor()
    await popup.close()
    await text(page, 'Not connected')
    expect(await application.cancels()).toEqual([3])
    // The link is usable: the provider's page that was closed still leads to the connection.
    const other = await page.context().newPage()
    await other.goto(url)
    await other.locator(approve).click()
    await other.getByRole('heading', { name: 'Connected' }).waitFor()
    await other.close()
    expect(await application.cancels()).toEqual([])
    await approveIn(await openPopup(page))
    await text(page, 'is connected')
    expect(await application.connected()).toEqual(['HubSpot', 'HubSpot'])
    expect(browserErrors).toEqual([])
  })

  test('a blocked popup becomes a redirect, and the result is there after the way back, once', async () => {
    const application = await startApplication()
    const { page, browserErrors } = await openPage()
    await blockPopups(page)
    await page.goto(`${application.origin}/?tab=1`)
    await page.getByRole('button').click()
    await page.locator(approve).click()
    await text(page, 'is connected')
    expect(page.url()).toBe(`${application.origin}/?tab=1`)
    await page.reload()
    await page.getByRole('button').waitFor()
    expect(await page.getByText('is connected').count()).toBe(0)
    expect(await application.connected()).toEqual(['HubSpot'])
    expect(browserErrors).toEqual([])
  })

  test('an in-app browser: no popups, and an agent that gets the page with the button; back, and once more', async () => {
    const application = await startApplication()
    const { page } = await openPage({ userAgent: previewAgent })
    await blockPopups(page)
    await page.goto(application.origin)
    await page.getByRole('button').click()
    await page.getByRole('button', { name: /Fivetran/ }).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Connect' }).click()
    await page.getByRole('button', { name: /Fivetran/ }).click()
    await page.locator(approve).click()
    await text(page, 'is connected')
    expect(await application.connected()).toEqual(['HubSpot'])
  })

  test('the session ends during the consent: the page gets a new one and goes on', async () => {
    const application = await startApplication()
    const { page } = await openPage()
    await page.goto(application.origin)
    const popup = await openPopup(page)
    await popup.locator(approve).waitFor()
    const before = application.sessions()
    application.gateway.clock.advance(16 * 60)
    application.gateway.cutConnections()
    await approveIn(popup)
    await text(page, 'is connected')
    expect(application.sessions()).toBe(before + 1)
  })

  test('a reload of the page while the popup is open: the popup closes itself, and the account is connected', async () => {
    const application = await startApplication()
    const { page } = await openPage()
    await page.goto(application.origin)
    const popup = await openPopup(page)
    await popup.locator(approve).waitFor()
    await page.reload()
    await approveIn(popup)
    expect(await application.connected()).toEqual(['HubSpot'])
  })

  test('with the settings for production: trusted documents only, and links for one browser', async () => {
    const application = await startApplication({ TRUSTED_DOCUMENTS: 'sessions', LINK_GUARD: 'SAME_BROWSER' })
    const { page, browserErrors } = await openPage()
    await page.goto(application.origin)
    await approveIn(await openPopup(page))
    await text(page, 'is connected')
    expect(browserErrors).toEqual([])
  })

  test('"Cancel" on the page of the link ends the attempt and closes the popup', async () => {
    const application = await startApplication()
    const { page } = await openPage({ userAgent: previewAgent })
    await page.goto(application.origin)
    const popup = await openPopup(page)
    const closed = popup.waitForEvent('close')
    await popup.getByRole('button', { name: 'Cancel' }).click()
    await closed
    await text(page, 'Not connected')
  })

  test('with a redirect URI, the page of the application in the popup closes it', async () => {
    const application = await startApplication()
    const { page } = await openPage()
    const input = { redirectUri: `${application.origin}/done` }
    await page.goto(optionsPage(application, { application: 'hubspot', input }))
    await approveIn(await openPopup(page))
    await expect.poll(() => output(page).textContent()).toMatch(/^CREATED OPENED .*COMPLETED completed: /)
  })

  test('a provider that cuts the handle of the popup does not end the attempt while the popup is in front', async () => {
    const application = await startApplication()
    const { origin: provider } = await listen((_, response) => {
      response.setHeader('cross-origin-opener-policy', 'same-origin')
      response.setHeader('content-type', 'text/html').end('<title>Provider</title><h1>Sign in</h1>')
    })
    const { page } = await openPage()
    await page.goto(application.origin)
    // Without a display every page has the focus.
    await page.evaluate(
      'document.hasFocus = () => false; const { open } = window; window.open = (...all) => (window.popup = open(...all))',
    )
    const popup = await openPopup(page)
    const consent = popup.locator(approve)
    await consent.waitFor()
    const consentUrl = popup.url()
    await popup.goto(provider)
    await expect.poll(() => page.evaluate('popup.closed')).toBe(true)
    // Longer than the grace for a popup that was closed.
    await new Promise((resolve) => setTimeout(resolve, 4_000))
    expect(await page.getByText('Not connected').count()).toBe(0)
    await popup.goto(consentUrl)
    await consent.click()
    await text(page, 'is connected')
  })

  const census = {
    application: 'hubspot',
    provider: 'CENSUS',
    mode: 'iframe',
    input: { direction: 'DESTINATION' },
  }

  test('in an iframe, of an allowed origin', async () => {
    const application = await startApplication()
    const { page, browserErrors } = await openPage()
    await page.goto(optionsPage(application, census))
    await page.getByRole('button').click()
    const frame = page.frameLocator('iframe')
    await frame.locator(approve).waitFor()
    await screenshot(page, 'frontend-iframe')
    await frame.locator(approve).click()
    await expect.poll(() => output(page).textContent()).toMatch(/COMPLETED completed: /)
    expect(await page.locator('iframe').count()).toBe(0)
    expect(browserErrors).toEqual([])
  })

  test('in an iframe, a provider that cannot be framed is opened in a new tab', async () => {
    const application = await startApplication()
    const { page } = await openPage()
    await page.goto(
      optionsPage(application, { application: 'hubspot', provider: 'FIVETRAN', mode: 'iframe' }),
    )
    await page.getByRole('button').click()
    const button = page.frameLocator('iframe').getByRole('button', { name: /Fivetran/ })
    await button.waitFor()
    await screenshot(page, 'frontend-iframe-new-tab')
    const [tab] = await Promise.all([page.context().waitForEvent('page'), button.click()])
    await tab.locator(approve).click()
    await expect.poll(() => output(page).textContent()).toMatch(/COMPLETED completed: /)
  })

  test('in an iframe, of an origin that is not allowed', async () => {
    const application = await startApplication({ CORS_ORIGINS: '' })
    const { page } = await openPage()
    await page.goto(optionsPage(application, census))
    await page.getByRole('button').click()
    await expect.poll(() => output(page).textContent(), { timeout: 30_000 }).toMatch(/failed: FRAME_REFUSED$/)
    expect(await page.locator('iframe').count()).toBe(0)
    expect(await application.connected()).toEqual([])
  })

  test('urql, Apollo Client and graphql-sse work at their default settings', async () => {
    const application = await startApplication()
    const { page, browserErrors } = await openPage()
    await page.goto(`${application.origin}/clients`)
    await output(page).waitFor()
    expect(JSON.parse((await output(page).textContent()) ?? '')).toEqual({
      urql: 'END_USER',
      apollo: 'END_USER',
      apolloSubscription: 'CREATED',
      urqlSubscription: 'CREATED',
      sse: 'CREATED',
    })
    expect(browserErrors).toEqual([])
  })
})
