import { describe, expect, test } from 'vitest'
import { ConnectLinkDocument, DisconnectConnectionDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { createConnection, createLinkOrThrow, postQuery, xpanderKey } from './open.ts'

const nodeQuery = 'query ($id: ID!) { node(id: $id) { __typename id } }'
const nodesQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'
const encode = (text: string) => Buffer.from(text).toString('base64url')

test('viewer is the API key with all scopes', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const { data } = await postQuery(gateway, '{ viewer { kind name scopes endUser { id } } }')
  expect(data?.viewer).toEqual({
    kind: 'API_KEY',
    name: 'GATEWAY_API_KEY',
    scopes: [
      'catalogue:read',
      'catalogue:refresh',
      'connections:read',
      'connections:write',
      'connections:reconnect',
      'connections:assign',
      'links:read',
      'links:write',
      'sessions:write',
      'keys:admin',
      'audit:read',
      'accounts:admin',
      'webhooks:admin',
    ],
    endUser: null,
  })
})

test('node and nodes return every object by its ID, nodes in the requested order', async () => {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM')
  const connection = await createConnection(gateway, 'XPANDER', {
    connector: xpanderKey('Algolia'),
    xpander: { security: { apiKey: 'key' } },
  })
  const { data } = await postQuery(
    gateway,
    '{ provider(key: CENSUS) { id } connector(provider: FIVETRAN, key: "hubspot") { id } }',
  )
  const objects = [
    { __typename: 'ConnectLink', id: link.id },
    { __typename: 'Connection', id: connection },
    { __typename: 'Provider', ...(data?.provider as { id: string }) },
    { __typename: 'Connector', ...(data?.connector as { id: string }) },
  ]
  for (const object of objects) {
    expect((await postQuery(gateway, nodeQuery, { id: object.id })).data).toEqual({ node: object })
  }
  const ids = [...objects.map(({ id }) => id), 'junk', link.id]
  expect((await postQuery(gateway, nodesQuery, { ids })).data).toEqual({
    nodes: [...objects, null, objects[0]],
  })
})

describe('an ID of no object', () => {
  const uuid = '0e6f4d5e-1111-4222-8333-444455556666'

  test.each<[name: string, id: string]>([
    ['empty', ''],
    ['not an ID', 'junk'],
    ['not base64', '%%%'],
    ['10,000 characters', 'A'.repeat(10_000)],
    ['not encoded', `Connection:${uuid}`],
    ['padded base64', `${Buffer.from(`Connection:${uuid}`).toString('base64')}=`],
    ['without a type', encode(`:${uuid}`)],
    ['an unknown type', encode(`Unknown:${uuid}`)],
    ['a type that is not a Node', encode('Viewer:1')],
    ['a type in the wrong case', encode(`connection:${uuid}`)],
    ['a property of Object.prototype: constructor', encode('constructor:1')],
    ['a property of Object.prototype: __proto__', encode('__proto__:1')],
    ['a property of Object.prototype: toString', encode('toString:1')],
    ['an unknown connection', encode(`Connection:${uuid}`)],
    ['a connection with a malformed UUID', encode('Connection:1')],
    ['a connection with NUL', encode('Connection:\u0000')],
    ['an unknown link', encode(`ConnectLink:${uuid}`)],
    ['an unknown provider', encode('Provider:SEGMENT')],
    ['an unknown connector', encode('Connector:FIVETRAN:unknown')],
    ['a connector of an unknown provider', encode('Connector:SEGMENT:hubspot')],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x3a, 0x31]).toString('base64url')],
  ])('returns null: %s', async (_, id) => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    expect(await postQuery(gateway, nodeQuery, { id })).toMatchObject({ data: { node: null }, codes: [] })
    expect(await postQuery(gateway, nodesQuery, { ids: [id] })).toMatchObject({
      data: { nodes: [null] },
      codes: [],
    })
    expect(await gateway.send(ConnectLinkDocument, { id })).toEqual({ connectLink: null })
    expect(await gateway.send(DisconnectConnectionDocument, { id: id })).toMatchObject({
      disconnectConnection: { __typename: 'NotFoundError', code: 'NOT_FOUND' },
    })
  })

  test('returns null or NotFoundError for the ID of an object of another type', async () => {
    const gateway = await startTestGateway()
    const link = await createLinkOrThrow(gateway, 'PIPEDREAM')
    const connection = await createConnection(gateway, 'PIPEDREAM', { endUser: { id: 'user-2' } })
    expect(await gateway.send(ConnectLinkDocument, { id: connection })).toEqual({ connectLink: null })
    const { disconnectConnection } = await gateway.send(DisconnectConnectionDocument, { id: link.id })
    expect(disconnectConnection).toMatchObject({ __typename: 'NotFoundError' })
  })
})

test('nodes rejects more than 100 IDs', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const ids = (count: number) => Array.from({ length: count }, () => 'junk')
  expect(await postQuery(gateway, nodesQuery, { ids: ids(100) })).toMatchObject({ codes: [] })
  expect(await postQuery(gateway, nodesQuery, { ids: ids(101) })).toMatchObject({
    data: null,
    codes: ['BAD_USER_INPUT'],
  })
})
