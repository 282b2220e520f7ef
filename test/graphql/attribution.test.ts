import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { rowId } from '../connect/observe.ts'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import {
  followReturnUrl,
  startTestGateway,
  submitLinkPage,
  submitProviderPage,
  type TestGateway,
} from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createLinkOrThrow, postQuery, xpanderKey } from './open.ts'

/** Providers that do not report which link made a connection, with a connector each. */
const anonymous = {
  CENSUS: { connector: 'hubspot', pageFields: {} },
  // The end user chooses another name on the page than the one that identifies the link.
  XPANDER: { connector: xpanderKey('Google Calendar'), pageFields: { name: 'Another name' } },
} as const
type Anonymous = keyof typeof anonymous
const skews = [-300, -90, 0, 90, 300]

async function openAttack(provider: Anonymous, skewSeconds = 0) {
  const gateway = await startTestGateway()
  await gateway.control('POST', 'clock', { advanceSeconds: skewSeconds })
  const { connector, pageFields } = anonymous[provider]
  const linkOf = (id: string) => createLinkOrThrow(gateway, provider, { connector, endUser: { id } })

  /** Time passes, and every link that is due is polled. */
  async function wait(seconds: number) {
    gateway.clock.advance(seconds)
    await gateway.poll()
  }
  return {
    gateway,
    linkOf,
    wait,
    /** Approves on the provider's page; returns the URL to which it redirects the browser. */
    approve: async (url: string) =>
      (await submitProviderPage(await submitLinkPage(url), 'approve', pageFields)).location,
    statusOf: async (id: string) =>
      (await gateway.send(ConnectLinkDocument, { id })).connectLink?.status ?? null,
    owners: () => ownersOf(gateway, provider),
  }
}

/** The end users of the provider's connections, as the list of connections returns them. */
async function ownersOf(gateway: TestGateway, provider: Anonymous) {
  gateway.clock.advance(6)
  const { connections } = await gateway.send(ConnectionsDocument, { filter: { providers: [provider] } })
  return connections.nodes.map(({ endUser }) => endUser?.id ?? null)
}

describe.each(Object.keys(anonymous) as Anonymous[])('at %s', (provider) => {
  test.each(skews)(
    'with a clock that is off by %i s, a link does not get the connection of another end user who closes the tab',
    async (skew) => {
      const { linkOf, approve, wait, statusOf, owners } = await openAttack(provider, skew)
      const alice = await linkOf('alice')
      const bob = await linkOf('bob')
      await submitLinkPage(alice.url ?? '')
      await wait(10)
      await approve(bob.url ?? '')
      for (const seconds of [3, 10, 60, 600]) await wait(seconds)

      expect([await statusOf(alice.id), await statusOf(bob.id)]).toEqual(['OPENED', 'OPENED'])
      expect(await owners()).toEqual([null])
    },
  )

  test('a return that is held back does not get the connection of another person', async () => {
    const { linkOf, approve, wait, statusOf, owners } = await openAttack(provider)
    const mallory = await linkOf('mallory')
    const held = await approve(mallory.url ?? '')
    await wait(30)
    const bob = await linkOf('bob')
    await approve(bob.url ?? '')
    await wait(2)
    if (held !== null) await followReturnUrl(held)
    for (const seconds of [3, 15, 70]) await wait(seconds)
    expect(await statusOf(mallory.id)).not.toBe('COMPLETED')
    expect(await owners()).not.toContain('mallory')
  })

  test('a link that waits does not get a connection that is made without the gateway', async () => {
    const { gateway, linkOf, approve, wait, statusOf, owners } = await openAttack(provider)
    const waiting = await linkOf('eve')
    const victim = await linkOf('victim')
    await submitLinkPage(waiting.url ?? '')
    await wait(10)
    await approve(victim.providerUrl ?? '')
    for (const seconds of [3, 10, 60]) await wait(seconds)
    expect(await statusOf(waiting.id)).toBe('OPENED')
    expect(await owners()).toEqual([null])

    const eve = await asEndUser(gateway, 'eve')
    const { data } = await eve.query('{ connections { nodes { id } } }')
    expect(data).toEqual({ connections: { nodes: [] } })
  })
})

