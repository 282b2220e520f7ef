import { describe, expect, test, vi } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  DisconnectConnectionDocument,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { followReturnUrl, startTestGateway, submitProviderPage } from '../helpers/gateway.ts'
import { providersWithout } from '../helpers/providers.ts'
import { openSandbox } from '../sandbox/open.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, createConnection, providerRequests } from './open.ts'
import {
  approveRenewal,
  brokenConnection,
  createReconnectLink,
  healthyConnection,
  reconnect,
  reconnectable,
} from './renewing.ts'

describe.each(reconnectable)('reconnect links of one connection of %s %j', (provider, env) => {
  test('a new link supersedes the older ones, which can no longer be opened', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const older = [
      await createReconnectLink(gateway, connectionId),
      await createReconnectLink(gateway, connectionId),
    ]
    const newest = await createReconnectLink(gateway, connectionId)
    for (const { id, url } of older) {
      const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
      expect(connectLink).toMatchObject({
        status: 'SUPERSEDED',
        connection: { id: connectionId, status: 'NEEDS_ATTENTION' },
        history: [{ to: 'CREATED' }, { to: 'SUPERSEDED', source: 'API_CALL' }],
      })
      expect((await fetch(url ?? '', { method: 'POST', redirect: 'manual' })).status).toBe(410)
      const revoked = await gateway.send(RevokeConnectLinkDocument, { id })
      expect(revoked.revokeConnectLink).toMatchObject({ code: 'INVALID_STATE' })
    }
    gateway.clock.advance(60)
    const connectLink = await approveRenewal(gateway, newest)
    expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(1)
  })

  test('revoking a link keeps the connection and deletes nothing at the provider', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id } = await createReconnectLink(gateway, connectionId)
    await awaitSyncsAndClearRequests(gateway)
    await gateway.send(RevokeConnectLinkDocument, { id })
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

  test('disconnecting the connection revokes the link, and no further link can be created', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id } = await createReconnectLink(gateway, connectionId)
    await gateway.send(DisconnectConnectionDocument, { id: connectionId })
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'REVOKED', connection: { status: 'DISCONNECTED' } })
    await awaitSyncsAndClearRequests(gateway)
    expect(await reconnect(gateway, connectionId)).toMatchObject({
      __typename: 'ConflictError',
      code: 'INVALID_STATE',
    })
    expect(await providerRequests(gateway)).toEqual([])
  })
})

test('a superseded link is revoked at the provider if the provider supports it', async () => {
  const gateway = await startTestGateway()
  const connectionId = await healthyConnection(gateway, 'CENSUS')
  await createReconnectLink(gateway, connectionId)
  await awaitSyncsAndClearRequests(gateway)
  await createReconnectLink(gateway, connectionId)
  await vi.waitFor(async () => {
    const revoked = (await providerRequests(gateway)).filter(({ path }) => path.endsWith('/revoke'))
    expect(revoked).toHaveLength(1)
  }, 10_000)
})

test.each(providersWithout('reconnect'))(
  'reconnectConnection at %s is unsupported and sends no provider request',
  async (provider) => {
    const gateway = await startTestGateway()
    const connectionId = await createConnection(gateway, provider)
    await awaitSyncsAndClearRequests(gateway)
    expect(await reconnect(gateway, connectionId)).toMatchObject({
      __typename: 'UnsupportedError',
      code: 'UNSUPPORTED',
    })
    expect(await providerRequests(gateway)).toEqual([])
  },
)

test.each([
  encodeGlobalId('Connection', '0e6f4d5e-1111-4222-8333-444455556666'),
  encodeGlobalId('Connection', 'no uuid'),
  encodeGlobalId('ConnectLink', '0e6f4d5e-1111-4222-8333-444455556666'),
  'junk',
  '',
])('reconnectConnection returns NotFoundError for an unknown ID: %j', async (id) => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect(await reconnect(gateway, id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
})

describe('reconnectConnection for a connection that was not created through the gateway', () => {
  test.each(['FIVETRAN', 'CENSUS'] as const)(
    'at %s requires an end user and assigns the connection to that end user',
    async (provider) => {
      const clock = createTestClock()
      const sandbox = await openSandbox({ clock, connections: 1 })
      const gateway = await startTestGateway({ clock, sandbox })
      const filter = { providers: [provider] }
      const [found] = (await gateway.send(ConnectionsDocument, { filter })).connections.nodes
      if (found === undefined) throw new Error('no connection found')
      expect(found.endUser).toBeNull()
      await gateway.control('POST', 'break', { vendor: provider, id: found.remoteId })
      await awaitSyncsAndClearRequests(gateway)
      expect(await reconnect(gateway, found.id)).toMatchObject({
        __typename: 'InvalidInputError',
        code: 'INVALID_INPUT',
      })
      expect(await providerRequests(gateway)).toEqual([])

      const { url } = await createReconnectLink(gateway, found.id, { endUser: { id: 'ada' } })
      clock.advance(60)
      const { location } = await submitProviderPage(url ?? '', 'approve')
      await followReturnUrl(location)
      const { connections } = await gateway.send(ConnectionsDocument, { filter })
      expect(connections.nodes).toMatchObject([{ id: found.id, status: 'ACTIVE', endUser: { id: 'ada' } }])
    },
  )

  test('returns NOT_FOUND to a session, because the connection has no end user', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock, connections: 1 })
    const gateway = await startTestGateway({ clock, sandbox })
    const { connections } = await gateway.send(ConnectionsDocument, { filter: { providers: ['FIVETRAN'] } })
    const { query: ask } = await asEndUser(gateway, 'ada')
    const document = 'mutation ($id: ID!) { reconnectConnection(id: $id) { ... on Error { code } } }'
    const { data } = await ask(document, { id: connections.nodes[0]?.id })
    expect(data?.reconnectConnection).toEqual({ code: 'NOT_FOUND' })
  })
})

test('reconnectConnection rejects an end user other than the owner', async () => {
  const gateway = await startTestGateway()
  const connectionId = await createConnection(gateway, 'PIPEDREAM')
  await awaitSyncsAndClearRequests(gateway)
  const rejected = await reconnect(gateway, connectionId, { endUser: { id: 'mallory' } })
  expect(rejected).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' })
  expect(await providerRequests(gateway)).toEqual([])
  const accepted = await reconnect(gateway, connectionId, { endUser: { id: 'user-1' } })
  expect(accepted.__typename).toBe('CreateConnectLinkPayload')
})
