import { beforeAll, describe, expect, test } from 'vitest'
import { eraseEndUser } from '../../src/connect/jobs/erase-end-user.ts'
import { RefreshConnectionDocument } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { createLinkOrThrow, postQuery } from './open.ts'
import { connectionOf, endUserInput, sessionOf, startTwoOrganizationGateway } from './two-organizations.ts'

beforeAll(() => testDatabase())

const assignmentsQuery = `query ($id: ID!) { node(id: $id) { ... on Connection {
  assignments { fromEndUserId fromOrganizationId toEndUserId toOrganizationId } } } }`

async function assign(gateway: Parameters<typeof postQuery>[0], variables: object) {
  const document = `mutation ($id: ID!, $endUser: EndUserInput, $ownedBy: ConnectionOwner) {
    assignConnection(id: $id, endUser: $endUser, ownedBy: $ownedBy) { __typename
      ... on InvalidInputError { issues { path } }
      ... on AssignConnectionPayload { connection { owner endUser { id } organization { id } } } } }`
  return (await postQuery(gateway, document, variables)).data?.assignConnection
}

describe('erasing an end user', () => {
  test('keeps the connections of the organization without the person, and removes all others of the person', async () => {
    const { gateway, connections, shared } = await startTwoOrganizationGateway()
    const erased = await eraseEndUser(gateway.connect, 'ada')
    expect(erased).toMatchObject({ connections: 3, kept: 1, remaining: [] })
    const all =
      '{ connections(first: 100) { nodes { id owner ownerEvidence endUser { id } organization { id } } } }'
    const { data, text } = await postQuery(gateway, all)
    expect(data?.connections).toMatchObject({
      nodes: expect.arrayContaining([
        {
          id: shared.acme,
          owner: 'ORGANIZATION',
          ownerEvidence: null,
          endUser: null,
          organization: { id: 'acme' },
        },
      ]),
    })
    for (const name of ['ada', 'adaOfAcme', 'adaOfGlobex'] as const)
      expect(text).not.toContain(connections[name])
    for (const kept of [shared.globex, connections.bobOfAcme, connections.eveOfGlobex])
      expect(text).toContain(kept)
    // The provider still names the person: the next sync does not bring the person back.
    await gateway.send(RefreshConnectionDocument, { id: shared.acme })
    expect((await postQuery(gateway, all)).data).toEqual(data)
    const bob = await sessionOf(gateway, 'bobOfAcme', 'READ')
    expect((await bob.query('{ connections { nodes { id } } }')).text).toContain(shared.acme)
    const ada = await sessionOf(gateway, 'adaOfAcme')
    expect((await ada.query('{ connections { totalCount } connectLinks { totalCount } }')).data).toEqual({
      connections: { totalCount: 0 },
      connectLinks: { totalCount: 0 },
    })
  })

  test('removes the ID from recorded assignments', async () => {
    const gateway = await startTestGateway()
    const id = await connectionOf(gateway, 'ada')
    await assign(gateway, { id, endUser: endUserInput('bobOfAcme') })
    await eraseEndUser(gateway.connect, 'ada')
    expect((await postQuery(gateway, assignmentsQuery, { id })).data?.node).toEqual({
      assignments: [
        { fromEndUserId: null, fromOrganizationId: null, toEndUserId: 'bob', toOrganizationId: 'acme' },
      ],
    })
  })
})

describe('assignConnection', () => {
  test('sets organization and owner, which needs an organization', async () => {
    const gateway = await startTestGateway()
    const id = await connectionOf(gateway, 'ada')
    const ownedBy = 'ORGANIZATION'
    for (const endUser of [null, { id: 'ada' }])
      expect(await assign(gateway, { id, endUser, ownedBy })).toMatchObject({
        issues: [{ path: ['ownedBy'] }],
      })
    expect(await assign(gateway, { id, endUser: endUserInput('adaOfAcme'), ownedBy })).toMatchObject({
      connection: { owner: 'ORGANIZATION', endUser: { id: 'ada' }, organization: { id: 'acme' } },
    })
    const bob = await sessionOf(gateway, 'bobOfAcme', 'READ')
    const tag = { key: 'of', value: 'ada' }
    const filter = { organizationId: 'acme', tag }
    const query = 'query ($filter: ConnectionFilter) { connections(filter: $filter) { totalCount } }'
    expect((await bob.query(query)).data).toEqual({ connections: { totalCount: 1 } })
    expect((await postQuery(gateway, query, { filter })).data).toEqual({ connections: { totalCount: 1 } })
    expect(await assign(gateway, { id, endUser: null })).toMatchObject({
      connection: { owner: 'PERSON', endUser: null, organization: null },
    })
    expect((await bob.query(query)).data).toEqual({ connections: { totalCount: 0 } })
    expect((await postQuery(gateway, query, { filter })).data).toEqual({ connections: { totalCount: 0 } })
  })

  test('revokes reconnect links of other organizations, and keeps those of the organization that owns it', async () => {
    const gateway = await startTestGateway()
    const id = await connectionOf(gateway, 'adaOfAcme', 'ORGANIZATION')
    const bob = await sessionOf(gateway, 'bobOfAcme', 'MANAGE')
    const reconnect = `mutation ($id: ID!) { reconnectConnection(id: $id) {
      ... on CreateConnectLinkPayload { connectLink { id } } } }`
    await bob.query(reconnect, { id })
    const statuses = '{ connectLinks(filter: { statuses: [CREATED, REVOKED] }) { nodes { status } } }'
    await assign(gateway, { id, endUser: endUserInput('adaOfAcme'), ownedBy: 'ORGANIZATION' })
    expect((await bob.query(statuses)).data).toEqual({ connectLinks: { nodes: [{ status: 'CREATED' }] } })
    await assign(gateway, { id, endUser: endUserInput('eveOfGlobex'), ownedBy: 'ORGANIZATION' })
    expect((await bob.query(statuses)).data).toEqual({ connectLinks: { nodes: [{ status: 'REVOKED' }] } })
  })

  test('completes a returned link only if it is of the same organization', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: endUserInput('adaOfAcme') })
    const connection = await connectionOf(gateway, 'bobOfAcme')
    const { db, now } = gateway.connect
    await db.updateTable('connectLinks').set({ returnedAt: now() }).where('status', '=', 'CREATED').execute()
    await db
      .updateTable('connectLinks')
      .set({ connectionId: null })
      .where('status', '=', 'COMPLETED')
      .execute()
    const status = 'query ($id: ID!) { node(id: $id) { ... on ConnectLink { status } } }'
    await assign(gateway, { id: connection, endUser: endUserInput('adaOfGlobex') })
    expect((await postQuery(gateway, status, { id })).data).toEqual({ node: { status: 'CREATED' } })
    await assign(gateway, { id: connection, endUser: endUserInput('adaOfAcme') })
    expect((await postQuery(gateway, status, { id })).data).toEqual({ node: { status: 'COMPLETED' } })
  })
})
