import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { encodeCursor } from '../../src/graphql/pages.ts'
import { schema } from '../../src/graphql/schema.ts'
import { ConnectLinkDocument, CreateConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { answerTo, connected, forgetRequests, madeLink, requestsTo, xpanderKey } from './open.ts'

const nobodysUuid = '0e6f4d5e-1111-4222-8333-444455556666'
const absent = {
  link: encodeGlobalId('ConnectLink', nobodysUuid),
  connection: encodeGlobalId('Connection', nobodysUuid),
}

/** Ada and Bob, each with an open link and a connection; Ada's came first and last, so that her rows surround his. */
async function openTwoUsers() {
  const gateway = await startTestGateway()
  const of = (id: string) => ({ endUser: { id }, tags: [{ key: 'of', value: id }] })
  const link = async (id: string) => {
    gateway.clock.advance(3)
    return (await madeLink(gateway, 'PIPEDREAM', { ...of(id), connector: 'slack' })).id
  }
  const connection = (id: string) => {
    gateway.clock.advance(3)
    return connected(gateway, 'PIPEDREAM', of(id))
  }
  const ada = { first: await connection('ada'), connection: '', link: await link('ada') }
  const bob = { connection: await connection('bob'), link: await link('bob') }
  ada.connection = await connection('ada')
  const last = await link('ada')
  gateway.clock.advance(3)
  return {
    gateway,
    ada: { ...ada, last, ...(await asEndUser(gateway, 'ada')) },
    bob: { ...bob, ...(await asEndUser(gateway, 'bob')) },
  }
}

const failure = '__typename ... on Error { code message }'

/** Every query and mutation that takes the id of something. */
const byId: Readonly<Record<string, string>> = {
  node: `query ($id: ID!) { node(id: $id) { __typename id } }`,
  nodes: `query ($id: ID!) { nodes(ids: [$id]) { __typename id } }`,
  connectLink: String(ConnectLinkDocument),
  disconnect: `mutation ($id: ID!) { disconnect(connectionId: $id) { ${failure} } }`,
  reconnect: `mutation ($id: ID!) { reconnect(connectionId: $id) { ${failure} } }`,
  revokeConnectLink: `mutation ($id: ID!) { revokeConnectLink(id: $id) { ${failure} } }`,
}

const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}),
)
const takingIds = fields.filter(({ args }) => args.some(({ type }) => /\bID\b/.test(String(type))))
const operations = takingIds.map(({ name }) => [name, byId[name] ?? ''] as const)

test('every query and mutation that takes an id is tried here', () => {
  expect(takingIds.map(({ name }) => name).filter((name) => byId[name] === undefined)).toEqual([])
  expect(takingIds.length).toBeGreaterThan(3)
})

describe('what belongs to another end user is as if absent', () => {
  test.each(operations)('%s', async (_, document) => {
    const { gateway, ada, bob } = await openTwoUsers()
    const before = await everything(gateway)
    await forgetRequests(gateway)
    for (const [theirs, none] of [
      [ada.link, absent.link],
      [ada.connection, absent.connection],
    ]) {
      const answer = await bob.ask(document, { id: theirs })
      expect(answer.text).not.toContain('ada')
      expect(answer).toEqual(await bob.ask(document, { id: none }))
    }
    expect((await requestsTo(gateway)).filter(({ method }) => method !== 'GET')).toEqual([])
    expect(await everything(gateway)).toEqual(before)
    // The same operation finds something for its owner: the answers above are no accident.
    const own = await Promise.all([ada.link, ada.connection].map((id) => ada.ask(document, { id })))
    const none = await ada.ask(document, { id: absent.link })
    expect(own.filter(({ text }) => text !== none.text).length).toBeGreaterThan(0)
  })

  test('asking for an open link of another person does not ask its provider', async () => {
    const { gateway, ada, bob } = await openTwoUsers()
    await forgetRequests(gateway)
    gateway.clock.advance(3)
    await bob.ask(String(ConnectLinkDocument), { id: ada.link })
    expect(await requestsTo(gateway)).toEqual([])
    await ada.ask(String(ConnectLinkDocument), { id: ada.link })
    expect((await requestsTo(gateway)).length).toBeGreaterThan(0)
  })
})

/** What an API key sees of all links and connections. */
const everything = (gateway: TestGateway) => answerTo(gateway, lists)

