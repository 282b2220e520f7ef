import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ConnectionsDocument, ConnectLinkDocument, type ProviderKey } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { makeLink, stepsOf } from '../server/pages/visit.ts'
import { application, approve, expectLife, expectListed, resultOf } from './application.ts'
import { noBrowser, previewAgent, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

const deny = 'button[name=decision][value=deny]'

const providers: [provider: ProviderKey, connector: string, name: string, env?: Record<string, string>][] = [
  ['FIVETRAN', 'hubspot', 'HubSpot'],
  ['CENSUS', 'hubspot', 'HubSpot'],
  ['CENSUS', 'hubspot', 'HubSpot', { CENSUS_API_VERSION: '1' }],
  ['PIPEDREAM', 'github', 'GitHub'],
]

describe.skipIf(noBrowser)(`in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(providers)(
    'a link of %s is opened and approved, leads back to the application, and its connection is listed',
    async (provider, connector, name, env = {}) => {
      const gateway = await startTestGateway({ env })
      const redirectUri = await application()
      const direction = provider === 'CENSUS' ? 'DESTINATION' : null
      const link = await makeLink(gateway, provider, { connector, redirectUri, direction })
      const { page, abroad } = await openPage()

      await page.goto(link.url)
      expect(page.url()).toMatch(`${gateway.url}/sandbox/`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(name)
      await page.locator(approve).click()
      await page.waitForURL(`${redirectUri}&**`)

      expect(await page.title()).toBe('Application')
      expect(resultOf(page.url())).toEqual({
        state: '1',
        connect_link_id: link.globalId,
        status: 'success',
      })
      expectLife(await stepsOf(gateway, link))
      await expectListed(gateway, provider, link)
      expect(abroad).toEqual([])
    },
  )

  test.each(providers)(
    'the button on the page that a preview of %s shows leads to the provider',
    async (provider, connector, name, env = {}) => {
      // Its pages have an origin of their own, as a provider's have: the page's policy has to let the redirect through.
      const clock = createTestClock()
      const sandbox = await startSandbox({ port: 0, clock })
      onTestFinished(() => sandbox.close())
      const gateway = await startTestGateway({ env, sandbox, clock })
      const direction = provider === 'CENSUS' ? 'DESTINATION' : null
      const link = await makeLink(gateway, provider, { connector, direction })
      const { page, complaints } = await openPage({ userAgent: previewAgent })

      await page.goto(link.url)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Connect ${name}`)
      expect(await stepsOf(gateway, link)).toEqual(['CREATED'])
      await page.getByRole('button').click()

      await page.waitForURL(`${sandbox.url.origin}/**`)
      await page.locator(approve).waitFor()
      expect(await stepsOf(gateway, link)).toEqual(['CREATED', 'OPENED'])
      expect(complaints).toEqual([])
    },
  )

  test('without an address to go back to, the end user lands on a page of the gateway', async () => {
    const gateway = await startTestGateway()
    const link = await makeLink(gateway, 'CENSUS')
    const { page, complaints } = await openPage()

    await page.goto(link.url)
    await page.locator(approve).click()
    await page.waitForURL(`${gateway.url}/return/**`)

    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Connected')
    await expectListed(gateway, 'CENSUS', link)
    expect(complaints).toEqual([])
  })

  test('a link that has done its work says so instead of opening again', async () => {
    const gateway = await startTestGateway()
    const redirectUri = await application()
    const link = await makeLink(gateway, 'CENSUS', { redirectUri })
    const { page } = await openPage()
    await page.goto(link.url)
    await page.locator(approve).click()
    await page.waitForURL(`${redirectUri}&**`)

    const answer = await page.goto(link.url)

    expect(answer?.status()).toBe(410)
    expect(await page.getByRole('heading').textContent()).toBe('Already connected')
    await page.getByRole('link', { name: 'Back to the application' }).click()
    await page.waitForURL(`${redirectUri}&**`)
    expect(resultOf(page.url())).toMatchObject({ status: 'success' })
  })

  test('a denial comes back at once, is not taken for an end, and the page waits for one', async () => {
    const gateway = await startTestGateway({ maxWaitMs: 200 })
    const link = await makeLink(gateway, 'PIPEDREAM', { connector: 'github' })
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
