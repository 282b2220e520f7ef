import { describe, expect, test, vi } from 'vitest'
import { ConnectionsDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { approve, expectLife } from './application.ts'
import { noBrowser, shoot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

describe.skipIf(noBrowser)(`the start page${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'])(
    'makes a link of %s, opens it and shows its life as it happens',
    async (provider) => {
      const gateway = await startTestGateway()
      await gateway.connect.connectorSyncs.ensureFresh(30_000)
      const { page, abroad, complaints } = await openPage()

      await page.goto(gateway.url)
      await page.getByLabel('Provider', { exact: true }).selectOption(provider)
      const popup = page.waitForEvent('popup')
      await page.getByRole('button', { name: 'Make a link and open it' }).click()
      const door = await popup
      await page.getByText('CREATED').waitFor()
      if (provider === 'XPANDER') {
        const tab = page.context().waitForEvent('page')
        await door.getByRole('button').click()
        await (await tab).locator(approve).click()
        await (await tab).getByRole('heading', { name: 'is connected' }).waitFor()
        gateway.clock.advance(10)
        await gateway.poll()
      } else {
        await door.locator(approve).click()
      }
      await door.getByRole('heading', { name: 'Connected', exact: true }).waitFor()
      await page.getByText('COMPLETED').waitFor()

      await shoot(page, `start-${provider.toLowerCase()}`)
      expectLife(await page.locator('#life strong').allTextContents())
      const { connections } = await gateway.send(ConnectionsDocument, {})
      expect(connections?.nodes).toMatchObject([
        { provider: { key: provider }, endUser: { id: 'demo-user' } },
      ])
      expect(abroad).toEqual([])
      expect(complaints).toEqual([])
    },
  )

  test('says what is wrong with what was asked for, and closes what it had opened', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    const { page } = await openPage()

    await page.goto(gateway.url)
    await page.getByLabel('Connector key').fill('nothing-like-that')
    await page.getByRole('button', { name: 'Make a link and open it' }).click()

    await page.getByText('has no connector "nothing-like-that"').waitFor()
    await vi.waitFor(() => expect(page.context().pages()).toHaveLength(1))
  })

  test('says that its session has ended', async () => {
    const gateway = await startTestGateway()
    const { page } = await openPage()
    await page.goto(gateway.url)
    gateway.clock.advance(1000)
    await page.getByRole('button', { name: 'Make a link and open it' }).click()
    await page.getByText('The session has ended: reload this page.').waitFor()
  })
})
