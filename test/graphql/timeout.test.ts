import { expect, test } from 'vitest'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  ConnectorsDocument,
  DisconnectConnectionDocument,
  ProvidersDocument,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { decide, startTestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { during, expectNoSecrets, providerError, slow } from './faults.ts'
import { connected, createLink, madeLink, providers } from './open.ts'

test.each(providers)('%s is given up when it takes too long, whatever it was asked', async (provider) => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const patient = await startTestGateway({ clock, sandbox })
  const connectionId = await connected(patient, provider)
  const { id, providerUrl } = await madeLink(patient, provider)
  await patient.send(ConnectionsDocument, {})
  await patient.close()

  const gateway = await startTestGateway({ clock, sandbox, keepData: true, providerDeadlineMs: 300 })
  const when = <Result>(
    work: 'creating' | 'reading' | 'listing' | 'disconnecting',
    ask: () => Promise<Result>,
  ) => during(gateway, { provider, work, failure: slow }, ask)

  expect(await when('creating', () => createLink(gateway, provider))).toMatchObject(
    providerError(provider, slow),
  )
  const { connectLink } = await when('reading', () => gateway.send(ConnectLinkDocument, { id }))
  expect(connectLink).toMatchObject({ status: 'CREATED' })
  const { connections } = await when('listing', () => gateway.send(ConnectionsDocument, {}))
  expect(connections.nodes.find((node) => node.id === connectionId)).toMatchObject({ status: 'ACTIVE' })
  expect(connections.syncStatus.find((source) => source.provider === provider)).toMatchObject({
    state: 'STALE',
    error: expect.stringMatching('^PROVIDER_TIMEOUT: '),
  })
  const { disconnectConnection } = await when('disconnecting', () =>
    gateway.send(DisconnectConnectionDocument, { id: connectionId }),
  )
  expect(disconnectConnection).toMatchObject(
    provider === 'XPANDER' ? { code: 'UNSUPPORTED' } : { code: 'PROVIDER_TIMEOUT' },
  )
  expectNoSecrets(gateway.logged())

  await gateway.close()
  const again = await startTestGateway({ clock, sandbox, keepData: true })
  await decide(providerUrl ?? '', 'approve')
  clock.advance(3)
  const after = await again.send(ConnectLinkDocument, { id })
  expect(after.connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
})

test.each(providers)(
  'with %s down from the start, the lists hold the other three and say so',
  async (provider) => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock, connections: 2 })
    const down = { provider, times: 100_000, status: 503, body: {} }
    expect((await sandbox.ask('POST', '/__sandbox/faults', { body: down })).status).toBe(201)
    const gateway = await startTestGateway({ clock, sandbox })
    const syncStatus = providers.map((one) =>
      one === provider
        ? {
            provider: one,
            state: 'FAILED',
            syncedAt: null,
            error: expect.stringMatching('^PROVIDER_UNAVAILABLE: '),
          }
        : { provider: one, state: 'FRESH', syncedAt: clock.now().toISOString(), error: null },
    )
    const others = providers.filter((one) => one !== provider)

    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.syncStatus).toEqual(syncStatus)
    expect([...new Set(connections.nodes.map((node) => node.provider.key))].sort()).toEqual(
      [...others].sort(),
    )
    const { connectors } = await gateway.send(ConnectorsDocument, { search: 'hubspot' })
    expect(connectors.syncStatus).toEqual(syncStatus)
    expect([...new Set(connectors.nodes.map((node) => node.provider.key))].sort()).toEqual([...others].sort())

    const statuses = (await gateway.send(ProvidersDocument, {})).providers
    expect(statuses.filter(({ status }) => status !== 'UP').map(({ key }) => key)).toEqual([provider])

    const only = await gateway.send(ConnectionsDocument, { filter: { providers: others } })
    expect(only.connections.syncStatus.map((source) => source.state)).toEqual(['FRESH', 'FRESH', 'FRESH'])
  },
)
