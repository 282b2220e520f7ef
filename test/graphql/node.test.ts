import { describe, expect, test } from 'vitest'
import { ConnectLinkDocument, DisconnectConnectionDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { answerTo, connected, madeLink, xpanderKey } from './open.ts'

const nodeQuery = 'query ($id: ID!) { node(id: $id) { __typename id } }'
const nodesQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'
const encode = (text: string) => Buffer.from(text).toString('base64url')

test('the viewer is the API key, which may do everything', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const { data } = await answerTo(gateway, '{ viewer { kind name scopes endUser { id } } }')
  expect(data?.viewer).toEqual({
    kind: 'API_KEY',
    name: 'GATEWAY_API_KEY',
    scopes: [
      'catalogue:read',
      'catalogue:refresh',
      'connections:read',
      'connections:write',
      'links:read',
      'links:write',
      'sessions:write',
    ],
    endUser: null,
  })
})

test('every object is found again by its id, alone and among others in their order', async () => {
  const gateway = await startTestGateway()
  const link = await madeLink(gateway, 'PIPEDREAM')
  const connection = await connected(gateway, 'XPANDER', {
    connector: xpanderKey('Algolia'),
    xpander: { security: { apiKey: 'key' } },
  })
  const { data } = await answerTo(
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
    expect((await answerTo(gateway, nodeQuery, { id: object.id })).data).toEqual({ node: object })
  }
  const ids = [...objects.map(({ id }) => id), 'junk', link.id]
  expect((await answerTo(gateway, nodesQuery, { ids })).data).toEqual({
    nodes: [...objects, null, objects[0]],
  })
})

describe('an id that names nothing', () => {
  const uuid = '0e6f4d5e-1111-4222-8333-444455556666'

  test.each<[name: string, id: string]>([
    ['is empty', ''],
    ['is no id', 'junk'],
    ['is no base64', '%%%'],
    ['is far too long', 'A'.repeat(10_000)],
    ['is not encoded', `Connection:${uuid}`],
    ['is padded', `${Buffer.from(`Connection:${uuid}`).toString('base64')}=`],
    ['is of no type', encode(`:${uuid}`)],
    ['is of an unknown type', encode(`Nothing:${uuid}`)],
    ['is of a type that is no node', encode('Viewer:1')],
    ['is of a type in other letters', encode(`connection:${uuid}`)],
    ['is of a type that every object has', encode('constructor:1')],
    ['is of the type of all types', encode('__proto__:1')],
    ['is a method', encode('toString:1')],
    ['is a connection that never was', encode(`Connection:${uuid}`)],
    ['is a connection without a number', encode('Connection:1')],
    ['is a connection with NUL', encode('Connection:\u0000')],
    ['is a link that never was', encode(`ConnectLink:${uuid}`)],
    ['is a provider that is none', encode('Provider:SEGMENT')],
    ['is a connector that is none', encode('Connector:FIVETRAN:nothing')],
    ['is a connector of nobody', encode('Connector:SEGMENT:hubspot')],
    ['is not text', Buffer.from([0xff, 0xfe, 0x3a, 0x31]).toString('base64url')],
  ])('answers null: it %s', async (_, id) => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    expect(await answerTo(gateway, nodeQuery, { id })).toMatchObject({ data: { node: null }, codes: [] })
    expect(await answerTo(gateway, nodesQuery, { ids: [id] })).toMatchObject({
      data: { nodes: [null] },
      codes: [],
    })
    expect(await gateway.send(ConnectLinkDocument, { id })).toEqual({ connectLink: null })
    expect(await gateway.send(DisconnectConnectionDocument, { id: id })).toMatchObject({
      disconnectConnection: { __typename: 'NotFoundError', code: 'NOT_FOUND' },
    })
  })

  test('of this type answers null or NotFound where it names an object of another one', async () => {
    const gateway = await startTestGateway()
    const link = await madeLink(gateway, 'PIPEDREAM')
    const connection = await connected(gateway, 'PIPEDREAM', { endUser: { id: 'user-2' } })
    expect(await gateway.send(ConnectLinkDocument, { id: connection })).toEqual({ connectLink: null })
    const { disconnectConnection } = await gateway.send(DisconnectConnectionDocument, { id: link.id })
    expect(disconnectConnection).toMatchObject({ __typename: 'NotFoundError' })
  })
})

test('more than a hundred ids are refused', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const ids = (count: number) => Array.from({ length: count }, () => 'junk')
  expect(await answerTo(gateway, nodesQuery, { ids: ids(100) })).toMatchObject({ codes: [] })
  expect(await answerTo(gateway, nodesQuery, { ids: ids(101) })).toMatchObject({
    data: null,
    codes: ['BAD_USER_INPUT'],
  })
})
