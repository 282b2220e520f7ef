import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import { followReturnUrl, startTestGateway, submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { capabilitiesOf } from '../helpers/providers.ts'
import { awaitSyncsAndClearRequests, providerRequests, waitForStatus } from './open.ts'
import {
  approveRenewal,
  brokenConnection,
  createReconnectLink,
  healthyConnection,
  reconnect,
  reconnectable,
} from './renewing.ts'

describe.each(reconnectable)('reconnectConnection for a broken connection of %s %j', (provider, env) => {
  test('keeps NEEDS_ATTENTION until the end user has reconnected, then becomes ACTIVE with the same ID', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    async function readConnections() {
      await gateway.connect.connectionSyncs.ensureFresh(30_000)
      return (await gateway.send(ConnectionsDocument, {})).connections
    }
    const before = await readConnections()
    expect(before.nodes).toMatchObject([{ id: connectionId, status: 'NEEDS_ATTENTION' }])

    const link = await createReconnectLink(gateway, connectionId)
    expect(link).toMatchObject({
      status: 'CREATED',
      purpose: 'RECONNECT',
      connection: { id: connectionId, status: 'NEEDS_ATTENTION' },
    })
    await submitLinkPage(link.url ?? '')
    gateway.clock.advance(60)
    await gateway.poll()
    expect((await readConnections()).nodes).toMatchObject([{ id: connectionId, status: 'NEEDS_ATTENTION' }])

    const connectLink = await approveRenewal(gateway, link)
    expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { id: connectionId } })
    const after = await readConnections()
    expect(after.totalCount).toBe(1)
    expect(after.nodes).toMatchObject([
      {
        id: connectionId,
        status: 'ACTIVE',
        health: { code: 'OK' },
        remoteId: before.nodes[0]?.remoteId,
        endUser: { id: 'user-1' },
      },
    ])
  })

  test('completes by polling alone when the end user does not return', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const { id, url } = await createReconnectLink(gateway, connectionId)
    gateway.clock.advance(60)
    await submitProviderPage(url ?? '', 'approve')
    expect(await waitForStatus(gateway, id, /COMPLETED/)).toMatchObject({ connection: { status: 'ACTIVE' } })
  })

  test('keeps the connection broken and does not complete the link when the end user denies access', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const { id, url } = await createReconnectLink(gateway, connectionId, { expiresInSeconds: 600 })
    gateway.clock.advance(60)
    const { location } = await submitProviderPage(url ?? '', 'deny')
    if (location !== null) await followReturnUrl(location)
    gateway.clock.advance(600)
    await waitForStatus(gateway, id, /^(FAILED|EXPIRED)$/)
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([{ id: connectionId, status: 'NEEDS_ATTENTION' }])
  })
})

describe.each(reconnectable)('reconnectConnection for a healthy connection of %s %j', (provider, env) => {
  test('does not complete the link while the end user has not authorized, however often it is polled', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id, url } = await createReconnectLink(gateway, connectionId)
    // All rounds are within the lifetime of the link.
    const lifetime = capabilitiesOf(provider, env).linkLifetimeSeconds?.default ?? 86_400
    const seconds = Math.min(400, lifetime / 40)
    for (let round = 0; round < 20; round += 1) {
      gateway.clock.advance(seconds)
      await gateway.poll()
      await gateway.send(ConnectionsDocument, {})
    }
    const status = async () => (await gateway.send(ConnectLinkDocument, { id })).connectLink?.status
    expect(await status()).toBe('CREATED')
    await submitLinkPage(url ?? '')
    gateway.clock.advance(seconds)
    await gateway.poll()
    expect(await status()).toBe('OPENED')
  })

  test('lets an unused link expire and deletes nothing at the provider', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id } = await createReconnectLink(gateway, connectionId, { expiresInSeconds: 60 })
    await awaitSyncsAndClearRequests(gateway)
    gateway.clock.advance(61)
    await gateway.poll()
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({
      status: 'EXPIRED',
      connection: { id: connectionId, status: 'ACTIVE' },
    })
    gateway.clock.advance(600)
    await gateway.poll()
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([
      { id: connectionId, status: providerFixtures[provider].statusAfterUnusedReconnect },
    ])
    const [method, path] = providerFixtures[provider].requests.disconnect
    const requests = await providerRequests(gateway)
    expect(requests.filter((sent) => sent.method === method && sent.path.startsWith(path))).toEqual([])
  })
})

test.each(reconnectable.filter(([provider]) => providerFixtures[provider].completesHealthyReconnect))(
  'authorizing a healthy connection of %s %j again completes the link',
  async (provider, env) => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id, url } = await createReconnectLink(gateway, connectionId)
    gateway.clock.advance(60)
    const connectLink = await approveRenewal(gateway, { id, url })
    expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { id: connectionId } })
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(1)
    expect(await reconnect(gateway, connectionId)).toMatchObject({ __typename: 'CreateConnectLinkPayload' })
  },
)
