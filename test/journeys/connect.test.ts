import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { createTestLink, statusHistoryOf } from '../server/pages/visit.ts'
import {
  approve,
  createLinkTo,
  deny,
  expectCompletedInOrder,
  expectListed,
  redirecting,
  resultParamsOf,
  startApplication,
} from './application.ts'
import { noBrowser, previewAgent, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

describe.skipIf(noBrowser)(`in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(redirecting)(
    'a link of %s is opened and approved, redirects to the application, and its connection is listed',
    async (provider, env) => {
      const gateway = await startTestGateway({ env })
      const redirectUri = await startApplication()
      const { link, connectorName } = await createLinkTo(gateway, provider, redirectUri)
      const { page, externalRequests } = await openPage()

      await page.goto(link.url)
      expect(page.url()).toMatch(`${gateway.url}/sandbox/`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(connectorName)
      await page.locator(approve).click()
      await page.waitForURL(`${redirectUri}&**`)

      expect(await page.title()).toBe('Application')
      expect(resultParamsOf(page.url())).toEqual({
        state: '1',
        connect_link_id: link.globalId,
        status: 'success',
      })
      expectCompletedInOrder(await statusHistoryOf(gateway, link))
      await expectListed(gateway, provider, link)
      expect(externalRequests).toEqual([])
    },
  )

  test.each(redirecting)(
    'the button on the link page of %s, as previews get it, redirects to the provider',
    async (provider, env) => {
      // The sandbox's pages have an origin of their own, as a provider's: the page's policy must allow the redirect.
      const clock = createTestClock()
      const sandbox = await startSandbox({ port: 0, clock })
      onTestFinished(() => sandbox.close())
      const gateway = await startTestGateway({ env, sandbox, clock })
      const { link, connectorName } = await createLinkTo(gateway, provider, null)
      const { page, browserErrors } = await openPage({ userAgent: previewAgent })

      await page.goto(link.url)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Connect ${connectorName}`)
      expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED'])
      await page.getByRole('button', { name: /^Continue to/ }).click()

      await page.waitForURL(`${sandbox.url.origin}/**`)
      await page.locator(approve).waitFor()
      expect(await statusHistoryOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
      expect(browserErrors).toEqual([])
    },
  )

  test('without a redirect URI, the end user gets the result on a page of the gateway', async () => {
    const gateway = await startTestGateway()
    const link = await createTestLink(gateway, 'CENSUS')
    const { page, browserErrors } = await openPage()

    await page.goto(link.url)
    await page.locator(approve).click()
    await page.waitForURL(`${gateway.url}/return/**`)

    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Connected')
    await expectListed(gateway, 'CENSUS', link)
    expect(browserErrors).toEqual([])
  })

  test('a completed link shows "Already connected" instead of opening again', async () => {
    const gateway = await startTestGateway()
    const redirectUri = await startApplication()
    const link = await createTestLink(gateway, 'CENSUS', { redirectUri })
    const { page } = await openPage()
    await page.goto(link.url)
    await page.locator(approve).click()
    await page.waitForURL(`${redirectUri}&**`)

    const response = await page.goto(link.url)

    expect(response?.status()).toBe(410)
    expect(await page.getByRole('heading').textContent()).toBe('Already connected')
    await page.getByRole('link', { name: 'Back to the application' }).click()
    await page.waitForURL(`${redirectUri}&**`)
    expect(resultParamsOf(page.url())).toMatchObject({ status: 'success' })
  })

  test('a denial redirects to the return page, which waits: a denial alone does not end the link', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 200 })
    const link = await createTestLink(gateway, 'PIPEDREAM', { connector: 'github' })
    const { page } = await openPage()

    await page.goto(link.url)
    await page.locator(deny).click()
    await page.waitForURL(`${gateway.url}/return/*/error`)
    await page.getByRole('heading', { level: 1 }).waitFor()

    expect(
      (await gateway.send(ConnectLinkDocument, { id: link.globalId })).connectLink?.connection,
    ).toBeNull()
    expect((await gateway.send(ConnectionsDocument, {})).connections?.nodes).toEqual([])
  })
})
