import { describe, expect, test, vi } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { openMcpClient } from '../server/mcp/client.ts'
import { createPortal } from '../server/portal/open.ts'
import { approve, deny } from './application.ts'
import { noBrowser, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 180_000 })

const { connectorKey: connector } = providerFixtures.PIPEDREAM
const args = { provider: 'PIPEDREAM', input: { connector } }

describe.skipIf(noBrowser)(`MCP${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('an elicitation is completed by a click in the browser, after a denial', async () => {
    const gateway = await startTestGateway({ env: { MCP: 'on' } })
    const { page } = await openPage()
    const { token } = await createPortal(gateway, { endUser: { id: 'user-1' } })
    const { call, completed } = await openMcpClient(gateway, {
      token,
      onElicit: async ({ url }) => {
        await page.goto(url)
        return 'accept'
      },
    })
    const [{ isError, value }] = await Promise.all([call('create_connect_link', args), connect()])

    async function connect(): Promise<void> {
      await page.locator(deny).click()
      await page.waitForLoadState()
      const retry = page.getByRole('link', { name: 'Try again' })
      await page.locator(approve).or(retry).first().waitFor()
      expect(completed).toEqual([])
      if ((await retry.count()) > 0) await retry.click()
      gateway.clock.advance(3) // a link is checked at its provider at most once in 2 s
      await page.locator(approve).click()
      await page.getByRole('heading', { name: /[Cc]onnected$/ }).waitFor()
    }

    expect([isError, value.connectLink]).toMatchObject([
      false,
      { status: 'COMPLETED', connection: { status: 'ACTIVE' } },
    ])
    expect(completed).toEqual([value.connectLink.id])
  })
})
