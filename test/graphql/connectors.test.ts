import { expect, test } from 'vitest'
import { ConnectorsDocument, type ConnectorsQueryVariables } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { answerTo, connectorOf, providers } from './open.ts'

test('the catalogue is paged to its end, by name, each connector once', async () => {
  const { send } = await startTestGateway()
  const names: string[] = []
  const ids = new Set<string>()
  let after: string | null = null
  let total = 0
  do {
    const variables: ConnectorsQueryVariables = { first: 100, after }
    const { connectors } = await send(ConnectorsDocument, variables)
    names.push(...connectors.nodes.map(({ name }) => name.toLowerCase()))
    for (const { id } of connectors.nodes) ids.add(id)
    total = connectors.totalCount
    after = connectors.pageInfo.hasNextPage ? connectors.pageInfo.endCursor : null
  } while (after !== null)
  expect(total).toBeGreaterThan(1000)
  expect(names).toHaveLength(total)
  expect(ids.size).toBe(total)
  expect(names).toEqual([...names].sort((a, b) => (a < b ? -1 : Number(a > b))))
})

test('a search finds an application at every provider, the best matches first', async () => {
  const { send } = await startTestGateway()
  const { connectors } = await send(ConnectorsDocument, { search: 'Hub Spot', first: 4 })
  expect(connectors.nodes.map(({ name }) => name)).toEqual(Array.from({ length: 4 }, () => 'HubSpot'))
  expect(connectors.nodes.map(({ provider }) => provider.key).sort()).toEqual([...providers].sort())
  const next = { search: 'Hub Spot', first: 4, after: connectors.pageInfo.endCursor }
  const rest = (await send(ConnectorsDocument, next)).connectors
  expect(rest.nodes.length).toBe(Math.min(4, connectors.totalCount - 4))
  expect(rest.nodes.map(({ id }) => id)).not.toEqual(
    expect.arrayContaining(connectors.nodes.map(({ id }) => id)),
  )
})

test.each(providers)("%s's connectors are its own, through every door", async (key) => {
  const gateway = await startTestGateway()
  const { connectors } = await gateway.send(ConnectorsDocument, { providers: [key], first: 1 })
  const { data, codes } = await answerTo(
    gateway,
    `query ($key: ProviderKey!, $connector: String!) {
       provider(key: $key) { connectors(first: 1) { totalCount nodes { key provider { key } } sources { provider } } }
       connector(provider: $key, key: $connector) { key linkable provider { key } }
       nothing: connector(provider: $key, key: "no_such_thing") { key } }`,
    { key, connector: connectorOf[key] },
  )
  expect(codes).toEqual([])
  expect(data).toEqual({
    provider: {
      connectors: {
        totalCount: connectors.totalCount,
        nodes: [{ key: connectors.nodes[0]?.key, provider: { key } }],
        sources: [{ provider: key }],
      },
    },
    connector: { key: connectorOf[key], linkable: true, provider: { key } },
    nothing: null,
  })
})

test('a direction leaves only the connectors that offer it', async () => {
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
