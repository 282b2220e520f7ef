import type { Page } from 'playwright-core'
import { describe, expect, test, vi } from 'vitest'
import { ConnectLinkDocument, type ProviderKey } from '../generated/graphql.ts'
import { postQuery } from '../graphql/open.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { capabilitiesOf, providerVariants } from '../helpers/providers.ts'
import { createXpanderLink, type TestLink } from '../server/pages/visit.ts'
import {
  approve,
  createLinkTo,
  deny,
  expectListed,
  redirecting,
  resultParamsOf,
  startApplication,
} from './application.ts'
import { noBrowser, screenshot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Each attempt in the history: the code of its failure, or null if it was not reported to have failed. */
async function attemptsOf(gateway: TestGateway, { globalId }: TestLink) {
  const document =
    'query ($id: ID!) { connectLink(id: $id) { history { to reason failure { code } } lastFailure { code } } }'
  const { data } = await postQuery(gateway, document, { id: globalId })
  return data?.connectLink
}

/** What the history says of a denial: most providers do not report one, so that only the second opening shows. */
const expectedAttempts: Readonly<Record<ProviderKey, readonly object[]>> = {
  FIVETRAN: [{ failure: { code: 'SETUP_TEST_FAILED' } }, { reason: 'REOPENED' }],
  CENSUS: [{ reason: 'REOPENED' }],
  PIPEDREAM: [{ failure: { code: 'ACCESS_DENIED' } }, { reason: 'REOPENED' }],
  XPANDER: [{ reason: 'REOPENED' }],
  NANGO: [{ failure: { code: 'ACCESS_DENIED' } }, { reason: 'REOPENED' }],
  COMPOSIO: [{ reason: null }, { failure: { code: 'UNKNOWN' } }, { reason: 'REOPENED' }],
}

async function expectBothAttempts(gateway: TestGateway, provider: ProviderKey, link: TestLink) {
  const attempts = expectedAttempts[provider]
  const failure = attempts.find((entry) => 'failure' in entry) ?? { failure: null }
  const found = await attemptsOf(gateway, link)
  expect(found).toMatchObject({ lastFailure: 'failure' in failure ? failure.failure : null })
  const history = JSON.parse(JSON.stringify(found)).history
  expect(history.slice(2, 2 + attempts.length)).toMatchObject(attempts)
  expect(history.at(-1)).toMatchObject({ to: 'COMPLETED', failure: null })
}

describe.skipIf(noBrowser)(`another attempt in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each(redirecting)(
    'a denied link of %s is opened again and approved: it completes and redirects with success',
    async (provider, env) => {
      const gateway = await startTestGateway({ env, maxWaitMs: 200 })
      const redirectUri = await startApplication()
      const { link } = await createLinkTo(gateway, provider, redirectUri)
      const { page, browserErrors } = await openPage()

      await page.goto(link.url)
      await page.locator(deny).click()
      await page.waitForLoadState()
      gateway.clock.advance(60)
      await gateway.poll()
      await page.goto(link.url)
      await page.locator(approve).click()
      await page.waitForURL(`${redirectUri}&**status=success**`)

      expect(resultParamsOf(page.url())).toEqual({
        state: '1',
        connect_link_id: link.globalId,
        status: 'success',
      })
      await expectListed(gateway, provider, link)
      await expectBothAttempts(gateway, provider, link)
      expect(browserErrors).toEqual([])
    },
  )

  test('a denied link of xpander is opened again and approved: it completes and redirects with success', async () => {
    const gateway = await startTestGateway()
    const redirectUri = await startApplication()
    const link = await createXpanderLink(gateway, { redirectUri })
    const { page } = await openPage()
    const openProvider = async (): Promise<Page> => {
      await page.goto(link.url)
      const [tab] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('button', { name: 'Continue to xpander' }).click(),
      ])
      return tab
    }

    const denied = await openProvider()
    await denied.locator(deny).click()
    await denied.getByRole('heading', { name: 'Nothing was connected' }).waitFor()
    gateway.clock.advance(60)
    const approved = await openProvider()
    await approved.locator(approve).click()
    await approved.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    gateway.clock.advance(10)
    await gateway.poll()

    await page.waitForURL(`${redirectUri}&**`)
    expect(resultParamsOf(page.url())).toMatchObject({ connect_link_id: link.globalId, status: 'success' })
    await expectListed(gateway, 'XPANDER', link)
    await expectBothAttempts(gateway, 'XPANDER', link)
  })

  test.each(providerVariants)(
    'after a denial at %s the end user finds another attempt without the application',
    async (provider, env) => {
      const gateway = await startTestGateway({ env, maxWaitMs: 200 })
      const isRedirecting = capabilitiesOf(provider, env).successRedirect
      const link = isRedirecting
        ? (await createLinkTo(gateway, provider, null)).link
        : await createXpanderLink(gateway)
      const { page } = await openPage()

      await page.goto(link.url)
      const [tab] = isRedirecting
        ? [page]
        : await Promise.all([
            page.context().waitForEvent('page'),
            page.getByRole('button', { name: /^Continue to/ }).click(),
          ])
      await tab.locator(deny).click()
      await tab.waitForLoadState()
      const retry = tab.getByRole('link', { name: 'Try again' })
      await tab.locator(approve).or(retry).first().waitFor()
      await screenshot(tab, `denied-${provider.toLowerCase()}`)
      if ((await retry.count()) > 0) await retry.click()
      gateway.clock.advance(3) // a link is checked at its provider at most once in 2 s
      await tab.locator(approve).click()
      await tab.getByRole('heading', { name: /[Cc]onnected$/ }).waitFor()

      gateway.clock.advance(10)
      await gateway.poll()
      const { connectLink } = await gateway.send(ConnectLinkDocument, { id: link.globalId })
      expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
    },
  )
})
