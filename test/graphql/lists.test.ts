import { describe, expect, test } from 'vitest'
import {
  type ConnectionFilter,
  ConnectionsDocument,
  type CreateConnectLinkInput,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { createConnection, createLinkOrThrow, postQuery, providers, xpanderKey } from './open.ts'

const team = (value: string) => [{ key: 'team', value }]
const algolia = { connector: xpanderKey('Algolia'), xpander: { security: { apiKey: 'key' } } }
const linkInputs: readonly (readonly [
  'FIVETRAN' | 'CENSUS' | 'PIPEDREAM' | 'XPANDER',
  Partial<CreateConnectLinkInput>,
])[] = [
  ['FIVETRAN', { endUser: { id: 'ada' }, tags: team('blue') }],
  ['CENSUS', { endUser: { id: 'bob' }, tags: [...team('red'), { key: 'plan', value: 'free' }] }],
  ['PIPEDREAM', { endUser: { id: 'ada' }, tags: team('red') }],
  ['XPANDER', { endUser: { id: 'cyd' }, ...algolia }],
]

describe('connections', () => {
  test('lists connections of all providers newest first and applies every filter', async () => {
    const gateway = await startTestGateway()
    for (const [provider, input] of linkInputs) {
      await createConnection(gateway, provider, input)
      gateway.clock.advance(60)
    }
    await gateway.send(ConnectionsDocument, {})
    const found = async (filter: ConnectionFilter | null) => {
      const { connections } = await gateway.send(ConnectionsDocument, { filter })
      expect(connections.totalCount).toBe(connections.nodes.length)
      return connections.nodes.map(({ provider }) => provider.key)
    }
    expect(await found(null)).toEqual(['XPANDER', 'PIPEDREAM', 'CENSUS', 'FIVETRAN'])
    expect(await found({})).toHaveLength(4)
    expect(await found({ providers: ['CENSUS', 'FIVETRAN'] })).toEqual(['CENSUS', 'FIVETRAN'])
    expect(await found({ providers: [] })).toEqual([])
    expect(await found({ statuses: ['ACTIVE'] })).toHaveLength(4)
    expect(await found({ statuses: ['PAUSED', 'DISCONNECTED'] })).toEqual([])
    expect(await found({ endUserId: 'ada' })).toEqual(['PIPEDREAM', 'FIVETRAN'])
    expect(await found({ endUserId: 'unknown-user' })).toEqual([])
    expect(await found({ connectorKey: 'hubspot' })).toEqual(['CENSUS', 'FIVETRAN'])
    expect(await found({ tag: { key: 'team', value: 'red' } })).toEqual(['PIPEDREAM', 'CENSUS'])
    expect(await found({ tag: { key: 'team', value: 'free' } })).toEqual([])
    expect(await found({ endUserId: 'ada', tag: { key: 'team', value: 'red' } })).toEqual(['PIPEDREAM'])
  })

  test('pages through all connections, each once, while a connection is added', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock, connections: 12 })
    const gateway = await startTestGateway({ clock, sandbox })
    const all = (await gateway.send(ConnectionsDocument, { first: 100 })).connections
    const total = providers.length * 12
    const pages = Math.ceil(total / 7)
    expect(all.totalCount).toBe(total)
    expect(all.pageInfo.hasNextPage).toBe(false)

    const seen: string[] = []
    let after: string | null = null
    for (let page = 1; page <= pages; page += 1) {
      const found = await pageOf(gateway, 7, after)
      expect(found.edges.map(({ cursor }) => cursor)).toEqual([
        ...new Set(found.edges.map(({ cursor }) => cursor)),
      ])
      expect(found.pageInfo).toEqual({
        hasPreviousPage: page > 1,
        hasNextPage: page < pages,
        startCursor: found.edges[0]?.cursor,
        endCursor: found.edges.at(-1)?.cursor,
      })
      seen.push(...found.edges.map(({ node }) => node.id))
      after = found.pageInfo.endCursor
      if (page === 3) await createConnection(gateway, 'XPANDER', algolia)
    }
    expect(seen).toEqual(all.nodes.map(({ id }) => id))
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(total + 1)
  })
})

interface ConnectionPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly endCursor: string | null }
}

async function pageOf(gateway: TestGateway, first: number, after: string | null): Promise<ConnectionPage> {
  const { data } = await postQuery(
    gateway,
    `query ($first: Int, $after: String) { connections(first: $first, after: $after) {
       edges { cursor node { id } } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } }`,
    { first, after },
  )
  return data?.connections as ConnectionPage
}

