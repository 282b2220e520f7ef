import { expect, test } from 'vitest'
import { z } from 'zod'
import { ConnectionsDocument, DisconnectConnectionDocument } from '../generated/graphql.ts'
import { comeBack, decide, startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { connected, madeLink } from './open.ts'
import { dataIn, openStream } from './subscribe.ts'

const query = `subscription ($endUserId: String) { connectionUpdated(endUserId: $endUserId) {
  id status endUser { id } } }`

const answer = z.object({
  data: z.object({
    connectionUpdated: z.object({
      id: z.string(),
      status: z.string(),
      endUser: z.object({ id: z.string() }).nullable(),
    }),
  }),
})

const changesIn = (text: string) => dataIn(text).map((said) => answer.parse(said).data.connectionUpdated)

test('a connection is announced when it is made and when it is removed, and not before', async () => {
  const gateway = await startTestGateway()
  const stream = await openStream(gateway, { query })
  await stream.until(/^:/)
  // At Fivetran something half-made stands behind a link: it is nothing to tell of.
  const link = await madeLink(gateway, 'FIVETRAN')
  const { location } = await decide(link.url ?? '', 'approve')
  await comeBack(location)
  const [made] = changesIn(await stream.until(/event: next.*\n.*\n/))
  expect(made).toMatchObject({ status: 'ACTIVE', endUser: { id: 'user-1' } })
  const id = made?.id ?? ''
  gateway.clock.advance(1)
  await gateway.send(DisconnectConnectionDocument, { id: id })
  const changes = changesIn(await stream.until(/DISCONNECTED.*\n/))
  expect(new Set(changes.map((change) => change.id))).toEqual(new Set([id]))
  expect(changes.at(-1)).toMatchObject({ status: 'DISCONNECTED' })
})

test('one that the provider shows to be broken is announced', async () => {
  const gateway = await startTestGateway()
  const connectionId = await connected(gateway, 'FIVETRAN')
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

test('of one person alone, when asked so, and for an end user never of others', async () => {
  const gateway = await startTestGateway()
  const { headers } = await asEndUser(gateway, 'bob')
  const all = [
    await openStream(gateway, { query, variables: { endUserId: 'bob' } }),
    await openStream(gateway, { query, headers }),
    await openStream(gateway, { query, headers, variables: { endUserId: 'bob' } }),
  ]
  const asksForAnother = await openStream(gateway, { query, headers, variables: { endUserId: 'ada' } })
  await Promise.all([...all, asksForAnother].map(({ until }) => until(/^:/)))
  for (const id of ['ada', 'bob']) await connected(gateway, 'PIPEDREAM', { endUser: { id } })
  for (const { until } of all) {
    const changes = changesIn(await until(/"ACTIVE".*\n/))
    expect(new Set(changes.map(({ endUser }) => endUser?.id))).toEqual(new Set(['bob']))
  }
  gateway.endStreams()
  expect(dataIn(await asksForAnother.toItsEnd())).toEqual([])
})
