import { expect, test, vi } from 'vitest'
import { eraseEndUser } from '../../../src/connect/jobs/erase-end-user.ts'
import { encodeGlobalId } from '../../../src/graphql/ids.ts'
import { CreateConnectLinkDocument, RevokeConnectLinkDocument } from '../../generated/graphql.ts'
import {
  followReturnUrl,
  startTestGateway,
  submitProviderPage,
  type TestGateway,
} from '../../helpers/gateway.ts'
import { createEndpoint, startReceiver, verify } from './receiver.ts'

const allowPrivate = { WEBHOOK_ALLOW_PRIVATE: 'true' }

async function createLink(gateway: TestGateway, endUserId = 'ada') {
  const input = { connector: 'github', endUser: { id: endUserId } }
  const { createConnectLink: result } = await gateway.send(CreateConnectLinkDocument, {
    provider: 'PIPEDREAM',
    input,
  })
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

test('the events of a link and its connection arrive in order, signed, without its URL', async () => {
  const gateway = await startTestGateway({ env: allowPrivate })
  const receiver = await startReceiver()
  const { secret } = await createEndpoint(gateway, { url: receiver.url })
  const link = await createLink(gateway)
  const denied = await submitProviderPage(link.url ?? '', 'deny')
  await followReturnUrl(denied.location)
  const { location } = await submitProviderPage(link.url ?? '', 'approve')
  await followReturnUrl(location)
  await vi.waitFor(async () => {
    await gateway.sendWebhooks()
    expect(receiver.types()).toContain('connect_link.completed')
  })
  const ofLink = receiver.received.filter(({ type }) => type.startsWith('connect_link.'))
  expect(ofLink.map(({ type }) => type)).toEqual([
    'connect_link.created',
    'connect_link.opened',
    'connect_link.attempt_failed',
    'connect_link.completed',
  ])
  const connections = receiver.received.filter(({ type }) => type.startsWith('connection.'))
  expect(connections.map(({ type }) => type)).toEqual(['connection.created'])
  const common = { provider: 'PIPEDREAM', connector: 'github', end_user_id: 'ada', organization_id: null }
  expect(ofLink[2]?.data).toMatchObject({
    // The reason is known by then, or not yet.
    failure: { code: expect.stringMatching(/^(ACCESS_DENIED|UNKNOWN)$/) },
    status: 'AUTHORIZING',
    connection_id: null,
  })
  expect(ofLink.at(-1)).toMatchObject({
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: { id: link.id, status: 'COMPLETED', connection_id: connections[0]?.data.id, ...common },
  })
  expect(connections[0]?.data).toEqual({
    id: expect.any(String),
    status: 'ACTIVE',
    health: 'OK',
    ...common,
  })
  const bodies = receiver.received.map((message) => JSON.stringify(verify(secret, message))).join()
  expect(bodies).not.toContain('http')
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(
    receiver.received.length,
  )
  expect(gateway.logged()).not.toContain(secret)
})

test('an endpoint receives the types that it has subscribed to; a thin one the ID only', async () => {
  const gateway = await startTestGateway({ env: allowPrivate })
  const [all, some] = [await startReceiver(), await startReceiver()]
  await createEndpoint(gateway, { url: all.url, thin: true })
  await createEndpoint(gateway, { url: some.url, eventTypes: ['connect_link.revoked', 'connection.erased'] })
  const link = await createLink(gateway)
  await gateway.send(RevokeConnectLinkDocument, { id: link.id })
  await gateway.sendWebhooks()
  expect(all.received.map(({ type, data }) => ({ type, data }))).toEqual([
    { type: 'connect_link.created', data: { id: link.id } },
    { type: 'connect_link.revoked', data: { id: link.id } },
  ])
  expect(some.types()).toEqual(['connect_link.revoked'])
})

test('changes of connections and of the catalogue are reported, and an erased end user is not named', async () => {
  const gateway = await startTestGateway({ env: allowPrivate })
  const { connect } = gateway
  await connect.connectorSyncs.ensureFresh(30_000)
  await connect.connectionSyncs.ensureFresh(30_000)
  const receiver = await startReceiver()
  await createEndpoint(gateway, { url: receiver.url })
  const link = await createLink(gateway)
  const { location } = await submitProviderPage(link.url ?? '', 'approve')
  await followReturnUrl(location)
  await gateway.sendWebhooks()
  const completed = receiver.received.find(({ type }) => type === 'connect_link.completed')
  const id = Buffer.from(String(completed?.data.connection_id), 'base64url').toString().split(':')[1] ?? ''
  expect(id).toMatch(/^[\w-]{36}$/)
  const change = (columns: object) =>
    connect.db.updateTable('connections').set(columns).where('id', '=', id).execute()
  receiver.received.length = 0
  await change({ endUserId: 'bob' })
  await change({ status: 'NEEDS_ATTENTION', healthCode: 'REAUTH_REQUIRED' })
  await change({ name: 'another name' })
  await change({ status: 'DISCONNECTED' })
  await gateway.sendWebhooks()
  expect(receiver.types()).toEqual([
    'connection.assigned',
    'connection.status_changed',
    'connection.health_changed',
    'connection.removed',
  ])
  expect(receiver.received[0]?.data).toMatchObject({
    id: encodeGlobalId('Connection', id),
    end_user_id: 'bob',
  })

  receiver.received.length = 0
  const other = await createLink(gateway, 'erased-user')
  await eraseEndUser(connect, 'erased-user')
  expect(await eraseEndUser(connect, 'bob')).toMatchObject({ connections: 1, remaining: [] })
  // A deletion is reported with the time of the database.
  gateway.clock.advance(Math.max(0, (Date.now() - gateway.clock.now().getTime()) / 1_000 + 1))
  await gateway.sendWebhooks()
  // The order of messages about different subjects is not defined.
  expect(receiver.received.map(({ type, data }) => [type, data.id]).toSorted()).toEqual([
    ['connect_link.created', other.id],
    ['connect_link.revoked', other.id],
    ['connection.erased', encodeGlobalId('Connection', id)],
  ])
  expect(JSON.stringify(receiver.received)).not.toMatch(/erased-user|bob/)
})

test('a sync of the catalogue reports how many connectors it changed', async () => {
  const gateway = await startTestGateway({ env: allowPrivate })
  const { connect } = gateway
  await connect.connectorSyncs.ensureFresh(30_000)
  const receiver = await startReceiver()
  await createEndpoint(gateway, { url: receiver.url })
  const [provider] = connect.providers.configured
  if (provider === undefined) throw new Error('no provider')
  const { signal } = new AbortController()
  await connect.catalogue.sync(provider, signal)
  await gateway.sendWebhooks()
  expect(receiver.types()).toEqual([])
  const { adapter } = provider
  const changed = {
    ...provider,
    adapter: {
      ...adapter,
      async *listConnectors(call: Parameters<typeof adapter.listConnectors>[0]) {
        for await (const page of adapter.listConnectors(call)) {
          const [first, second, ...rest] = page.items
          if (first === undefined || second === undefined) throw new Error('the page is empty')
          yield { ...page, items: [{ ...first, key: 'new-one' }, { ...second, name: 'New name' }, ...rest] }
        }
      },
    },
  }
  await connect.catalogue.sync(changed, signal)
  await gateway.sendWebhooks()
  expect(receiver.received.map(({ type, data }) => ({ type, data }))).toEqual([
    { type: 'catalogue.changed', data: { provider: provider.key, added: 1, changed: 1, removed: 1 } },
  ])
})
