import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConnectionsDocument, DisconnectConnectionDocument } from '../generated/graphql.ts'
import { followReturnUrl, startTestGateway, submitProviderPage } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createConnection, createLinkOrThrow } from './open.ts'
import { eventData, openStream } from './subscribe.ts'

const query = `subscription ($endUserId: String) { connectionUpdated(endUserId: $endUserId) {
  id status endUser { id } } }`

const eventShape = z.object({
  data: z.object({
    connectionUpdated: z.object({
      id: z.string(),
      status: z.string(),
      endUser: z.object({ id: z.string() }).nullable(),
    }),
  }),
})

const changesIn = (text: string) =>
  eventData(text).map((event) => eventShape.parse(event).data.connectionUpdated)

test('connectionUpdated sends an event when a connection is created or removed, and not before', async () => {
  const gateway = await startTestGateway()
  const stream = await openStream(gateway, { query })
  await stream.until(/^:/)
  // A Fivetran link already has an incomplete connection, which must not cause an event.
  const link = await createLinkOrThrow(gateway, 'FIVETRAN')
  const { location } = await submitProviderPage(link.url ?? '', 'approve')
  await followReturnUrl(location)
  const [created] = changesIn(await stream.until(/event: next.*\n.*\n/))
  expect(created).toMatchObject({ status: 'ACTIVE', endUser: { id: 'user-1' } })
  const id = created?.id ?? ''
  gateway.clock.advance(1)
  await gateway.send(DisconnectConnectionDocument, { id: id })
  const changes = changesIn(await stream.until(/DISCONNECTED.*\n/))
  expect(new Set(changes.map((change) => change.id))).toEqual(new Set([id]))
  expect(changes.at(-1)).toMatchObject({ status: 'DISCONNECTED' })
})

test('connectionUpdated sends an event when a sync finds a connection broken', async () => {
  const gateway = await startTestGateway()
  const connectionId = await createConnection(gateway, 'FIVETRAN')
  const { connections } = await gateway.send(ConnectionsDocument, {})
  const [connection] = connections.nodes
  expect(connection).toMatchObject({ id: connectionId, status: 'ACTIVE' })
  const stream = await openStream(gateway, { query })
  await stream.until(/^:/)
  await gateway.control('POST', 'break', { vendor: 'fivetran', id: connection?.remoteId })
  gateway.clock.advance(600)
  await gateway.send(ConnectionsDocument, {})
  const changes = changesIn(await stream.until(/NEEDS_ATTENTION.*\n/))
  expect(changes.at(-1)).toMatchObject({ id: connectionId, status: 'NEEDS_ATTENTION' })
})

test('connectionUpdated is limited to endUserId, and in a session to its own end user', async () => {
  const gateway = await startTestGateway()
  const { headers } = await asEndUser(gateway, 'bob')
  const ownStreams = [
    await openStream(gateway, { query, variables: { endUserId: 'bob' } }),
    await openStream(gateway, { query, headers }),
    await openStream(gateway, { query, headers, variables: { endUserId: 'bob' } }),
  ]
  const foreignStream = await openStream(gateway, { query, headers, variables: { endUserId: 'ada' } })
  await Promise.all([...ownStreams, foreignStream].map(({ until }) => until(/^:/)))
  for (const id of ['ada', 'bob']) await createConnection(gateway, 'PIPEDREAM', { endUser: { id } })
  for (const { until } of ownStreams) {
    const changes = changesIn(await until(/"ACTIVE".*\n/))
    expect(new Set(changes.map(({ endUser }) => endUser?.id))).toEqual(new Set(['bob']))
  }
  gateway.cutConnections()
  expect(eventData(await foreignStream.toItsCut())).toEqual([])
})
