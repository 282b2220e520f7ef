import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { OrganizationAccess } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { postQuery } from './open.ts'
import { type PersonName, personNames, sessionOf, startTwoOrganizationGateway } from './two-organizations.ts'
import { listsQuery, unknownIds } from './two-users.ts'

beforeAll(() => testDatabase())

const idOnly = '{ totalCount nodes { id } }'
const idsQuery = `query ($connections: ConnectionFilter, $links: ConnectLinkFilter) {
  connections(first: 100, filter: $connections) ${idOnly}
  connectLinks(first: 100, filter: $links) ${idOnly} }`
const nodesQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'

const node = z.object({ id: z.string(), connection: z.object({ id: z.string() }).nullish() })
const listShape = z.object({ totalCount: z.number().optional(), nodes: z.array(node) })
const listsShape = z.object({ connections: listShape, connectLinks: listShape })

const sorted = (ids: readonly string[]) => ids.toSorted()

describe('lists and nodes', () => {
  const sessions: readonly (readonly [PersonName, OrganizationAccess | undefined, ('acme' | 'globex')[]])[] =
    [
      ['ada', undefined, []],
      ['adaOfAcme', undefined, ['acme']],
      ['bobOfAcme', undefined, []],
      ['bobOfAcme', 'READ', ['acme']],
      ['bobOfAcme', 'MANAGE', ['acme']],
      ['adaOfGlobex', undefined, []],
      ['adaOfGlobex', 'READ', ['globex']],
      ['eveOfGlobex', 'MANAGE', ['globex']],
    ]

  test('in a session contain the rows of its end user in its organization, and accessible ones of the organization', async () => {
    const { gateway, links, connections, shared } = await startTwoOrganizationGateway()
    // Completed links of the connections, by their connection.
    const all = await postQuery(gateway, `{ connectLinks(first: 100) { nodes { id connection { id } } } }`)
    const { nodes } = listShape.parse(all.data?.connectLinks)
    const linkTo = (connection: string) =>
      nodes.filter((one) => one.connection?.id === connection).map(({ id }) => id)
    const madeBy = { adaOfAcme: [shared.acme], eveOfGlobex: [shared.globex] } as Partial<
      Record<PersonName, string[]>
    >
    const everyId = [...Object.values(connections), ...Object.values(shared), ...nodes.map(({ id }) => id)]
    for (const [name, access, organizations] of sessions) {
      const session = await sessionOf(gateway, name, access)
      const ownConnections = [connections[name], ...(madeBy[name] ?? [])]
      const readable = [...new Set([...ownConnections, ...organizations.map((one) => shared[one])])]
      const ownLinks = [links[name], ...ownConnections.flatMap(linkTo)]
      const found = listsShape.parse((await session.query(idsQuery)).data)
      const idsIn = (list: keyof typeof found) => sorted(found[list].nodes.map(({ id }) => id))
      expect([name, access, idsIn('connections')]).toEqual([name, access, sorted(readable)])
      expect([name, access, idsIn('connectLinks')]).toEqual([name, access, sorted(ownLinks)])
      expect(found.connections.totalCount).toBe(readable.length)
      expect(found.connectLinks.totalCount).toBe(ownLinks.length)
      const loaded = await session.query(nodesQuery, { ids: everyId })
      expect(loaded.data).toEqual({
        nodes: everyId.map((id) => (readable.includes(id) || ownLinks.includes(id) ? { id } : null)),
      })
    }
  })

  test('are filtered by organization for an API key', async () => {
    const { gateway, links, connections, shared } = await startTwoOrganizationGateway()
    const inAcme = personNames.filter((name) => name.endsWith('OfAcme'))
    const filter = { organizationId: 'acme' }
    const { data } = await postQuery(gateway, idsQuery, { connections: filter, links: filter })
    const found = listsShape.parse(data)
    const idsOf = (list: keyof typeof found) => found[list].nodes.map(({ id }) => id)
    expect(sorted(idsOf('connections'))).toEqual(
      sorted([shared.acme, ...inAcme.map((name) => connections[name])]),
    )
    expect(idsOf('connectLinks')).toEqual(expect.arrayContaining(inAcme.map((name) => links[name])))
    expect(idsOf('connectLinks')).toHaveLength(5)
    const adaInAcme = { organizationId: 'acme', endUserId: 'ada' }
    expect(
      (await postQuery(gateway, idsQuery, { connections: adaInAcme, links: adaInAcme })).data,
    ).toMatchObject({
      connections: { totalCount: 2 },
      connectLinks: { totalCount: 3 },
    })
  })

  test.each([
    ['organization', { organizationId: 'globex' }, { organizationId: 'unknown' }],
    ['end user', { endUserId: 'ada' }, { endUserId: 'unknown' }],
  ])('in a session with access find nothing by a foreign %s', async (_, foreign, unknown) => {
    const { gateway } = await startTwoOrganizationGateway()
    const bob = await sessionOf(gateway, 'bobOfAcme', 'MANAGE')
    const response = await bob.query(listsQuery, { connections: foreign, links: foreign })
    expect(response.data).toMatchObject({ connections: { totalCount: 0 }, connectLinks: { totalCount: 0 } })
    expect(response).toEqual(await bob.query(listsQuery, { connections: unknown, links: unknown }))
  })
})

describe('the connection of an organization', () => {
  const fields = `id owner name ownerEvidence organization { id name } endUser { id name email organization { id } }
    tags { key value } externalAccount { id name email } health { code message }`
  const document = `query ($id: ID!) { node(id: $id) { ... on Connection { ${fields} } } }`

  test('is shown to other end users without the person who made it', async () => {
    const { gateway, shared } = await startTwoOrganizationGateway()
    const bob = await sessionOf(gateway, 'bobOfAcme', 'READ')
    const { data, text } = await bob.query(document, { id: shared.acme })
    expect(data?.node).toEqual({
      id: shared.acme,
      owner: 'ORGANIZATION',
      organization: { id: 'acme', name: 'acme Inc.' },
      name: null,
      ownerEvidence: null,
      endUser: null,
      tags: [],
      externalAccount: null,
      health: { code: 'OK', message: null },
    })
    expect(text).not.toMatch(/ada/i)
  })

  test('is shown with the person to that person and to API keys', async () => {
    const { gateway, shared } = await startTwoOrganizationGateway()
    const ada = await sessionOf(gateway, 'adaOfAcme')
    const response = await ada.query(document, { id: shared.acme })
    expect(response.data?.node).toMatchObject({
      owner: 'ORGANIZATION',
      name: expect.any(String),
      endUser: { id: 'ada', email: 'adaOfAcme@mail.example', organization: { id: 'acme' } },
    })
    const tags = [{ key: 'of', value: 'adaOfAcme' }]
    expect((await postQuery(gateway, document, { id: shared.acme })).data).toEqual({
      node: { ...(response.data?.node ?? {}), tags },
    })
  })

  test('without access gives the same response as an unknown ID', async () => {
    const { gateway, shared } = await startTwoOrganizationGateway()
    for (const session of [
      await sessionOf(gateway, 'bobOfAcme'),
      await sessionOf(gateway, 'eveOfGlobex', 'MANAGE'),
      await sessionOf(gateway, 'adaOfGlobex', 'MANAGE'),
      await sessionOf(gateway, 'ada'),
    ]) {
      const response = await session.query(document, { id: shared.acme })
      expect(response).toEqual(await session.query(document, { id: unknownIds.connection }))
    }
  })
})
