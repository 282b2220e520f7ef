import { expect, test } from 'vitest'
import { z } from 'zod'
import { type OpenGateway, openGateway } from '../connect/gateway.ts'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { submitProviderPage } from '../helpers/gateway.ts'
import { asApiKey } from './as-api-key.ts'
import { postQuery, waitForStatus } from './open.ts'

const query = `query ($from: DateTime!, $to: DateTime!, $first: Int, $after: String, $users: String, $links: String) {
  exposure(provider: PIPEDREAM, from: $from, to: $to) {
    connectionCount connectLinkCount endUserCount organizationCount
    connections(first: $first, after: $after) { totalCount nodes { id } pageInfo { endCursor hasNextPage } }
    connectLinks(first: $first, after: $links) { nodes { id } pageInfo { endCursor hasNextPage } }
    endUsers(first: $first, after: $users) {
      nodes { id organizationId connectionCount connectLinkCount } pageInfo { endCursor hasNextPage } }
  }
}`

const pageOf = <Node extends z.ZodType>(node: Node) =>
  z.object({
    nodes: z.array(node),
    pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
  })
const ids = pageOf(z.object({ id: z.string() }).transform(({ id }) => id))
const shape = z.object({
  exposure: z.object({
    connectionCount: z.number(),
    connectLinkCount: z.number(),
    endUserCount: z.number(),
    organizationCount: z.number(),
    connections: ids,
    connectLinks: ids,
    endUsers: pageOf(z.unknown()),
  }),
})

const read = async (gateway: OpenGateway, variables: object) =>
  shape.parse((await postQuery(gateway, query, { first: 100, ...variables })).data).exposure

/** Connects an account; returns the IDs of the link and the connection. */
async function connect(gateway: OpenGateway, endUser: { id: string; organization?: { id: string } }) {
  const link = await gateway.createLink('PIPEDREAM', 'github', { endUser })
  await submitProviderPage(link.url, 'approve')
  const { connection } = await waitForStatus(gateway, link.id, /COMPLETED/)
  return { link: link.id, connection: connection?.id ?? '' }
}

test('exposure has what existed at the provider in the time of an incident, and nothing else', async () => {
  const gateway = await openGateway()
  const { clock, createLink, send } = gateway
  const time = () => clock.now().toISOString()
  const acme = { id: 'ada', organization: { id: 'acme' } }
  const removedBefore = await connect(gateway, { id: 'early' })
  await gateway.disconnect(removedBefore.connection)
  const kept = await connect(gateway, acme)
  const expiredBefore = await createLink('PIPEDREAM', 'github', { endUser: { id: 'early' } })
  await send(RevokeConnectLinkDocument, { id: expiredBefore.id })
  clock.advance(60)
  const from = time()
  const removedIn = await connect(gateway, { id: 'bob' })
  await gateway.disconnect(removedIn.connection)
  const open = await createLink('PIPEDREAM', 'github', { endUser: { id: 'ada' } })
  await createLink('CENSUS', 'hubspot', { endUser: { id: 'other' } })
  clock.advance(60)
  const to = time()
  clock.advance(60)
  await connect(gateway, { id: 'late' })

  const exposure = await read(gateway, { from, to })
  expect(exposure).toMatchObject({
    connectionCount: 2,
    connectLinkCount: 2,
    endUserCount: 3,
    organizationCount: 1,
  })
  expect(exposure.connections.nodes).toEqual([removedIn.connection, kept.connection])
  expect(exposure.connectLinks.nodes).toEqual([open.id, removedIn.link])
  expect(exposure.endUsers.nodes).toEqual([
    { id: 'ada', organizationId: null, connectionCount: 0, connectLinkCount: 1 },
    { id: 'ada', organizationId: 'acme', connectionCount: 1, connectLinkCount: 0 },
    { id: 'bob', organizationId: null, connectionCount: 1, connectLinkCount: 1 },
  ])

  const seen: unknown[] = []
  let users: string | null = null
  do {
    const { endUsers }: { endUsers: z.infer<typeof shape>['exposure']['endUsers'] } = await read(gateway, {
      from,
      to,
      first: 1,
      users,
    })
    seen.push(...endUsers.nodes)
    users = endUsers.pageInfo.hasNextPage ? endUsers.pageInfo.endCursor : null
  } while (users !== null)
  expect(seen).toEqual(exposure.endUsers.nodes)
  const { connections } = await read(gateway, { from, to, first: 1 })
  const next = await read(gateway, { from, to, first: 1, after: connections.pageInfo.endCursor })
  expect([...connections.nodes, ...next.connections.nodes]).toEqual(exposure.connections.nodes)
})

test('exposure of a time that ends before it begins is an error', async () => {
  const gateway = await openGateway()
  const time = '2026-11-22T00:00:00Z'
  expect((await postQuery(gateway, query, { from: time, to: time })).codes).toEqual(['BAD_USER_INPUT'])
})

test('exposure shows links and connections only to keys that may read them', async () => {
  const gateway = await openGateway()
  await gateway.createLink('PIPEDREAM', 'github', { endUser: { id: 'ada' } })
  const { query: send } = await asApiKey(gateway, { scopes: ['accounts:admin'] })
  const range = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z', first: 5 }
  const exposed = (fields: string) =>
    `query ($from: DateTime!, $to: DateTime!) { exposure(provider: PIPEDREAM, from: $from, to: $to) { ${fields} } }`
  expect((await send(exposed('connectLinkCount'), range)).codes).toEqual([])
  for (const fields of ['connectLinks { nodes { url } }', 'connections { nodes { id } }'])
    expect((await send(exposed(fields), range)).codes).toEqual(['FORBIDDEN'])
})
