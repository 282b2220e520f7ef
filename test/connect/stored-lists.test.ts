import { beforeAll, describe, expect, test } from 'vitest'
import { loadConnectors, replaceConnectors } from '../../src/store/connectors.ts'
import { findSyncStates, recordSync } from '../../src/store/sync-state.ts'
import {
  ConnectionsDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  type ProviderKey,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { testDatabase } from '../helpers/database.ts'
import { approveAndReturn, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { openGateway } from './gateway.ts'

beforeAll(() => testDatabase())

/** Much less than the 30 s for which the tests' gateways wait for a list that was never read. */
const promptMs = 15_000

const hang = ({ control }: TestGateway, provider: ProviderKey) =>
  control('POST', 'faults', { provider, times: 1000, delayMs: 3_600_000 })

async function timed<Result>(work: Promise<Result>): Promise<Result> {
  const startedAt = performance.now()
  const result = await work
  expect(performance.now() - startedAt).toBeLessThan(promptMs)
  return result
}

const stateOf = async ({ send }: TestGateway, provider: ProviderKey) => {
  const { connections } = await send(ConnectionsDocument, {})
  return connections.syncStatus.find((status) => status.provider === provider)?.state
}

describe('a list that was read before', () => {
  test('does not wait for a provider that hangs, and says that it is STALE', async () => {
    const gateway = await openGateway()
    await gateway.list()
    await hang(gateway, 'CENSUS')
    gateway.clock.advance(10)
    const { connections } = await timed(gateway.send(ConnectionsDocument, {}))
    expect(connections.syncStatus).toContainEqual(
      expect.objectContaining({ provider: 'CENSUS', state: 'STALE', syncedAt: expect.any(String) }),
    )
  })

  test('does not wait after a restart, although this process has not read it', async () => {
    const before = await openGateway()
    await before.makeConnection('FIVETRAN', 'hubspot')
    expect((await before.list()).nodes).toHaveLength(1)
    const after = await startTestGateway({
      sandbox: before.sandbox,
      clock: before.clock,
      keepData: true,
    })
    await hang(after, 'FIVETRAN')
    const { connections } = await timed(after.send(ConnectionsDocument, {}))
    expect(connections.nodes).toHaveLength(1)
    expect(await stateOf(after, 'FIVETRAN')).toBe('STALE')
  })

  test('contains the connection of a completed link at once; it is STALE until the next sync has ended', async () => {
    const gateway = await openGateway()
    await gateway.list()
    const link = await gateway.createLink('FIVETRAN', 'hubspot')
    await approveAndReturn(link.url)
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'user-1' } }])
    expect(connections.syncStatus).toContainEqual(
      expect.objectContaining({ provider: 'FIVETRAN', state: 'STALE', error: null }),
    )
    // The request has started the sync.
    await gateway.connect.connectionSyncs.idle()
    expect(await stateOf(gateway, 'FIVETRAN')).toBe('FRESH')
  })

  test('catalogues are searched, and links created, while a provider hangs', async () => {
    const gateway = await startTestGateway()
    await gateway.connect.connectorSyncs.ensureFresh(30_000)
    await hang(gateway, 'CENSUS')
    gateway.clock.advance(86_401)
    const { connectors } = await timed(gateway.send(ConnectorsDocument, { search: 'hubspot' }))
    expect(connectors.syncStatus).toContainEqual(
      expect.objectContaining({ provider: 'CENSUS', state: 'STALE' }),
    )
    const input = { connector: 'hubspot', endUser: { id: 'user-1' } }
    const { createConnectLink } = await timed(
      gateway.send(CreateConnectLinkDocument, { provider: 'FIVETRAN', input }),
    )
    expect(createConnectLink.__typename).toBe('CreateConnectLinkPayload')
  })
})

test('an empty catalogue does not replace one that another process has stored', async () => {
  const [clock, sandbox] = [createTestClock(), await openSandbox()]
  const body = { provider: 'PIPEDREAM', path: '/apps', times: 1000, body: { data: [], page_info: {} } }
  expect((await sandbox.request('POST', '/__sandbox/faults', { body })).status).toBe(201)
  const { db, providers, connectorSyncs, catalogue } = (await startTestGateway({ sandbox, clock })).connect
  const provider = providers.getConfigured('PIPEDREAM')
  const { accountKey } = provider
  await connectorSyncs.ensureFresh(30_000)
  const stateOfSync = async () => (await findSyncStates(db, 'CONNECTORS', [accountKey])).get(accountKey)
  expect(await stateOfSync()).toMatchObject({ error: null })

  const [connector] = catalogue.all()
  if (connector === undefined) throw new Error('there is no connector')
  const catalogueOf = { provider: 'PIPEDREAM', accountKey, connectors: [connector] } as const
  await replaceConnectors(db, { ...catalogueOf, changes: null, at: clock.now() })
  clock.advance(60)
  const at = clock.now()
  await recordSync(db, { accountKey, kind: 'CONNECTORS' }, { startedAt: at, at, error: null })
  await connectorSyncs.sync(provider)
  expect(await stateOfSync()).toMatchObject({ error: expect.stringContaining('empty catalogue') })
  expect(await loadConnectors(db, accountKey)).toHaveLength(1)
})