const lists = `query ($connections: ConnectionFilter, $links: ConnectLinkFilter, $first: Int, $c: String, $l: String) {
  connections(filter: $connections, first: $first, after: $c) {
    totalCount nodes { id status endUser { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
  connectLinks(filter: $links, first: $first, after: $l) {
    totalCount nodes { id status endUser { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

describe('lists', () => {
  test('hold only what belongs to the caller, and count only that', async () => {
    const { ada, bob } = await openTwoUsers()
    const { data } = await bob.ask(lists)
    expect(data).toMatchObject({
      connections: {
        totalCount: 1,
        nodes: [{ id: bob.connection, status: 'ACTIVE', endUser: { id: 'bob' } }],
        pageInfo: { hasNextPage: false },
      },
      connectLinks: { totalCount: 2, pageInfo: { hasNextPage: false } },
    })
    const { data: hers } = await ada.ask(lists)
    expect(hers).toMatchObject({
      connections: { totalCount: 2, nodes: [{ id: ada.connection }, { id: ada.first }] },
      connectLinks: { totalCount: 4 },
    })
  })

  test.each([
    ['person', { endUserId: 'ada' }, { endUserId: 'nobody' }],
    ['tag', { tag: { key: 'of', value: 'ada' } }, { tag: { key: 'of', value: 'nobody' } }],
  ])('filtered by another %s are as if there were none', async (_, theirs, none) => {
    const { bob } = await openTwoUsers()
    const answer = await bob.ask(lists, { connections: theirs, links: theirs })
    expect(answer.data).toMatchObject({
      connections: { totalCount: 0, nodes: [] },
      connectLinks: { totalCount: 0, nodes: [] },
    })
    expect(answer).toEqual(await bob.ask(lists, { connections: none, links: none }))
  })

  test('filtered by the caller are the same as without', async () => {
    const { bob } = await openTwoUsers()
    const own = { endUserId: 'bob' }
    expect(await bob.ask(lists, { connections: own, links: own })).toEqual(await bob.ask(lists))
  })

  test('go on behind a cursor of another person as behind one of no row', async () => {
    const { gateway, ada, bob } = await openTwoUsers()
    const { connections, connectLinks } = await rows(gateway)
    const c = connections.find(({ id }) => encodeGlobalId('Connection', id) === ada.connection)
    const l = connectLinks.find(({ id }) => encodeGlobalId('ConnectLink', id) === ada.last)
    const at = (row: { created_at: Date } | undefined, id: string) =>
      encodeCursor([row?.created_at.getTime() ?? 0, id])
    const theirs = await ada.ask(lists, { first: 1 })
    const cursors = { c: at(c, c?.id ?? ''), l: at(l, l?.id ?? '') }
    expect(theirs.data).toMatchObject({
      connections: { pageInfo: { endCursor: cursors.c } },
      connectLinks: { pageInfo: { endCursor: cursors.l } },
    })
    const answer = await bob.ask(lists, cursors)
    expect(answer.data).toMatchObject({ connections: { nodes: [{ id: bob.connection }] } })
    expect(answer.text).not.toContain('ada')
    expect(answer).toEqual(await bob.ask(lists, { c: at(c, nobodysUuid), l: at(l, nobodysUuid) }))
  })
})

/** The rows themselves. */
const rows = async ({ connect: { db } }: TestGateway) => ({
  connections: await db.selectFrom('connections').select(['id', 'created_at']).execute(),
  connectLinks: await db.selectFrom('connect_links').select(['id', 'created_at']).execute(),
})

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
    await gateway.connect.db.updateTable('connections').set({ end_user_id: null }).execute()
    expect((await bob.ask(lists)).data).toMatchObject({ connections: { totalCount: 0, nodes: [] } })
    expect((await bob.ask(byId.node ?? '', { id })).data).toEqual({ node: null })
  })

  test('does not see a connection of another person through a link', async () => {
    const { gateway, bob } = await openTwoUsers()
    const document = `query ($id: ID!) { node(id: $id) { ... on ConnectLink { connection { id } } } }`
    const { db } = gateway.connect
    const { id } = await db
      .selectFrom('connect_links')
      .select('id')
      .where('end_user_id', '=', 'bob')
      .where('connection_id', 'is not', null)
      .executeTakeFirstOrThrow()
    const asked = { id: encodeGlobalId('ConnectLink', id) }
    expect((await bob.ask(document, asked)).data).toEqual({ node: { connection: { id: bob.connection } } })
    await db.updateTable('connections').set({ end_user_id: 'ada' }).execute()
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
