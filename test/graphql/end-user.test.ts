import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, createConnection, postQuery, xpanderKey } from './open.ts'
import { listsQuery, startTwoUserGateway } from './two-users.ts'

describe('a session', () => {
  const createConnectLink = String(CreateConnectLinkDocument)
  const variables = { provider: 'PIPEDREAM', input: { connector: 'github', endUser: { id: 'ada' } } }

  test('creates links for its own end user whatever the input names', async () => {
    const gateway = await startTestGateway()
    const bob = await asEndUser(gateway, 'bob')
    const { data } = await bob.query(createConnectLink, variables)
    expect(data?.createConnectLink).toMatchObject({ connectLink: { endUser: { id: 'bob' } } })
    expect((await bob.query(listsQuery)).data).toMatchObject({ connectLinks: { totalCount: 1 } })
  })

  test('reads url but never providerUrl', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada')
    const { data } = await ada.query(createConnectLink, variables)
    expect(data?.createConnectLink).toMatchObject({
      connectLink: { url: expect.stringContaining(`${gateway.url}/connect/`), providerUrl: null },
    })
    const all = '{ connectLinks { nodes { url providerUrl } } }'
    const url = { url: expect.any(String) }
    expect((await ada.query(all)).data).toMatchObject({
      connectLinks: { nodes: [{ ...url, providerUrl: null }] },
    })
    expect((await postQuery(gateway, all)).data).toMatchObject({
      connectLinks: { nodes: [{ ...url, providerUrl: expect.any(String) }] },
    })
  })

  test('has idempotency keys of its own', async () => {
    const gateway = await startTestGateway()
    const [ada, bob] = [await asEndUser(gateway, 'ada'), await asEndUser(gateway, 'bob')]
    const keyed = { ...variables, input: { ...variables.input, idempotencyKey: 'shared-key' } }
    for (const { query: ask } of [ada, bob]) {
      const { data } = await ask(createConnectLink, keyed)
      expect(data?.createConnectLink).toMatchObject({ replayed: false })
    }
  })

  test('does not see connections without an end user', async () => {
    const gateway = await startTestGateway()
    const bob = await asEndUser(gateway, 'bob')
    const id = await createConnection(gateway, 'XPANDER', {
      connector: xpanderKey('Algolia'),
      endUser: { id: 'bob' },
      xpander: { security: { apiKey: 'key' } },
    })
    expect((await bob.query(listsQuery)).data).toMatchObject({ connections: { nodes: [{ id }] } })
    await gateway.connect.db.updateTable('connections').set({ endUserId: null }).execute()
    expect((await bob.query(listsQuery)).data).toMatchObject({ connections: { totalCount: 0, nodes: [] } })
    expect((await bob.query('query ($id: ID!) { node(id: $id) { id } }', { id })).data).toEqual({
      node: null,
    })
  })

  test('does not see the connection of another end user through a link', async () => {
    const { gateway, bob } = await startTwoUserGateway()
    const document = `query ($id: ID!) { node(id: $id) { ... on ConnectLink { connection { id } } } }`
    const { db } = gateway.connect
    const { id } = await db
      .selectFrom('connectLinks')
      .select('id')
      .where('endUserId', '=', 'bob')
      .where('connectionId', 'is not', null)
      .executeTakeFirstOrThrow()
    const linkVariables = { id: encodeGlobalId('ConnectLink', id) }
    expect((await bob.query(document, linkVariables)).data).toEqual({
      node: { connection: { id: bob.connection } },
    })
    await db.updateTable('connections').set({ endUserId: 'ada' }).execute()
    expect((await bob.query(document, linkVariables)).data).toEqual({ node: { connection: null } })
  })

  test('reads the same catalogue and providers as an API key', async () => {
    const gateway = await startTestGateway()
    const { query: ask } = await asEndUser(gateway, 'ada')
    const catalogue = '{ providers { key status } connectors(first: 3) { totalCount nodes { key } } }'
    await awaitSyncsAndClearRequests(gateway)
    expect((await ask(catalogue)).data).toEqual((await postQuery(gateway, catalogue)).data)
  })
})

test.each([
  ['a byte order mark', '\ufeffada'],
  ['a zero-width space', 'ada\u200b'],
  ['a soft hyphen', 'a\u00adda'],
])('an end-user ID with %s is invalid: it looks like another ID', async (_, id) => {
  const gateway = await startTestGateway()
  const session = 'mutation ($id: String!) { createSession(input: { endUser: { id: $id } }) { __typename } }'
  expect((await postQuery(gateway, session, { id })).data).toMatchObject({
    createSession: { __typename: 'InvalidInputError' },
  })
  const link = { provider: 'PIPEDREAM', input: { connector: 'github', endUser: { id } } }
  expect((await postQuery(gateway, String(CreateConnectLinkDocument), link)).data).toMatchObject({
    createConnectLink: { __typename: 'InvalidInputError', issues: [{ path: ['input', 'endUser', 'id'] }] },
  })
})