describe('at CENSUS', () => {
  test.each(skews)(
    'with a clock that is off by %i s, a link whose browser returns gets its connection, in spite of idle links',
    async (skew) => {
      const { linkOf, approve, wait, statusOf, owners } = await openAttack('CENSUS', skew)
      const idle = await linkOf('idle')
      await submitLinkPage(idle.url ?? '')
      const unopened = await linkOf('unopened')
      const alice = await linkOf('alice')
      await wait(10)
      await followReturnUrl(await approve(alice.url ?? ''))
      await wait(3)

      expect(await statusOf(alice.id)).toBe('COMPLETED')
      expect(await owners()).toEqual(['alice'])
      await wait(600)
      expect([await statusOf(idle.id), await statusOf(unopened.id)]).toEqual(['OPENED', 'CREATED'])
    },
  )

  // The control: the same steps with the evidence that is missing in the tests above.
  test('the return through a link right after a connection was made is what gives it to its end user', async () => {
    const { gateway, linkOf, approve, wait, statusOf, owners } = await openAttack('CENSUS')
    const alice = await linkOf('alice')
    const bob = await linkOf('bob')
    await submitLinkPage(alice.url ?? '')
    await wait(10)
    await approve(bob.url ?? '')
    const returnedAt = gateway.clock.now()
    await gateway.connect.db
      .updateTable('connectLinks')
      .set({ returnedAt })
      .where('id', '=', rowId(alice.id))
      .execute()
    await wait(3)

    expect(await statusOf(alice.id)).toBe('COMPLETED')
    expect(await owners()).toEqual(['alice'])
  })

  test('eight end users at a time get their own connections; unopened links do not change', async () => {
    const { gateway, linkOf, approve, wait, statusOf } = await openAttack('CENSUS')
    const unopened = await linkOf('unopened')
    const made = new Map<string, string>()
    for (let round = 0; round < 3; round += 1) {
      const users = Array.from({ length: 8 }, (_, at) => `user-${round}-${at}`)
      await Promise.all(
        users.map(async (id) => {
          const link = await linkOf(id)
          const returnUrl = await approve(link.url ?? '')
          await followReturnUrl(returnUrl)
          made.set(link.id, id)
        }),
      )
      for (const seconds of [3, 15, 70]) await wait(seconds)
    }
    for (const [id, user] of made) {
      const query = '{ connectLink(id: $id) { status connection { endUser { id } } } }'
      const { data } = await postQuery(gateway, `query ($id: ID!) ${query}`, { id })
      expect([
        { status: 'COMPLETED', connection: { endUser: { id: user } } },
        { status: 'AUTHORIZING', connection: null },
      ]).toContainEqual(data?.connectLink)
    }
    expect(await statusOf(unopened.id)).toBe('CREATED')
  })
})

const reconnectShape = z.object({
  reconnectConnection: z.object({ connectLink: z.object({ id: z.string(), url: z.string() }) }),
})

