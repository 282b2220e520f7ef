import { describe, expect, test } from 'vitest'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import { comeBack, decide, goThrough, startTestGateway } from '../helpers/gateway.ts'
import { forgetRequests, requestsTo, settled } from './open.ts'
import { brokenConnection, healthyConnection, reconnect, renewable, renewal } from './renewing.ts'

describe.each(renewable)('a broken connection of %s %j', (provider, env) => {
  test('is as it was until its end user has renewed it, and then works under its old id', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const connectionNow = async () => (await gateway.send(ConnectionsDocument, {})).connections
    const before = await connectionNow()
    expect(before.nodes).toMatchObject([{ id: connectionId, status: 'NEEDS_ATTENTION' }])

    const link = await renewal(gateway, connectionId)
    expect(link).toMatchObject({
      status: 'CREATED',
      purpose: 'RECONNECT',
      connection: { id: connectionId, status: 'NEEDS_ATTENTION' },
    })
    await goThrough(link.url ?? '')
    gateway.clock.advance(60)
    await gateway.poll()
    expect((await connectionNow()).nodes).toMatchObject([{ id: connectionId, status: 'NEEDS_ATTENTION' }])

    const { location } = await decide(link.url ?? '', 'approve')
    await comeBack(location)
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id: link.id })
    expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { id: connectionId } })
    const after = await connectionNow()
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

  test('is renewed by polling alone when nobody comes back', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const { id, url } = await renewal(gateway, connectionId)
    gateway.clock.advance(60)
    await decide(url ?? '', 'approve')
    expect(await settled(gateway, id, /COMPLETED/)).toMatchObject({ connection: { status: 'ACTIVE' } })
  })

  test('stays broken when its end user refuses, and the link does not complete', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await brokenConnection(gateway, provider)
    const { id, url } = await renewal(gateway, connectionId, { expiresInSeconds: 600 })
    gateway.clock.advance(60)
    const { location } = await decide(url ?? '', 'deny')
    if (location !== null) await comeBack(location)
    gateway.clock.advance(600)
    await settled(gateway, id, /^(FAILED|EXPIRED)$/)
    const { connections } = await gateway.send(ConnectionsDocument, {})
    expect(connections.nodes).toMatchObject([{ id: connectionId, status: 'NEEDS_ATTENTION' }])
  })
})

describe.each(renewable)('a healthy connection of %s %j', (provider, env) => {
  test('is not taken for renewed while nobody does anything, however often it is looked at', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id, url } = await renewal(gateway, connectionId)
    for (let round = 0; round < 20; round += 1) {
      gateway.clock.advance(400)
      await gateway.poll()
      await gateway.send(ConnectionsDocument, {})
    }
    const status = async () => (await gateway.send(ConnectLinkDocument, { id })).connectLink?.status
    expect(await status()).toBe('CREATED')
    await goThrough(url ?? '')
    gateway.clock.advance(400)
    await gateway.poll()
    expect(await status()).toBe('OPENED')
  })

  test('outlives the link that nobody used: it expires, and nothing is deleted', async () => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id } = await renewal(gateway, connectionId, { expiresInSeconds: 60 })
    await forgetRequests(gateway)
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
    expect(connections.nodes).toMatchObject([{ id: connectionId, status: 'ACTIVE' }])
    expect((await requestsTo(gateway)).filter(({ method }) => method === 'DELETE')).toEqual([])
  })
})

test.each(renewable.filter(([provider]) => provider !== 'FIVETRAN'))(
  'a healthy connection of %s %j that is authorised anew all the same completes the link',
  async (provider, env) => {
    const gateway = await startTestGateway({ env })
    const connectionId = await healthyConnection(gateway, provider)
    const { id, url } = await renewal(gateway, connectionId)
    gateway.clock.advance(60)
    const { location } = await decide(url ?? '', 'approve')
    await comeBack(location)
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { id: connectionId } })
    expect((await gateway.send(ConnectionsDocument, {})).connections.totalCount).toBe(1)
    expect(await reconnect(gateway, connectionId)).toMatchObject({ __typename: 'CreateConnectLinkPayload' })
  },
)
