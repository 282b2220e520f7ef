import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { answerTo, connected, forgetRequests, xpanderKey } from './open.ts'
import { lists, openTwoUsers } from './two-users.ts'

describe('an end user', () => {
  const createConnectLink = String(CreateConnectLinkDocument)
  const wanted = { provider: 'PIPEDREAM', input: { connector: 'github', endUser: { id: 'ada' } } }

  test('makes links for nobody else, whoever is named', async () => {
    const gateway = await startTestGateway()
    const bob = await asEndUser(gateway, 'bob')
    const { data } = await bob.ask(createConnectLink, wanted)
    expect(data?.createConnectLink).toMatchObject({ connectLink: { endUser: { id: 'bob' } } })
    expect((await bob.ask(lists)).data).toMatchObject({ connectLinks: { totalCount: 1 } })
  })

  test('sees the link of the gateway and never that of the provider', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada')
    const { data } = await ada.ask(createConnectLink, wanted)
    expect(data?.createConnectLink).toMatchObject({
      connectLink: { url: expect.stringContaining(`${gateway.url}/connect/`), providerUrl: null },
    })
    const all = '{ connectLinks { nodes { url providerUrl } } }'
    const url = { url: expect.any(String) }
    expect((await ada.ask(all)).data).toMatchObject({
      connectLinks: { nodes: [{ ...url, providerUrl: null }] },
    })
    expect((await answerTo(gateway, all)).data).toMatchObject({
      connectLinks: { nodes: [{ ...url, providerUrl: expect.any(String) }] },
    })
  })

  test('has idempotency keys of their own', async () => {
    const gateway = await startTestGateway()
    const [ada, bob] = [await asEndUser(gateway, 'ada'), await asEndUser(gateway, 'bob')]
    const keyed = { ...wanted, input: { ...wanted.input, idempotencyKey: 'the same' } }
    for (const { ask } of [ada, bob]) {
      const { data } = await ask(createConnectLink, keyed)
      expect(data?.createConnectLink).toMatchObject({ replayed: false })
    }
  })

  test('does not see what belongs to nobody', async () => {
    const gateway = await startTestGateway()
    const bob = await asEndUser(gateway, 'bob')
    const id = await connected(gateway, 'XPANDER', {
      connector: xpanderKey('Algolia'),
      endUser: { id: 'bob' },
      xpander: { security: { apiKey: 'key' } },
    })
    expect((await bob.ask(lists)).data).toMatchObject({ connections: { nodes: [{ id }] } })
    await gateway.connect.db.updateTable('connections').set({ endUserId: null }).execute()
    expect((await bob.ask(lists)).data).toMatchObject({ connections: { totalCount: 0, nodes: [] } })
    expect((await bob.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).data).toEqual({ node: null })
  })

  test('does not see a connection of another person through a link', async () => {
    const { gateway, bob } = await openTwoUsers()
    const document = `query ($id: ID!) { node(id: $id) { ... on ConnectLink { connection { id } } } }`
    const { db } = gateway.connect
    const { id } = await db
      .selectFrom('connectLinks')
      .select('id')
      .where('endUserId', '=', 'bob')
      .where('connectionId', 'is not', null)
      .executeTakeFirstOrThrow()
    const asked = { id: encodeGlobalId('ConnectLink', id) }
    expect((await bob.ask(document, asked)).data).toEqual({ node: { connection: { id: bob.connection } } })
    await db.updateTable('connections').set({ endUserId: 'ada' }).execute()
    expect((await bob.ask(document, asked)).data).toEqual({ node: { connection: null } })
  })

  test('reads the catalogue and the providers like everybody', async () => {
    const gateway = await startTestGateway()
    const { ask } = await asEndUser(gateway, 'ada')
    const catalogue = '{ providers { key status } connectors(first: 3) { totalCount nodes { key } } }'
    await forgetRequests(gateway)
    expect(await ask(catalogue)).toEqual(await answerTo(gateway, catalogue))
  })
})