test('connectLinks lists links newest first and applies every filter', async () => {
  const gateway = await startTestGateway()
  for (const [provider, input] of linkInputs) {
    await createLinkOrThrow(gateway, provider, input)
    gateway.clock.advance(1)
  }
  const found = async (filter: object | null, page: object = {}) => {
    const { data } = await postQuery(
      gateway,
      `query ($filter: ConnectLinkFilter, $first: Int, $after: String) {
         connectLinks(filter: $filter, first: $first, after: $after) {
           totalCount nodes { provider { key } } pageInfo { hasNextPage endCursor } } }`,
      { filter, ...page },
    )
    return data?.connectLinks as {
      totalCount: number
      nodes: { provider: { key: string } }[]
      pageInfo: { hasNextPage: boolean; endCursor: string }
    }
  }
  const keys = async (filter: object | null) =>
    (await found(filter)).nodes.map(({ provider }) => provider.key)
  expect(await keys(null)).toEqual(['XPANDER', 'PIPEDREAM', 'CENSUS', 'FIVETRAN'])
  expect(await keys({ statuses: ['COMPLETED'] })).toEqual(['XPANDER'])
  expect(await keys({ statuses: ['CREATED', 'FAILED'] })).toEqual(['PIPEDREAM', 'CENSUS', 'FIVETRAN'])
  expect(await keys({ statuses: [] })).toEqual([])
  expect(await keys({ providers: ['FIVETRAN'] })).toEqual(['FIVETRAN'])
  expect(await keys({ endUserId: 'ada' })).toEqual(['PIPEDREAM', 'FIVETRAN'])
  expect(await keys({ tag: { key: 'plan', value: 'free' } })).toEqual(['CENSUS'])
  expect(await keys({ endUserId: 'ada', tag: { key: 'team', value: 'blue' } })).toEqual(['FIVETRAN'])

  const first = await found({ statuses: ['CREATED'] }, { first: 2 })
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } })
  const second = await found({ statuses: ['CREATED'] }, { first: 2, after: first.pageInfo.endCursor })
  expect(second.nodes.map(({ provider }) => provider.key)).toEqual(['FIVETRAN'])
  expect(second.pageInfo.hasNextPage).toBe(false)
})

describe('paging', () => {
  const lists = ['connections', 'connectLinks', 'connectors'] as const
  const cursor = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
  const uuid = '0e6f4d5e-1111-4222-8333-444455556666'

  test.each(lists)('rejects invalid arguments of %s', async (list) => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const foreign = list === 'connectors' ? cursor([1, uuid]) : cursor(['a connector'])
    const pages = [
      'first: 0',
      'first: -1',
      'first: 101',
      'after: ""',
      'after: "junk"',
      `after: "${'A'.repeat(10_000)}"`,
      `after: "${foreign}"`,
      `after: "${cursor(null)}"`,
      `after: "${cursor({})}"`,
      `after: "${cursor([1, 'no uuid'])}"`,
      `after: "${cursor([1e300, uuid])}"`,
    ]
    for (const page of pages) {
      const { codes } = await postQuery(gateway, `{ ${list}(${page}) { totalCount } }`)
      expect({ page, codes }).toEqual({ page, codes: ['BAD_USER_INPUT'] })
    }
  })

  test.each(lists)(
    'accepts cursors of %s at the limits of the Date range without an internal error',
    async (list) => {
      const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
      const limits = [8_640_000_000_000_000, -8_640_000_000_000_000].map((time) => cursor([time, uuid]))
      for (const after of list === 'connectors' ? [cursor(['\uffff']), cursor([''])] : limits) {
        const { codes } = await postQuery(gateway, `{ ${list}(after: "${after}") { nodes { id } } }`)
        expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
      }
    },
  )
})

test.each([
  ['connections', 'ConnectionFilter', { endUserId: 'a\u0000' }],
  ['connections', 'ConnectionFilter', { connectorKey: 'a\u0000' }],
  ['connections', 'ConnectionFilter', { tag: { key: 'a\u0000', value: '\ud83d' } }],
  ['connectLinks', 'ConnectLinkFilter', { endUserId: 'a\u0000' }],
  ['connectLinks', 'ConnectLinkFilter', { tag: { key: 'a\u0000', value: '\ud83d' } }],
])(
  '%s: a filter text that cannot be stored does not cause an internal error: %s %j',
  async (list, type, filter) => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const query = `query ($filter: ${type}) { ${list}(filter: $filter) { totalCount } }`
    const { codes } = await postQuery(gateway, query, { filter })
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
  },
)
