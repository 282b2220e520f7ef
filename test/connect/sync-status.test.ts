import { beforeAll, describe, expect, test } from 'vitest'
import { ConnectorsDocument, type ProviderKey } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { testDatabase } from '../helpers/database.ts'
import { openSandbox } from '../sandbox/open.ts'
import { type OpenGateway, openGateway } from './gateway.ts'

beforeAll(() => testDatabase())

const connectors = {
  FIVETRAN: 'hubspot',
  CENSUS: 'hubspot',
  PIPEDREAM: 'github',
} as const satisfies Partial<Record<ProviderKey, string>>

/** Connections at three providers, settled and listed. */
async function withConnections(): Promise<OpenGateway> {
  const gateway = await openGateway()
  await gateway.makeConnection('FIVETRAN', connectors.FIVETRAN)
  await gateway.makeConnection('CENSUS', connectors.CENSUS)
  await gateway.makeConnection('PIPEDREAM', connectors.PIPEDREAM)
  expect((await gateway.list()).totalCount).toBe(3)
  return gateway
}

const down = { status: 503, times: 1000 }

describe('a provider that is down', () => {
  test.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'] as const)(
    'never empties the list: %s fails, the other three answer, and syncStatus says so',
    async (provider) => {
      const gateway = await withConnections()
      await gateway.control('POST', 'faults', { provider: provider.toLowerCase(), ...down })

      const { nodes, syncStatus, states } = await gateway.list()

      const all = { FIVETRAN: 'FRESH', CENSUS: 'FRESH', PIPEDREAM: 'FRESH', XPANDER: 'FRESH' }
      expect(syncStatus).toEqual({ ...all, [provider]: 'STALE' })
      expect(nodes.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
      expect(states.find((state) => state.provider === provider)).toMatchObject({
        syncedAt: expect.any(String),
        error: expect.stringContaining('PROVIDER_UNAVAILABLE'),
      })
    },
  )

  test('from the start is FAILED, and what it has is missing until it is back', async () => {
    const gateway = await openGateway()
    await gateway.control('POST', 'faults', { provider: 'census', ...down })

    const { states, syncStatus } = await gateway.list()
    expect(syncStatus).toEqual({ FIVETRAN: 'FRESH', CENSUS: 'FAILED', PIPEDREAM: 'FRESH', XPANDER: 'FRESH' })
    expect(states.find(({ provider }) => provider === 'CENSUS')).toMatchObject({
      syncedAt: null,
      error: expect.stringContaining('Census'),
    })

    await gateway.control('DELETE', 'faults')
    expect((await gateway.list()).syncStatus).toMatchObject({ CENSUS: 'FRESH' })
  })

  test('is FRESH again, with nothing disconnected, once it is back', async () => {
    const gateway = await withConnections()
    await gateway.control('POST', 'faults', { provider: 'pipedream', ...down })
    await gateway.list()
    await gateway.list()
    await gateway.control('DELETE', 'faults')

    const { nodes, states } = await gateway.list()

    expect(nodes.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
    expect(states.find(({ provider }) => provider === 'PIPEDREAM')).toMatchObject({
      state: 'FRESH',
      error: null,
    })
  })

  test('is not asked again at once', async () => {
    const gateway = await openGateway()
    await gateway.control('POST', 'faults', { provider: 'xpander', ...down })
    await gateway.list()
    await gateway.control('DELETE', 'faults')

    const syncStatusAfter = async (afterSeconds: number) =>
      (await gateway.list({}, { afterSeconds })).syncStatus
    expect(await syncStatusAfter(1)).toMatchObject({ XPANDER: 'FAILED' })
    expect(await syncStatusAfter(2)).toMatchObject({ XPANDER: 'FRESH' })
  })

  test('is named only where it is asked about', async () => {
    const gateway = await withConnections()
    await gateway.control('POST', 'faults', { provider: 'census', ...down })

    expect((await gateway.list({ providers: ['FIVETRAN'] })).syncStatus).toEqual({ FIVETRAN: 'FRESH' })
    expect((await gateway.list({ providers: ['CENSUS'] })).nodes).toHaveLength(1)
  })

  test('leaves the catalogue as it was read, across a restart too', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock })
    const all = async (gateway: OpenGateway) =>
      (await gateway.send(ConnectorsDocument, { search: 'hubspot', first: 100 })).connectors
    const before = await openGateway({ sandbox, clock })
    const read = await all(before)
    expect(read?.nodes?.map((node) => node?.provider.key).toSorted()).toEqual([
      'CENSUS',
      'FIVETRAN',
      'PIPEDREAM',
      'XPANDER',
    ])
    await before.close()
    for (const provider of ['fivetran', 'census', 'pipedream', 'xpander']) {
      await before.control('POST', 'faults', { provider, ...down })
    }

    const after = await openGateway({ sandbox, clock, keepData: true })
    expect(await all(after)).toEqual(read)
  })
})

describe('a text that the store cannot hold', () => {
  test.each([
    ['a NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('(%s) in one name of a provider does not keep its list from being read', async (_, name) => {
    const gateway = await openGateway()
    const activation = (id: string, given: string) => ({
      id,
      name: given,
      group_id: 'sandbox_group',
      destination: { id: 1, type: 'hubspot', last_test_succeeded: true },
    })
    const body = { status: 'success', data: [activation('plain', 'Plain'), activation('odd', name)] }
    await gateway.control('POST', 'faults', { provider: 'census', path: '/activations', times: 1000, body })

    const { nodes, syncStatus } = await gateway.list()

    expect(syncStatus).toMatchObject({ CENSUS: 'FRESH' })
    expect(nodes.map(({ remoteId }) => remoteId).toSorted()).toEqual(['odd', 'plain'])
  })

  test.each([
    ['a NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('(%s) in one category does not keep the catalogue from being read', async (_, category) => {
    const gateway = await openGateway()
    const app = (slug: string, name: string) => ({ name_slug: slug, name, categories: [name] })
    const body = { data: [app('plain', 'Plain'), app('odd', category)], page_info: {} }
    await gateway.control('POST', 'faults', { provider: 'pipedream', path: '/apps', times: 1000, body })
    gateway.clock.advance(86_401)

    const { connectors: found } = await gateway.send(ConnectorsDocument, { providers: ['PIPEDREAM'] })

    expect(found?.syncStatus).toMatchObject([{ state: 'FRESH', error: null }])
    expect(found?.nodes?.map((node) => node?.key).toSorted()).toEqual(['odd', 'plain'])
  })
})
