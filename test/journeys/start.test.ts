import { describe, expect, test, vi } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { ConnectionsDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { listen } from '../helpers/listen.ts'
import { capabilitiesOf } from '../helpers/providers.ts'
import { approve, expectCompletedInOrder } from './application.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

describe.skipIf(noBrowser)(`the start page${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(providerKeys)('creates a link of %s, opens it and shows each status of it', async (provider) => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    const { page, externalRequests, browserErrors } = await openPage()

    await page.goto(gateway.startUrl)
    await page.getByLabel('Provider', { exact: true }).selectOption(provider)
    const popup = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Create a link and open it' }).click()
    const linkPage = await popup
    await page.getByText('CREATED').waitFor()
    if (capabilitiesOf(provider).successRedirect) {
      await linkPage.locator(approve).click()
    } else {
      const tab = page.context().waitForEvent('page')
      await linkPage.getByRole('button', { name: /^Continue to/ }).click()
      await (await tab).locator(approve).click()
      await (await tab).getByRole('heading', { name: 'is connected' }).waitFor()
      gateway.clock.advance(10)
      await gateway.poll()
    }
    await linkPage.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
    await page.getByText('COMPLETED').waitFor()

    await screenshot(page, `start-${provider.toLowerCase()}`)
    expectCompletedInOrder(await page.locator('#statuses strong').allTextContents())
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections?.nodes).toMatchObject([{ provider: { key: provider }, endUser: { id: 'demo-user' } }])
    expect(externalRequests).toEqual([])
    expect(browserErrors).toEqual([])
  })

  test('shows the error for an unknown connector, and closes the pop-up', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    const { page } = await openPage()

    await page.goto(gateway.startUrl)
    await page.getByLabel('Connector key').fill('nothing-like-that')
    await page.getByRole('button', { name: 'Create a link and open it' }).click()

    await page.getByText('has no connector "nothing-like-that"').waitFor()
    await vi.waitFor(() => expect(page.context().pages()).toHaveLength(1))
  })

  test('opens by a click in a mail, which is a page of another site', async () => {
    const gateway = await startTestGateway()
    const mail = await listen((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<a href="${gateway.startUrl}">Start here</a>`)
    })
    const { page } = await openPage()
    // Another site than 127.0.0.1.
    await page.route('http://mail.test/', async (route) =>
      route.fulfill({ response: await route.fetch({ url: mail.href }) }),
    )
    await page.goto('http://mail.test/')
    await page.getByRole('link').click()
    await page.getByRole('button', { name: 'Create a link and open it' }).waitFor()
    expect(page.url()).toBe(`${gateway.url}/`)
  })

  test('shows that its session has expired', async () => {
    const gateway = await startTestGateway()
    const { page } = await openPage()
    await page.goto(gateway.startUrl)
    gateway.clock.advance(1000)
    await page.getByRole('button', { name: 'Create a link and open it' }).click()
    await page.getByText('Your session has expired. Reload this page.').waitFor()
  })
})
