import { describe, expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { ConnectLinkDocument } from '../generated/graphql.ts'
import { forgetRequests, requestsTo } from './open.ts'
import { absent, everything, openTwoUsers } from './two-users.ts'

const failure = '__typename ... on Error { code message }'

/** Every query and mutation that takes the id of something. */
const byId: Readonly<Record<string, string>> = {
  node: `query ($id: ID!) { node(id: $id) { __typename id } }`,
  nodes: `query ($id: ID!) { nodes(ids: [$id]) { __typename id } }`,
  connectLink: String(ConnectLinkDocument),
  disconnectConnection: `mutation ($id: ID!) { disconnectConnection(id: $id) { ${failure} } }`,
  refreshConnection: `mutation ($id: ID!) { refreshConnection(id: $id) { ${failure} } }`,
  reconnectConnection: `mutation ($id: ID!) { reconnectConnection(id: $id) { ${failure} } }`,
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
      expect(answer.text).not.toContain('"ada"')
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
