import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { publishedOperations } from '../../src/server/graphiql-tabs.ts'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/**
 * Clicks run until the text appears, since GraphiQL needs a moment to load the active tab. Returns the result without
 * whitespace.
 */
async function runUntil(page: Page, text: string): Promise<string | undefined> {
  const result = page.locator('.result-window')
  return vi.waitFor(
    async () => {
      await page.locator('.graphiql-execute-button').click()
      await result.getByText(text).first().waitFor({ timeout: 2_000 })
      return (await result.textContent())?.replaceAll(/\s/g, '') // long lines are wrapped
    },
    { timeout: 60_000, interval: 100 },
  )
}

describe.skipIf(noBrowser)(`GraphiQL${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test('opens with the published operations as executable tabs, without requests to other hosts', async () => {
    const { url, startUrl } = await startTestGateway()
    const { page, externalRequests, browserErrors } = await openPage()

    await page.goto(startUrl.replace('/?', '/graphql?'))
    expect(page.url()).toBe(`${url}/graphql`)
    const tabs = page.locator('.graphiql-tab-button')
    await tabs.first().waitFor()
    const result = await runUntil(page, 'CreateConnectLinkPayload')
    await screenshot(page, 'graphiql-mutation')
    // By keyboard: tabs can be dragged, and a click while they still move would start a drag.
    await tabs.getByText('Providers', { exact: true }).press('Enter')
    await runUntil(page, 'Fivetran')
    await screenshot(page, 'graphiql-providers')

    expect(result).toContain(`${url}/connect/`)
    const names = publishedOperations().map(({ query }) => /^\w+ (\w+)/.exec(query)?.[1])
    expect(names[0]).toBe('CreateConnectLink')
    expect(await tabs.allTextContents()).toEqual(names)

    // The title is on one line at any width, and a reload opens no other tab.
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await page.reload()
      await tabs.first().waitFor()
      const title = page.locator('.graphiql-logo').getByText('Connect Gateway')
      const box = await title.boundingBox()
      expect(box?.height).toBeLessThan(30)
      expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width)
      await screenshot(page, `graphiql-${width}`)
      expect(await tabs.allTextContents()).toEqual(names)
    }
    expect(browserErrors).toEqual([])
    expect(externalRequests).toEqual([])
  })

  test('shows the results of a subscription', async () => {
    const gateway = await startTestGateway()
    const { page, browserErrors } = await openPage()
    await page.goto(gateway.startUrl)
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
    expect(browserErrors).toEqual([])
  })
})
