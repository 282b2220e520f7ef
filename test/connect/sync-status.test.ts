import { beforeAll, describe, expect, test } from 'vitest'
import { perProvider, providerKeys } from '../../src/domain/provider-key.ts'
import { ConnectorsDocument } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { testDatabase } from '../helpers/database.ts'
import { openSandbox } from '../sandbox/open.ts'
import { type OpenGateway, openGateway } from './gateway.ts'

beforeAll(() => testDatabase())

/** Completed connections at three providers, which have been listed once. */
async function withConnections(): Promise<OpenGateway> {
  const gateway = await openGateway()
  await gateway.makeConnection('FIVETRAN', 'hubspot')
  await gateway.makeConnection('CENSUS', 'hubspot')
  await gateway.makeConnection('PIPEDREAM', 'github')
  expect((await gateway.list()).totalCount).toBe(3)
  return gateway
}

const allFresh = perProvider(() => 'FRESH')
const down = { status: 503, times: 1000 }

describe('a provider that is down', () => {
  test.each(providerKeys)('never empties the list: %s is STALE, the others are FRESH', async (provider) => {
    const gateway = await withConnections()
    await gateway.control('POST', 'faults', { provider: provider.toLowerCase(), ...down })

    const { nodes, syncStatus, states } = await gateway.list()

    expect(syncStatus).toEqual({ ...allFresh, [provider]: 'STALE' })
    expect(nodes.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
    expect(states.find((state) => state.provider === provider)).toMatchObject({
      syncedAt: expect.any(String),
      error: expect.stringContaining('PROVIDER_UNAVAILABLE'),
    })
  })

  test('is FAILED if it was never synced, and FRESH once it is available', async () => {
    const gateway = await openGateway()
    await gateway.control('POST', 'faults', { provider: 'census', ...down })

    const { states, syncStatus } = await gateway.list()
    expect(syncStatus).toEqual({ ...allFresh, CENSUS: 'FAILED' })
    expect(states.find(({ provider }) => provider === 'CENSUS')).toMatchObject({
      syncedAt: null,
      error: expect.stringContaining('Census'),
    })

    await gateway.control('DELETE', 'faults')
    expect((await gateway.list()).syncStatus).toMatchObject({ CENSUS: 'FRESH' })
  })

  test('is FRESH again once it is available, and no connection is disconnected', async () => {
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

  test('is retried after two seconds, not immediately', async () => {
    const gateway = await openGateway()
    await gateway.control('POST', 'faults', { provider: 'xpander', ...down })
    await gateway.list()
    await gateway.control('DELETE', 'faults')

    const syncStatusAfter = async (afterSeconds: number) =>
      (await gateway.list({}, { afterSeconds })).syncStatus
    expect(await syncStatusAfter(1)).toMatchObject({ XPANDER: 'FAILED' })
    expect(await syncStatusAfter(2)).toMatchObject({ XPANDER: 'FRESH' })
  })

  test('is in syncStatus only if the filter includes it', async () => {
    const gateway = await withConnections()
    await gateway.control('POST', 'faults', { provider: 'census', ...down })

    expect((await gateway.list({ providers: ['FIVETRAN'] })).syncStatus).toEqual({ FIVETRAN: 'FRESH' })
    expect((await gateway.list({ providers: ['CENSUS'] })).nodes).toHaveLength(1)
  })

  test('does not change the synced catalogue, even after a restart', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock })
    const listConnectors = async (gateway: OpenGateway) =>
      (await gateway.send(ConnectorsDocument, { search: 'hubspot', first: 100 })).connectors
    const before = await openGateway({ sandbox, clock })
    const synced = await listConnectors(before)
    expect(synced?.nodes?.map((node) => node?.provider.key).toSorted()).toEqual(providerKeys.toSorted())
    await before.close()
    for (const provider of providerKeys) {
      await before.control('POST', 'faults', { provider, ...down })
    }

    const after = await openGateway({ sandbox, clock, keepData: true })
    expect(await listConnectors(after)).toEqual(synced)
  })
})

describe('a string that PostgreSQL cannot store', () => {
  test.each([
    ['a NUL', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800b'],
  ])('(%s) in the name of a connection does not prevent the sync', async (_, name) => {
    const gateway = await openGateway()
    const activation = (id: string, activationName: string) => ({
      id,
      name: activationName,
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
    ['a lone surrogate', 'a\ud800b'],
  ])('(%s) in a category does not prevent the catalogue sync', async (_, category) => {
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

describe('unreadable rows', () => {
  test('are counted in syncStatus and logged once, without values', async () => {
    const gateway = await withConnections()
    const list = await gateway.list()
    const known = list.nodes.find(({ provider }) => provider.key === 'CENSUS')
    const rows = [{ id: known?.remoteId, group_id: 'sandbox_group', type: ['secret value'] }, null]
    const fault = { provider: 'census', path: '/activations', times: 1000, body: { data: rows } }
    await gateway.control('POST', 'faults', fault)

    for (const _ of [1, 2, 3]) {
      const { nodes, states } = await gateway.list()
      expect(states.map(({ provider, state }) => [provider, state])).toEqual(Object.entries(allFresh))
      expect(nodes.map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE'])
    }

    const query = '{ connections(first: 1) { syncStatus { provider skipped } } }'
    const { data } = await (await gateway.post(query)).json()
    const skipped = providerKeys.map((provider) => ({ provider, skipped: provider === 'CENSUS' ? 2 : 0 }))
    expect(data.connections.syncStatus).toEqual(skipped)
    const lines = gateway
      .logged()
      .split('\n')
      .filter((line) => line.includes('skipped an unreadable row'))
    expect(lines.map((line) => JSON.parse(line).problem)).toEqual([
      'destination.type: custom',
      '(row): invalid_type',
    ])
    expect(gateway.logged()).not.toContain('secret value')
  })
})
