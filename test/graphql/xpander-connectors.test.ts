import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { type XpanderConnector, xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import {
  awaitSyncsAndClearRequests,
  createLinkOrThrow,
  postQuery,
  waitForStatus,
  xpanderKey,
} from './open.ts'

const document = `mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: XPANDER, input: $input) {
  __typename
  ... on CreateConnectLinkPayload { connectLink { id status url instructions } }
  ... on Error { code message }
  ... on InvalidInputError { issues { path message } } } }`

type Caller = (connector: XpanderConnector, index: number) => Promise<readonly [text: string, data: unknown]>

/** An own end user for each connector: what one of them has does not influence another. */
const withApiKey =
  (gateway: TestGateway): Caller =>
  async ({ id }, index) => {
    const input = { connector: id, endUser: { id: `user-${index}` } }
    const { text, data } = await postQuery(gateway, document, { input })
    return [text, data?.createConnectLink]
  }

const inSession =
  (gateway: TestGateway): Caller =>
  async ({ id }, index) => {
    const { query } = await asEndUser(gateway, `session-${index}`)
    const { text, data } = await query(document, { input: { connector: id } })
    return [text, data?.createConnectLink]
  }

const isReady = ({ status }: XpanderConnector) => status === 'ready'
const unready = { __typename: 'UnsupportedError', message: expect.stringMatching(/offers no connect link/) }
const invalid = (message: unknown) => ({
  __typename: 'InvalidInputError',
  issues: [{ path: ['input', 'xpander', 'security'], message }],
})
const hintOf = ({ scheme, name }: XpanderConnector) =>
  scheme === 'apiKey' ? `An API key of ${name}` : 'the credentials of the account to connect'

/** Calls for every connector of the catalogue. No text of an HTTP error may be in a response. */
async function forEveryConnector(
  caller: Caller,
  check: (connector: XpanderConnector, data: unknown) => unknown,
) {
  for (const [index, connector] of xpanderConnectors.entries()) {
    const [text, data] = await caller(connector, index)
    expect(text).not.toMatch(/HTTP \d|PROVIDER_REJECTED/)
    await check(connector, data)
  }
}

/** The link leads to a page that can be completed with the name and the key that its instructions describe. */
async function expectUsableLink(connector: XpanderConnector, data: unknown) {
  const connectLink = { status: 'CREATED', url: expect.any(String), instructions: expect.any(String) }
  expect(data, connector.name).toMatchObject({ __typename: 'CreateConnectLinkPayload', connectLink })
  const { url, instructions } = (data as { connectLink: { url: string; instructions: string } }).connectLink
  const [, name = ''] = /Name the connection "([^"]+)"/.exec(instructions) ?? []
  expect(name, instructions).not.toBe('')
  if (connector.scheme === 'apiKey') expect(instructions).toContain(`${hintOf(connector)}.`)
  const { html } = await submitProviderPage(url, 'approve', { name, api_key: 'a-key' })
  expect(html).toContain('is connected')
}

describe.each([{}, { XPANDER_API_FAMILY: 'connectors' }])(
  'every connector of the catalogue, with %j,',
  (env) => {
    test('gets a usable link with an API key', { timeout: 60_000 }, async () => {
      const gateway = await startTestGateway({ env })
      await awaitSyncsAndClearRequests(gateway)
      await forEveryConnector(withApiKey(gateway), (connector, data) =>
        isReady(connector) ? expectUsableLink(connector, data) : expect(data).toMatchObject(unready),
      )
    })

    test('gets a usable link in a session, or an error with what an API key has to give', {
      timeout: 60_000,
    }, async () => {
      const gateway = await startTestGateway({ env })
      await awaitSyncsAndClearRequests(gateway)
      await forEveryConnector(inSession(gateway), (connector, data) => {
        if (!isReady(connector)) return expect(data).toMatchObject(unready)
        if (connector.scheme === 'oauth2') return expectUsableLink(connector, data)
        const message = `is required, and only an API key may give it: ${hintOf(connector)}`
        return expect(data).toMatchObject(invalid(message))
      })
    })
  },
)

test('without a known address of the platform an API key gets a page or the hint', {
  timeout: 60_000,
}, async () => {
  const clock = createTestClock()
  const sandbox = await startSandbox({ port: 0, clock })
  onTestFinished(() => sandbox.close())
  const env = { XPANDER_API_KEY: 'sandbox-key', XPANDER_BASE_URL: `${sandbox.url.origin}/xpander` }
  const gateway = await startTestGateway({ env, sandbox, clock })
  await awaitSyncsAndClearRequests(gateway)
  await forEveryConnector(withApiKey(gateway), (connector, data) => {
    if (!isReady(connector)) return expect(data).toMatchObject(unready)
    if (connector.scheme === 'oauth2') return expectUsableLink(connector, data)
    return expect(data).toMatchObject(invalid(expect.stringContaining(`is required: ${hintOf(connector)}`)))
  })
})

test('a link to a page for a key is completed by the connection with its name', async () => {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'XPANDER', { connector: xpanderKey('Stripe') })
  const [, name = ''] = /Name the connection "([^"]+)"/.exec(link.instructions ?? '') ?? []
  await submitProviderPage(link.url ?? '', 'approve', { name, api_key: 'a-key' })
  const { connection } = await waitForStatus(gateway, link.id, /COMPLETED/)
  expect(connection?.status).toBe('ACTIVE')
})

test('linkable depends on the caller, and connectionHint has the words of the provider', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const connectorQuery = (name: string) => `
    ${name}: connector(provider: XPANDER, key: "${xpanderKey(name)}") {
      linkable connectionHint application { offers { provider { key } linkable } } }`
  const query = `{ ${['Stripe', 'GitHub', 'HackerNews', 'Workday'].map(connectorQuery).join(' ')} }`
  const viewOf = (data: Record<string, unknown> | null | undefined) =>
    Object.entries(data ?? {}).map(([name, value]) => {
      const { linkable, connectionHint, application } = value as {
        linkable: boolean
        connectionHint: string | null
        application: { offers: { provider: { key: string }; linkable: boolean }[] }
      }
      const offer = application.offers.find(({ provider }) => provider.key === 'XPANDER')
      return [name, linkable, offer?.linkable, connectionHint]
    })
  expect(viewOf((await postQuery(gateway, query)).data)).toEqual([
    ['Stripe', true, true, 'An API key of Stripe'],
    ['GitHub', true, true, null],
    ['HackerNews', true, true, null],
    ['Workday', false, false, null],
  ])
  const { query: ask } = await asEndUser(gateway, 'ada')
  expect(viewOf((await ask(query)).data)).toEqual([
    ['Stripe', false, false, 'An API key of Stripe'],
    ['GitHub', true, true, null],
    ['HackerNews', false, false, null],
    ['Workday', false, false, null],
  ])
})
