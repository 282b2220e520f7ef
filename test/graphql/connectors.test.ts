import { expect, test } from 'vitest'
import { z } from 'zod'
import { providerFixtures } from '../fixtures/providers.ts'
import { ConnectorsDocument, type ConnectorsQueryVariables } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { countStatements } from './count-statements.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests, providers, xpanderKey } from './open.ts'

/** Reads all pages. Returns the names in order, the distinct IDs and the last `totalCount`. */
async function readAllPages({ send }: TestGateway, filter: ConnectorsQueryVariables = {}) {
  const names: string[] = []
  const ids = new Set<string>()
  let after: string | null = null
  let total = 0
  do {
    const variables: ConnectorsQueryVariables = { ...filter, first: 100, after }
    const { connectors } = await send(ConnectorsDocument, variables)
    names.push(...connectors.nodes.map(({ name }) => name.toLowerCase()))
    for (const { id } of connectors.nodes) ids.add(id)
    total = connectors.totalCount
    after = connectors.pageInfo.hasNextPage ? connectors.pageInfo.endCursor : null
  } while (after !== null)
  return { names, ids, total }
}

test('connectors pages through the catalogue by name, each connector once', async () => {
  const { names, ids, total } = await readAllPages(await startTestGateway())
  expect(total).toBeGreaterThan(1000)
  expect(names).toHaveLength(total)
  expect(ids.size).toBe(total)
  expect(names).toEqual([...names].sort((a, b) => (a < b ? -1 : Number(a > b))))
})

test('a catalogue of 3,000 connectors of each provider is paged to its end and keeps all entries when a page of one provider fails', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connectors: 3000 })
  const gateway = await startTestGateway({ clock, sandbox, providerDeadlineMs: 60_000 })
  await awaitSyncsAndClearRequests(gateway)
  const before = await readAllPages(gateway)
  expect(before.names).toHaveLength(providers.length * 3000)
  expect(before.ids.size).toBe(providers.length * 3000)

  const path = '/activation_types?page=7&'
  await gateway.control('POST', 'faults', { provider: 'census', path, status: 503, times: 1000 })
  clock.advance(86_401)
  await awaitSyncsAndClearRequests(gateway)

  expect(await readAllPages(gateway, { providers: ['CENSUS'] })).toMatchObject({ total: 3000 })
  const { connectors } = await gateway.send(ConnectorsDocument, { search: 'Sandbox App 1234', first: 100 })
  expect(connectors.syncStatus.map(({ provider, state }) => `${provider} ${state}`)).toEqual(
    providers.map((provider) => `${provider} ${provider === 'CENSUS' ? 'STALE' : 'FRESH'}`),
  )
  const stale = connectors.syncStatus.find(({ provider }) => provider === 'CENSUS')
  expect(stale?.error).toContain('PROVIDER_UNAVAILABLE')
  expect(connectors.nodes.map(({ name, provider }) => `${provider.key} ${name}`)).toContain(
    'CENSUS Sandbox App 1234',
  )
}, 180_000)

const offerShape = z.looseObject({ provider: z.object({ key: z.string() }) })
const applicationShape = z.object({
  connector: z.object({ application: z.looseObject({ offers: z.array(offerShape) }) }),
})
type Offer = z.output<typeof offerShape>

