import { expect, test } from 'vitest'
import type { Operation } from '../fixtures/providers.ts'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  ConnectorsDocument,
  DisconnectConnectionDocument,
  ProvidersDocument,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { followReturnUrl, startTestGateway, submitProviderPage } from '../helpers/gateway.ts'
import { capabilitiesOf } from '../helpers/providers.ts'
import { openSandbox } from '../sandbox/open.ts'
import { expectNoSecrets, providerError, slow, withFault } from './faults.ts'
import { createConnection, createLink, createLinkOrThrow, providers } from './open.ts'

test.each(providers)('every operation at %s times out after the provider deadline', async (provider) => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock })
  const connecting = await startTestGateway({ clock, sandbox })
  const connectionId = await createConnection(connecting, provider)
  const { id, providerUrl } = await createLinkOrThrow(connecting, provider)
  await connecting.send(ConnectionsDocument, {})
  await connecting.close()

  const gateway = await startTestGateway({ clock, sandbox, keepData: true, providerDeadlineMs: 300 })
  const whileSlow = <Result>(operation: Operation, send: () => Promise<Result>) =>
    withFault(gateway, { provider, operation, failure: slow }, send)

  expect(await whileSlow('create', () => createLink(gateway, provider))).toMatchObject(
    providerError(provider, slow),
  )
  const { connectLink } = await whileSlow('read', () => gateway.send(ConnectLinkDocument, { id }))
  expect(connectLink).toMatchObject({ status: 'CREATED' })
  const { connections } = await whileSlow('list', async () => {
    await gateway.connect.connectionSyncs.ensureFresh(30_000)
    return gateway.send(ConnectionsDocument, {})
  })
  expect(connections.nodes.find((node) => node.id === connectionId)).toMatchObject({ status: 'ACTIVE' })
  expect(connections.syncStatus.find((source) => source.provider === provider)).toMatchObject({
    state: 'STALE',
    error: expect.stringMatching('^PROVIDER_TIMEOUT: '),
  })
  const { disconnectConnection } = await whileSlow('disconnect', () =>
    gateway.send(DisconnectConnectionDocument, { id: connectionId }),
  )
  expect(disconnectConnection).toMatchObject(
    capabilitiesOf(provider).disconnect ? { code: 'PROVIDER_TIMEOUT' } : { code: 'UNSUPPORTED' },
  )
  expectNoSecrets(gateway.logged())

  await gateway.close()
  const restarted = await startTestGateway({ clock, sandbox, keepData: true })
  const { location } = await submitProviderPage(providerUrl ?? '', 'approve')
  if (location !== null) await followReturnUrl(location.replace(connecting.url, restarted.url))
  clock.advance(3)
  const after = await restarted.send(ConnectLinkDocument, { id })
  expect(after.connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
})

test.each(providers)(
  'with %s down from startup, the lists contain the others and report it as FAILED',
  async (provider) => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock, connections: 2 })
    const fault = { provider, times: 100_000, status: 503, body: {} }
    expect((await sandbox.request('POST', '/__sandbox/faults', { body: fault })).status).toBe(201)
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

    const filtered = await gateway.send(ConnectionsDocument, { filter: { providers: others } })
    expect(filtered.connections.syncStatus.map((source) => source.state)).toEqual(others.map(() => 'FRESH'))
  },
)
