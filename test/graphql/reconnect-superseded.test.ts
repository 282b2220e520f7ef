import { describe, expect, test, vi } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  DisconnectConnectionDocument,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { comeBack, decide, startTestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { asEndUser } from './as-end-user.ts'
import { connected, forgetRequests, requestsTo } from './open.ts'
import { brokenConnection, healthyConnection, reconnect, renewable, renewal } from './renewing.ts'

describe.each(renewable)('of several links that renew one connection of %s %j', (provider, env) => {
  test('the newest counts, and the older ones lead nowhere', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const older = [await renewal(gateway, connectionId), await renewal(gateway, connectionId)]
    const newest = await renewal(gateway, connectionId)
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
    const { location } = await decide(newest.url ?? '', 'approve')
    await comeBack(location)
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id: newest.id })
    expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(1)
  })

  test('none is left at the provider when all were withdrawn, and the connection is', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id } = await renewal(gateway, connectionId)
    await forgetRequests(gateway)
    await gateway.send(RevokeConnectLinkDocument, { id })
    gateway.clock.advance(600)
    await gateway.poll()
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([{ id: connectionId, status: 'ACTIVE' }])
    const deleted = (await requestsTo(gateway)).filter(({ method }) => method === 'DELETE')
    expect(deleted).toEqual([])
  })

  test('each ends when the connection is removed, and none can be made afterwards', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id } = await renewal(gateway, connectionId)
    await gateway.send(DisconnectConnectionDocument, { id: connectionId })
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'REVOKED', connection: { status: 'DISCONNECTED' } })
    await forgetRequests(gateway)
    expect(await reconnect(gateway, connectionId)).toMatchObject({
      __typename: 'ConflictError',
      code: 'INVALID_STATE',
    })
    expect(await requestsTo(gateway)).toEqual([])
  })
})

test('a superseded link is taken back where its provider can', async () => {
  const gateway = await startTestGateway()
  const connectionId = await healthyConnection(gateway, 'CENSUS')
  await renewal(gateway, connectionId)
  await forgetRequests(gateway)
  await renewal(gateway, connectionId)
  await vi.waitFor(async () => {
    const revoked = (await requestsTo(gateway)).filter(({ path }) => path.endsWith('/revoke'))
    expect(revoked).toHaveLength(1)
  }, 10_000)
})

test('xpander cannot renew, and is not asked', async () => {
  const gateway = await startTestGateway()
  const connectionId = await connected(gateway, 'XPANDER')
  await forgetRequests(gateway)
  expect(await reconnect(gateway, connectionId)).toMatchObject({
    __typename: 'UnsupportedError',
    code: 'UNSUPPORTED',
  })
  expect(await requestsTo(gateway)).toEqual([])
})

test.each([
  encodeGlobalId('Connection', '0e6f4d5e-1111-4222-8333-444455556666'),
  encodeGlobalId('Connection', 'no uuid'),
  encodeGlobalId('ConnectLink', '0e6f4d5e-1111-4222-8333-444455556666'),
  'junk',
  '',
])('a connection that never was is not found: %j', async (id) => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect(await reconnect(gateway, id)).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' })
})

describe('a connection that was made outside the gateway', () => {
  test.each(['FIVETRAN', 'CENSUS'] as const)(
    'at %s is renewed for the person who is named',
    async (provider) => {
      const clock = createTestClock()
      const sandbox = await openSandbox({ clock, connections: 1 })
      const gateway = await startTestGateway({ clock, sandbox })
      const filter = { providers: [provider] }
      const [found] = (await gateway.send(ConnectionsDocument, { filter })).connections.nodes
      if (found === undefined) throw new Error('there is none')
      expect(found.endUser).toBeNull()
      await gateway.control('POST', 'break', { vendor: provider, id: found.remoteId })
      await forgetRequests(gateway)
      expect(await reconnect(gateway, found.id)).toMatchObject({
        __typename: 'InvalidInputError',
        code: 'INVALID_INPUT',
      })
      expect(await requestsTo(gateway)).toEqual([])

      const { url } = await renewal(gateway, found.id, { endUser: { id: 'ada' } })
      clock.advance(60)
      const { location } = await decide(url ?? '', 'approve')
      await comeBack(location)
      const { connections } = await gateway.send(ConnectionsDocument, { filter })
      expect(connections.nodes).toMatchObject([{ id: found.id, status: 'ACTIVE', endUser: { id: 'ada' } }])
    },
  )

  test('belongs to no end user, who cannot take it', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock, connections: 1 })
    const gateway = await startTestGateway({ clock, sandbox })
    const { connections } = await gateway.send(ConnectionsDocument, { filter: { providers: ['FIVETRAN'] } })
    const { ask } = await asEndUser(gateway, 'ada')
    const document = 'mutation ($id: ID!) { reconnectConnection(id: $id) { ... on Error { code } } }'
    const { data } = await ask(document, { id: connections.nodes[0]?.id })
    expect(data?.reconnectConnection).toEqual({ code: 'NOT_FOUND' })
  })
})

test('a connection is not renewed for somebody else than its owner', async () => {
  const gateway = await startTestGateway()
  const connectionId = await connected(gateway, 'PIPEDREAM')
  await forgetRequests(gateway)
  const refused = await reconnect(gateway, connectionId, { endUser: { id: 'mallory' } })
  expect(refused).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' })
  expect(await requestsTo(gateway)).toEqual([])
  const same = await reconnect(gateway, connectionId, { endUser: { id: 'user-1' } })
  expect(same.__typename).toBe('CreateConnectLinkPayload')
})
