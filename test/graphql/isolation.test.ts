import { describe, expect, test } from 'vitest'
import { sessionPermissions } from '../../src/domain/permissions.ts'
import { schema } from '../../src/graphql/schema.ts'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { awaitSyncsAndClearRequests, providerRequests } from './open.ts'
import { readAllLists, startTwoUserGateway, unknownIds } from './two-users.ts'

const errorFields = '__typename ... on Error { code message }'

/** A document for each query and mutation that takes a global ID and is open to end-user sessions. */
const documents: Readonly<Record<string, string>> = {
  node: `query ($id: ID!) { node(id: $id) { __typename id } }`,
  nodes: `query ($id: ID!) { nodes(ids: [$id]) { __typename id } }`,
  connectLink: String(ConnectLinkDocument),
  disconnectConnection: `mutation ($id: ID!) { disconnectConnection(id: $id) { ${errorFields} } }`,
  refreshConnection: `mutation ($id: ID!) { refreshConnection(id: $id) { ${errorFields} } }`,
  reconnectConnection: `mutation ($id: ID!) { reconnectConnection(id: $id) { ${errorFields} } }`,
  claimConnectLink: `mutation ($id: ID!) { claimConnectLink(id: $id) { ${errorFields} } }`,
  confirmConnectLink: `mutation ($id: ID!) { confirmConnectLink(id: $id, code: "123456") { ${errorFields} } }`,
  cancelConnectLinkAttempt: `mutation ($id: ID!) { cancelConnectLinkAttempt(id: $id) { ${errorFields} } }`,
  handOverConnectLink: `mutation ($id: ID!) { handOverConnectLink(id: $id) { ${errorFields} } }`,
  takeBackConnectLink: `mutation ($id: ID!) { takeBackConnectLink(id: $id) { ${errorFields} } }`,
  revokeConnectLink: `mutation ($id: ID!) { revokeConnectLink(id: $id) { ${errorFields} } }`,
}

const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}),
)
const isForSessions = (permission: unknown) =>
  permission === null || sessionPermissions.some((one) => one === permission)
const takingIds = fields
  .filter(({ args }) => args.some(({ type }) => /\bID\b/.test(String(type))))
  .filter(({ extensions }) => isForSessions(extensions.permission))
const operations = takingIds.map(({ name }) => [name, documents[name] ?? ''] as const)

test('every query and mutation that takes an ID, and that sessions may use, is covered', () => {
  expect(takingIds.map(({ name }) => name).filter((name) => documents[name] === undefined)).toEqual([])
  expect(takingIds.length).toBeGreaterThan(3)
})

describe('an ID of another end user gives the same response as an unknown ID', () => {
  test.each(operations)('%s', async (_, document) => {
    const { gateway, ada, bob } = await startTwoUserGateway()
    const before = await readAllLists(gateway)
    await awaitSyncsAndClearRequests(gateway)
    for (const [foreign, unknown] of [
      [ada.link, unknownIds.link],
      [ada.connection, unknownIds.connection],
    ]) {
      const response = await bob.query(document, { id: foreign })
      expect(response.text).not.toContain('"ada"')
      expect(response).toEqual(await bob.query(document, { id: unknown }))
    }
    expect((await providerRequests(gateway)).filter(({ method }) => method !== 'GET')).toEqual([])
    expect(await readAllLists(gateway)).toEqual(before)
    // The operation returns something else to the owner: the equal responses above are not a general failure.
    const own = await Promise.all([ada.link, ada.connection].map((id) => ada.query(document, { id })))
    const unknown = await ada.query(document, { id: unknownIds.link })
    expect(own.filter(({ text }) => text !== unknown.text).length).toBeGreaterThan(0)
  })

  test('reading an open link of another end user sends no provider request', async () => {
    const { gateway, ada, bob } = await startTwoUserGateway()
    await awaitSyncsAndClearRequests(gateway)
    gateway.clock.advance(3)
    await bob.query(String(ConnectLinkDocument), { id: ada.link })
    expect(await providerRequests(gateway)).toEqual([])
    await ada.query(String(ConnectLinkDocument), { id: ada.link })
    expect((await providerRequests(gateway)).length).toBeGreaterThan(0)
  })
})