describe('assignConnection', () => {
  const assign = `mutation ($id: ID!, $endUser: EndUserInput) { assignConnection(id: $id, endUser: $endUser) {
    __typename ... on AssignConnectionPayload { connection { id status endUser { id name } ownerEvidence
      assignments { by fromEndUserId toEndUserId } } } ... on Error { code message } } }`

  async function openUnowned() {
    const attack = await openAttack('CENSUS')
    const link = await attack.linkOf('alice')
    await attack.approve(link.url ?? '')
    expect(await attack.owners()).toEqual([null])
    const { connections } = await attack.gateway.send(ConnectionsDocument, {})
    return { ...attack, id: connections.nodes[0]?.id ?? '' }
  }

  test('gives a connection to an end user, who then has access; every change is recorded and can be undone', async () => {
    const { gateway, id } = await openUnowned()
    const alice = await asEndUser(gateway, 'alice')
    const own = '{ connections { nodes { id ownerEvidence assignments { by } } } }'
    expect(await alice.query(own)).toMatchObject({ data: { connections: { nodes: [] } } })

    const { data } = await postQuery(gateway, assign, { id, endUser: { id: 'alice', name: 'Alice' } })
    expect(data?.assignConnection).toEqual({
      __typename: 'AssignConnectionPayload',
      connection: {
        id,
        status: 'ACTIVE',
        endUser: { id: 'alice', name: 'Alice' },
        ownerEvidence: 'ASSIGNED',
        assignments: [{ by: 'GATEWAY_API_KEY', fromEndUserId: null, toEndUserId: 'alice' }],
      },
    })
    expect(await alice.query(own)).toMatchObject({
      data: { connections: { nodes: [{ id, ownerEvidence: 'ASSIGNED', assignments: [] }] } },
    })

    const undone = await postQuery(gateway, assign, { id, endUser: null })
    expect(undone.data?.assignConnection).toMatchObject({
      connection: {
        endUser: null,
        ownerEvidence: null,
        assignments: [
          { toEndUserId: 'alice' },
          { by: 'GATEWAY_API_KEY', fromEndUserId: 'alice', toEndUserId: null },
        ],
      },
    })
    expect(await alice.query(own)).toMatchObject({ data: { connections: { nodes: [] } } })
    // A later sync does not bring the end user back.
    gateway.clock.advance(400)
    expect((await gateway.send(ConnectionsDocument, {})).connections.nodes).toMatchObject([{ endUser: null }])
  })

  test('completes the returned link of the end user that could not be attributed', async () => {
    const { gateway, linkOf, approve, wait, statusOf } = await openAttack('CENSUS')
    const [alice, bob] = [await linkOf('alice'), await linkOf('bob')]
    const returnUrls = [await approve(bob.url ?? ''), await approve(alice.url ?? '')]
    for (const url of returnUrls) await followReturnUrl(url)
    await wait(15)
    const unowned = (await gateway.send(ConnectionsDocument, {})).connections.nodes
    expect(unowned).toMatchObject([{ endUser: null }, { endUser: null }])
    const field = '{ connectLink(id: $id) { status lastFailure { code } connection { id } } }'
    const read = async () =>
      (await postQuery(gateway, `query ($id: ID!) ${field}`, { id: alice.id })).data?.connectLink
    expect(await read()).toMatchObject({ status: 'AUTHORIZING', lastFailure: { code: 'AMBIGUOUS' } })

    await postQuery(gateway, assign, { id: unowned[0]?.id, endUser: { id: 'alice' } })
    expect(await read()).toMatchObject({ status: 'COMPLETED', connection: { id: unowned[0]?.id } })
    expect(await statusOf(bob.id)).toBe('AUTHORIZING')
  })

  test('revokes the open reconnect links of the former end user', async () => {
    const { gateway, id } = await openUnowned()
    await postQuery(gateway, assign, { id, endUser: { id: 'mallory' } })
    const mallory = await asEndUser(gateway, 'mallory')
    const reconnect =
      'mutation ($id: ID!) { reconnectConnection(id: $id) { ... on CreateConnectLinkPayload { connectLink { id url } } } }'
    const { data } = await mallory.query(reconnect, { id })
    const link = reconnectShape.parse(data).reconnectConnection.connectLink
    const page = await submitLinkPage(link.url)

    await postQuery(gateway, assign, { id, endUser: null })
    await submitProviderPage(page, 'approve')
    gateway.clock.advance(60)
    await gateway.poll()
    expect((await gateway.send(ConnectLinkDocument, { id: link.id })).connectLink?.status).toBe('REVOKED')
    expect((await gateway.send(ConnectionsDocument, {})).connections.nodes).toMatchObject([{ endUser: null }])
  })

  test('is refused for a session, an unknown connection and an invalid end user', async () => {
    const { gateway, id } = await openUnowned()
    const alice = await asEndUser(gateway, 'alice')
    expect(await alice.query(assign, { id, endUser: { id: 'alice' } })).toMatchObject({
      codes: ['FORBIDDEN'],
    })
    const results = await Promise.all(
      [
        { id: 'nonsense', endUser: { id: 'alice' } },
        { id, endUser: { id: ' ' } },
        { id, endUser: { id: 'a\u0000b' } },
      ].map(async (variables) => (await postQuery(gateway, assign, variables)).data?.assignConnection),
    )
    expect(results).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'INVALID_INPUT' },
      { code: 'INVALID_INPUT' },
    ])
  })
})

describe('a connection whose end user was inferred by an earlier version', () => {
  test.each([
    ['disconnectConnection', 'disconnectConnection(id: $id) { __typename ... on Error { code } }'],
    ['reconnectConnection', 'reconnectConnection(id: $id, input: {}) { __typename ... on Error { code } }'],
  ])('cannot be changed by a session with %s, but by an API key', async (name, field) => {
    const { gateway, linkOf, approve } = await openAttack('CENSUS')
    const link = await linkOf('alice')
    await followReturnUrl(await approve(link.url ?? ''))
    const { connections } = await gateway.send(ConnectionsDocument, {})
    const variables = { id: connections.nodes[0]?.id }
    await gateway.connect.db.updateTable('connections').set({ ownerEvidence: 'INFERRED' }).execute()
    const alice = await asEndUser(gateway, 'alice')
    const document = `mutation ($id: ID!) { ${field} }`

    expect((await alice.query(document, variables)).data?.[name]).toMatchObject({ code: 'INVALID_STATE' })
    expect((await postQuery(gateway, document, variables)).data?.[name]).not.toMatchObject({
      code: 'INVALID_STATE',
    })
  })
})
