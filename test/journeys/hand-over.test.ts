import { describe, expect, test, vi } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { asApiKey } from '../graphql/guarded.ts'
import { entriesOf } from '../graphql/handed-over.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { createTestLink, createXpanderLink } from '../server/pages/visit.ts'
import { approve, expectListed, resultParamsOf, startApplication } from './application.ts'
import { expectAccessible } from './axe.ts'
import { noBrowser, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 180_000 })

const endUser = { id: 'user-1', name: 'Ada Lovelace' }
const message = 'You have the keys of our HubSpot: could you connect it, please? The new reports need it.'

describe.skipIf(noBrowser)(`passing a link on${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('a colleague declines with a reason, later another one connects, and the requester gets back to the application', async () => {
    const gateway = await startTestGateway({ env: { APP_NAME: 'Acme' } })
    const redirectUri = await startApplication()
    const { connectorKey: connector } = providerFixtures.PIPEDREAM
    const link = await createTestLink(gateway, 'PIPEDREAM', { connector, endUser, redirectUri })
    const [requester, colleague] = [await openPage(), await openPage()]
    const { page } = requester

    await page.goto(`${link.url}/hand-over`)
    expect(await page.getByRole('button').allTextContents()).toEqual(['Create the address'])
    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Continue to Pipedream' }).waitFor()
    await expectAccessible(page, 'link-page')
    await page.getByRole('link', { name: /pass this on to a colleague/ }).click()
    await page.getByLabel('Message').fill(message)
    await expectAccessible(page, 'hand-over')
    await page.getByRole('button', { name: 'Create the address' }).click()
    await expectAccessible(page, 'handed-over')
    const first = await page.getByLabel('Address for your colleague').inputValue()

    await colleague.page.goto(first)
    await colleague.page.getByText(message).waitFor()
    await expectAccessible(colleague.page, 'colleague')
    // The requester sees it live, and the address disappears.
    await page.getByText(/^Your colleague has opened the address and can now connect/).waitFor()
    expect(await page.content()).not.toContain(first.slice(-43))
    await expectAccessible(page, 'handed-over-opened')

    await colleague.page.getByText('I do not want to connect this').click()
    await colleague.page.getByLabel('Reason').fill('Ask Grace: she has the rights.')
    await expectAccessible(colleague.page, 'colleague-decline')
    // The event of the change arrives before the answer to the form, and must not cancel it.
    await colleague.page.route('**/decline', async (route) => {
      const response = await route.fetch()
      await page.getByText('Ask Grace: she has the rights.').waitFor()
      await colleague.page.waitForTimeout(200)
      await route.fulfill({ response })
    })
    await colleague.page.getByRole('button', { name: 'Decline' }).click()
    await colleague.page.getByRole('heading', { name: 'You have declined' }).waitFor()
    await expectAccessible(colleague.page, 'colleague-declined')
    await page.getByText('Ask Grace: she has the rights.').waitFor()
    await expectAccessible(page, 'declined')

    await page.getByRole('link', { name: /pass this on to a colleague/ }).click()
    await page.getByRole('button', { name: 'Create the address' }).click()
    const second = await page.getByLabel('Address for your colleague').inputValue()
    await colleague.page.goto(second)
    await page.getByText(/^Your colleague has opened the address and can now connect/).waitFor()
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('You have taken the link back.').waitFor()
    await expectAccessible(page, 'taken-back')
    await colleague.page.getByRole('heading', { name: 'This address no longer works' }).waitFor()
    await expectAccessible(colleague.page, 'colleague-withdrawn')

    await page.getByRole('link', { name: /pass this on to a colleague/ }).click()
    await page.getByRole('button', { name: 'Create the address' }).click()
    await colleague.page.goto(await page.getByLabel('Address for your colleague').inputValue())
    await colleague.page.getByRole('button', { name: 'Continue to Pipedream' }).click()
    await colleague.page.locator(approve).click()
    await colleague.page.getByRole('heading', { name: 'Connected' }).waitFor()
    await expectAccessible(colleague.page, 'colleague-connected')
    await page.waitForURL(`${redirectUri}&**`)
    expect(resultParamsOf(page.url())).toMatchObject({ status: 'success' })
    await expectListed(gateway, 'PIPEDREAM', link)
    expect(
      (await entriesOf(asApiKey(gateway), link.globalId)).filter((entry) => entry.includes(':')),
    ).toEqual([
      'CREATED by HOSTED_PAGE: HANDED_OVER',
      'CREATED by COLLEAGUE: OPENED_BY_COLLEAGUE',
      'AUTHORIZING by COLLEAGUE: DECLINED',
      'AUTHORIZING by HOSTED_PAGE: HANDED_OVER',
      'AUTHORIZING by COLLEAGUE: OPENED_BY_COLLEAGUE',
      'AUTHORIZING by HOSTED_PAGE: TAKEN_BACK',
      'AUTHORIZING by HOSTED_PAGE: HANDED_OVER',
      'AUTHORIZING by COLLEAGUE: OPENED_BY_COLLEAGUE',
      'AUTHORIZING by COLLEAGUE: REOPENED',
    ])
    for (const { externalRequests } of [requester, colleague]) expect(externalRequests).toEqual([])
  })

  test('without JavaScript, and with a provider in a second tab, a colleague of a colleague without a name connects', async () => {
    const gateway = await startTestGateway({ env: { APP_NAME: 'Acme' } })
    const link = await createXpanderLink(gateway)
    const { page } = await openPage({ javaScriptEnabled: false })
    await page.goto(link.url)
    expect(await page.getByText('xpander opens in a new tab.').isVisible()).toBe(true)
    expect(await page.getByText('it continues automatically').isVisible()).toBe(false)
    await page.getByRole('link', { name: /pass this on to a colleague/ }).click()
    await page.getByLabel('Your name').fill('Ada')
    await page.getByRole('button', { name: 'Create the address' }).click()
    const address = await page.getByLabel('Address for your colleague').inputValue()

    const { page: other, browserErrors } = await openPage({ locale: 'de' })
    await other.goto(address)
    await other.getByRole('heading', { name: 'GitHub für Ada verbinden' }).waitFor()
    expect(await other.getByText('Sie geht von selbst weiter').isVisible()).toBe(true)
    const footer = other.getByText('erfährt Ihr Passwort für GitHub nicht.')
    expect(await footer.count()).toBe(1)
    await expectAccessible(other, 'colleague-second-tab-german')
    const [tab] = await Promise.all([
      other.context().waitForEvent('page'),
      other.getByRole('button', { name: 'Weiter zu xpander' }).click(),
    ])
    await tab.locator(approve).click()
    await tab.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()
    await other.getByRole('heading', { name: 'Verbunden' }).waitFor()
    expect(await footer.count()).toBe(0)
    expect(browserErrors).toEqual([])
    await page.goto(link.url)
    await page.getByRole('heading', { name: 'Already connected' }).waitFor()
  })

  test('a link on which Cancel was pressed says so, and works again', async () => {
    const gateway = await startTestGateway()
    const link = await createXpanderLink(gateway)
    const { page } = await openPage()
    await page.goto(link.url)
    await expectAccessible(page, 'link-with-cancel')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'You have canceled' }).waitFor()
    await expectAccessible(page, 'cancelled')
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Continue to xpander' }).waitFor()
  })
})
