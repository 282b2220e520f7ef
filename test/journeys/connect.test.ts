import { describe, expect, test, vi } from 'vitest'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  type ProviderKey,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { listen } from '../helpers/listen.ts'
import { noBrowser, shoot, useBrowser } from './browser.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The page of the application that the end user comes from. */
const application = () =>
  listen((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>Application</title><h1>Back at the application: ${request.url}</h1>`)
  })

async function createLink(
  { send }: TestGateway,
  provider: ProviderKey,
  { connector, redirectUri }: { connector: string; redirectUri?: string },
) {
  const { createConnectLink } = await send(CreateConnectLinkDocument, {
    provider,
    input: { connector, endUser: { id: 'user-1', name: 'Ada' }, ...(redirectUri && { redirectUri }) },
  })
  if (createConnectLink.__typename !== 'CreateConnectLinkPayload') throw new Error(createConnectLink.message)
  const { id, url } = createConnectLink.connectLink
  return { id, url: url ?? '' }
}

/** The link is done, and its connection is the one that is listed. */
async function expectListed({ send }: TestGateway, provider: ProviderKey, id: string) {
  const { connectLink } = await send(ConnectLinkDocument, { id })
  expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
  const { connections } = await send(ConnectionsDocument, {})
  expect(connections?.nodes).toMatchObject([
    {
      id: connectLink?.connection?.id,
      status: 'ACTIVE',
      provider: { key: provider },
      endUser: { id: 'user-1' },
    },
  ])
}

describe.skipIf(noBrowser)(`in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  const openPage = useBrowser()

  test.each([
    ['FIVETRAN', 'hubspot', 'HubSpot'],
    ['CENSUS', 'hubspot', 'HubSpot'],
    ['PIPEDREAM', 'github', 'GitHub'],
  ] as const)(
    'a link of %s is opened and approved, leads back to the application, and its connection is listed',
    async (provider, connector, name) => {
      const gateway = await startTestGateway()
      const redirectUri = `${(await application()).origin}/return?state=1`
      const { id, url } = await createLink(gateway, provider, { connector, redirectUri })
      const { page, abroad } = await openPage()

      await page.goto(url)
      expect(page.url()).toMatch(`${gateway.url}/sandbox/`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(name)
      await shoot(page, `${provider.toLowerCase()}-link`)
      await page.locator('button[name=decision][value=approve]').click()
      await page.waitForURL(redirectUri)

      expect(await page.title()).toBe('Application')
      await expectListed(gateway, provider, id)
      expect(abroad).toEqual([])
    },
  )

  test('a page of xpander is opened and approved, says so, and the connection is listed', async () => {
    const gateway = await startTestGateway()
    const { connectors } = await gateway.send(ConnectorsDocument, {
      search: 'GitHub',
      providers: ['XPANDER'],
    })
    const { id, url } = await createLink(gateway, 'XPANDER', { connector: connectors?.nodes?.[0]?.key ?? '' })
    const { page, abroad } = await openPage()

    await page.goto(url)
    await shoot(page, 'xpander-link')
    await page.locator('button[name=decision][value=approve]').click()

    await page.getByRole('heading', { name: 'GitHub is connected' }).waitFor()
    await shoot(page, 'xpander-connected')
    await expectListed(gateway, 'XPANDER', id)
    expect(abroad).toEqual([])
  })

  test('without an address to go back to, the end user lands on a page of the gateway', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await createLink(gateway, 'CENSUS', { connector: 'hubspot' })
    const { page } = await openPage()

    await page.goto(url)
    await page.locator('button[name=decision][value=approve]').click()
    await page.waitForURL(`${gateway.url}/done`)

    await shoot(page, 'done')
    expect(await page.getByRole('heading').textContent()).toBe('That is all')
    await expectListed(gateway, 'CENSUS', id)
  })

  test('a link that has done its work says so instead of opening again', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await createLink(gateway, 'CENSUS', { connector: 'hubspot' })
    const { page } = await openPage()
    await page.goto(url)
    await page.locator('button[name=decision][value=approve]').click()
    await page.waitForURL(`${gateway.url}/done`)
    await expectListed(gateway, 'CENSUS', id)

    const answer = await page.goto(url)

    await shoot(page, 'used-link')
    expect(answer?.status()).toBe(410)
    expect(await page.getByRole('heading').textContent()).toBe('Already connected')
  })

  test('a denial leaves the link open, and nothing is listed', async () => {
    const gateway = await startTestGateway()
    const { id, url } = await createLink(gateway, 'PIPEDREAM', { connector: 'github' })
    const { page } = await openPage()

    await page.goto(url)
    await page.locator('button[name=decision][value=deny]').click()
    await page.waitForURL(`${gateway.url}/done`)

    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'CREATED', connection: null })
    expect((await gateway.send(ConnectionsDocument, {})).connections?.nodes).toEqual([])
  })
})
