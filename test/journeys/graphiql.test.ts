import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { noBrowser, shoot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Presses run until that text shows: GraphiQL takes a moment to notice what the tab in front holds. Answers what it shows, without blanks. */
async function runUntil(page: Page, text: string): Promise<string | undefined> {
  const result = page.locator('.result-window')
  return vi.waitFor(
    async () => {
      await page.locator('.graphiql-execute-button').click()
      await result.getByText(text).first().waitFor({ timeout: 2_000 })
      return (await result.textContent())?.replaceAll(/\s/g, '') // long lines are shown broken
    },
    { timeout: 60_000, interval: 100 },
  )
}

describe.skipIf(noBrowser)(`GraphiQL${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('opens with the published operations as tabs, and running them shows their answers, all offline', async () => {
    const { url } = await startTestGateway()
    const { page, abroad } = await openPage()
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))

    await page.goto(`${url}/graphql`)
    const tabs = page.locator('.graphiql-tab-button')
    await tabs.first().waitFor()
    const answer = await runUntil(page, 'CreateConnectLinkPayload')
    await shoot(page, 'graphiql-mutation')
    // By key: tabs can be dragged, and a click while they still move is taken for that.
    await tabs.getByText('Providers').press('Enter')
    await runUntil(page, 'Fivetran')
    await shoot(page, 'graphiql-providers')

    expect(answer).toContain(`${url}/connect/`)
    expect(await tabs.allTextContents()).toEqual([
      'CreateConnectLink',
      'CreateConnectLinkWithSelection',
      'PlanConnectLink',
      'Connections',
      'Connectors',
      'ConnectLinkUpdated',
      'ConnectLink',
      'CreateSession',
      'DisconnectConnection',
      'Providers',
      'ReconnectConnection',
      'RefreshConnection',
      'RevokeConnectLink',
    ])
    expect(errors).toEqual([])
    expect(abroad).toEqual([])
  })

  test('watches what a subscription tells', async () => {
    const gateway = await startTestGateway()
    const { page } = await openPage()
    const query = 'subscription { connectLinkUpdated { status endUser { id } } }'
    await page.goto(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`)
    const run = page.locator('.graphiql-execute-button')
    await run.waitFor()
    const stream = page.waitForResponse((response) =>
      (response.headers()['content-type'] ?? '').startsWith('text/event-stream'),
    )
    await run.click()
    expect((await stream).status()).toBe(200)
    const input = { connector: 'github', endUser: { id: 'watched' } }
    await gateway.send(CreateConnectLinkDocument, { provider: 'PIPEDREAM', input })

    await page.locator('.result-window').getByText('watched').first().waitFor()
  })
})