test('Connector.application lists the offers of all providers, with a constant number of statements', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const search = (first: number) =>
    postQuery(
      gateway,
      `{ connectors(search: "google", first: ${first}) { nodes { key application {
           slug name offers { provider { key name } key name directions linkable } } } } }`,
    )
  const statementsOf = countStatements()
  const few = await statementsOf(() => search(1))
  expect(await statementsOf(() => search(100))).toBe(few)
  expect(await providerRequests(gateway)).toEqual([])

  const { data } = await postQuery(
    gateway,
    `{ connector(provider: PIPEDREAM, key: "google_analytics") { application {
         slug name offers { provider { key } key name directions linkable } } } }`,
  )
  const offer = (provider: string, key: string, name: string, direction: string) => ({
    provider: { key: provider },
    key,
    name,
    directions: [direction],
    linkable: true,
  })
  const offers = [
    offer('FIVETRAN', 'google_analytics_4', 'Google Analytics 4', 'SOURCE'),
    offer('CENSUS', 'google_analytics_four', 'Google Analytics 4', 'DESTINATION'),
    offer('PIPEDREAM', 'google_analytics', 'Google Analytics', 'TOOL'),
    offer('XPANDER', xpanderKey('Google Analytics'), 'Google Analytics', 'TOOL'),
  ]
  const { application } = applicationShape.parse(data).connector
  const isExpected = ({ provider }: Offer) =>
    offers.some((expected) => expected.provider.key === provider.key)
  expect({ ...application, offers: application.offers.filter(isExpected) }).toEqual({
    slug: 'google-analytics-4',
    name: 'Google Analytics 4',
    offers,
  })
})

test.each(['bm90IGEgY3Vyc29y', 'WyJhIl0', 'WyJTT01FV0hFUkUiLDEsImEiXQ'])(
  'rejects a cursor of another list: %s',
  async (after) => {
    const { codes } = await postQuery(
      await startTestGateway(),
      'query ($after: String) { connectors(after: $after) { totalCount } }',
      { after },
    )
    expect(codes).toEqual(['BAD_USER_INPUT'])
  },
)

test('search finds an application at every provider, best matches first', async () => {
  const { send } = await startTestGateway()
  const first = providers.length
  const { connectors } = await send(ConnectorsDocument, { search: 'Hub Spot', first })
  expect(connectors.nodes.map(({ name }) => name)).toEqual(providers.map(() => 'HubSpot'))
  expect(connectors.nodes.map(({ provider }) => provider.key).sort()).toEqual([...providers].sort())
  const nextPage = { search: 'Hub Spot', first, after: connectors.pageInfo.endCursor }
  const second = (await send(ConnectorsDocument, nextPage)).connectors
  expect(second.nodes.length).toBe(Math.min(first, connectors.totalCount - first))
  expect(second.nodes.map(({ id }) => id)).not.toEqual(
    expect.arrayContaining(connectors.nodes.map(({ id }) => id)),
  )
})

test.each(providers)('every query for the connectors of %s returns only its own', async (key) => {
  const { connectorKey } = providerFixtures[key]
  const gateway = await startTestGateway()
  const { connectors } = await gateway.send(ConnectorsDocument, { providers: [key], first: 1 })
  const { data, codes } = await postQuery(
    gateway,
    `query ($key: ProviderKey!, $connector: String!) {
       provider(key: $key) { connectors(first: 1) { totalCount nodes { key provider { key } } syncStatus { provider } } }
       connector(provider: $key, key: $connector) { key linkable provider { key } }
       unknown: connector(provider: $key, key: "no_such_thing") { key } }`,
    { key, connector: connectorKey },
  )
  expect(codes).toEqual([])
  expect(data).toEqual({
    provider: {
      connectors: {
        totalCount: connectors.totalCount,
        nodes: [{ key: connectors.nodes[0]?.key, provider: { key } }],
        syncStatus: [{ provider: key }],
      },
    },
    connector: { key: connectorKey, linkable: true, provider: { key } },
    unknown: null,
  })
})

test('the direction filter returns only connectors that offer the direction', async () => {
  const { send } = await startTestGateway({ env: { CENSUS_API_VERSION: '1' } })
  const { connectors } = await send(ConnectorsDocument, {
    direction: 'SOURCE',
    providers: ['CENSUS'],
    first: 100,
  })
  expect(connectors.nodes.map(({ key }) => key)).toContain('postgres')
  expect(connectors.nodes.map(({ key }) => key)).not.toContain('hubspot')
  expect(connectors.nodes.every(({ directions }) => directions.includes('SOURCE'))).toBe(true)
})
