import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eraseEndUser } from '../../src/connect/jobs/erase-end-user.ts'
import { CreateConnectLinkDocument, PlanConnectLinkDocument } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { approveAndReturn, startTestGateway } from '../helpers/gateway.ts'
import { codeOn, createBrowser } from '../server/pages/browser.ts'
import { approveIn, confirm, openIn } from './guarded.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests, waitForStatus } from './open.ts'
import { connectionOf, endUserInput, sessionOf, startTwoOrganizationGateway } from './two-organizations.ts'
import { unknownIds } from './two-users.ts'

beforeAll(() => testDatabase())

const result = '__typename ... on Error { code message }'
const link = 'connectLink { id url ownedBy endUser { id organization { id } } connection { id } }'
const mutations = {
  disconnectConnection: `mutation ($id: ID!) { disconnectConnection(id: $id) { ${result}
    ... on DisconnectConnectionPayload { connection { id status } } } }`,
  refreshConnection: `mutation ($id: ID!) { refreshConnection(id: $id) { ${result}
    ... on RefreshConnectionPayload { connection { id status } } } }`,
  reconnectConnection: `mutation ($id: ID!, $input: ReconnectConnectionInput) {
    reconnectConnection(id: $id, input: $input) { ${result} ... on InvalidInputError { issues { path } }
    ... on CreateConnectLinkPayload { ${link} } } }`,
} as const
type MutationName = keyof typeof mutations
const names = Object.keys(mutations) as readonly MutationName[]

const payload = z.object({ connectLink: z.looseObject({ id: z.string(), url: z.string() }) })

const connectionQuery = `query ($id: ID!) { node(id: $id) { ... on Connection {
  status owner endUser { id } organization { id } ownerEvidence } } }`

describe('changes of a connection that the organization owns', () => {
  test.each(names)('%s is FORBIDDEN to sessions that may only read it', async (name) => {
    const { gateway, shared } = await startTwoOrganizationGateway()
    await awaitSyncsAndClearRequests(gateway)
    const before = await postQuery(gateway, connectionQuery, { id: shared.acme })
    const bob = await sessionOf(gateway, 'bobOfAcme', 'READ')
    expect((await bob.query(mutations[name], { id: shared.acme })).codes).toEqual(['FORBIDDEN'])
    const maker = await sessionOf(gateway, 'adaOfAcme')
    expect((await maker.query(mutations[name], { id: shared.acme })).codes).toEqual(['FORBIDDEN'])
    expect(await providerRequests(gateway)).toEqual([])
    expect(await postQuery(gateway, connectionQuery, { id: shared.acme })).toEqual(before)
    const manager = await sessionOf(gateway, 'bobOfAcme', 'MANAGE')
    const { data } = await manager.query(mutations[name], { id: shared.acme })
    expect(data?.[name]).toMatchObject({ __typename: expect.stringMatching(/Payload$/) })
  })

  test.each(names)('%s of a foreign one gives the same response as of an unknown one', async (name) => {
    const { gateway, connections, shared } = await startTwoOrganizationGateway()
    const manager = await sessionOf(gateway, 'bobOfAcme', 'MANAGE')
    const outsider = await sessionOf(gateway, 'adaOfGlobex', 'MANAGE')
    for (const [session, id] of [
      [manager, connections.adaOfAcme],
      [manager, shared.globex],
      [outsider, shared.acme],
      [outsider, connections.adaOfAcme],
      [outsider, connections.ada],
    ] as const) {
      const response = await session.query(mutations[name], { id })
      expect(response.data?.[name]).toMatchObject({ code: 'NOT_FOUND' })
      expect(response).toEqual(await session.query(mutations[name], { id: unknownIds.connection }))
    }
  })

  test('a reconnect by another end user keeps the owner and the end user', async () => {
    const { gateway, shared } = await startTwoOrganizationGateway()
    const before = await postQuery(gateway, connectionQuery, { id: shared.acme })
    const bob = await sessionOf(gateway, 'bobOfAcme', 'MANAGE')
    const { data } = await bob.query(mutations.reconnectConnection, { id: shared.acme })
    const { connectLink } = payload.parse(data?.reconnectConnection)
    expect(connectLink).toMatchObject({
      ownedBy: 'ORGANIZATION',
      endUser: { id: 'bob', organization: { id: 'acme' } },
      connection: { id: shared.acme },
    })
    await approveAndReturn(connectLink.url)
    await waitForStatus(gateway, connectLink.id, /COMPLETED/)
    expect(await postQuery(gateway, connectionQuery, { id: shared.acme })).toEqual(before)
  })

  test('that another end user is reconnecting is kept when its end user is erased', async () => {
    const { gateway, shared } = await startTwoOrganizationGateway()
    const bob = await sessionOf(gateway, 'bobOfAcme', 'MANAGE')
    const input = { guard: 'SAME_BROWSER' }
    const { data } = await bob.query(mutations.reconnectConnection, { id: shared.acme, input })
    const { connectLink } = payload.parse(data?.reconnectConnection)
    const browser = createBrowser()
    const { page } = await approveIn(browser, await openIn(browser, connectLink.url))
    expect(await eraseEndUser(gateway.connect, 'ada')).toMatchObject({ kept: 1 })
    expect(await confirm(bob, connectLink.id, { code: codeOn(page) ?? '' })).toMatchObject({
      connectLink: { status: 'COMPLETED', connection: { id: shared.acme } },
    })
  })

  test('an API key may reconnect it for another end user of the organization only', async () => {
    const gateway = await startTestGateway()
    const id = await connectionOf(gateway, 'adaOfAcme', 'ORGANIZATION')
    const reconnect = async (endUser: object) => {
      const { data } = await postQuery(gateway, mutations.reconnectConnection, { id, input: { endUser } })
      return data?.reconnectConnection
    }
    expect(await reconnect({ id: 'bob' })).toMatchObject({
      connectLink: { endUser: { id: 'bob', organization: { id: 'acme' } }, ownedBy: 'ORGANIZATION' },
    })
    expect(await reconnect(endUserInput('eveOfGlobex'))).toMatchObject({
      issues: [{ path: ['input', 'endUser', 'organization', 'id'] }],
    })
  })
})

describe('createConnectLink', () => {
  const create = String(CreateConnectLinkDocument)
  const plan = String(PlanConnectLinkDocument)
  const variables = (input: object) => ({ provider: 'PIPEDREAM', input: { connector: 'github', ...input } })
  const issuesOf = (paths: readonly (readonly string[])[]) => ({
    __typename: 'InvalidInputError',
    issues: paths.map((path) => ({ path })),
  })

  test('for an organization needs an organization', async () => {
    const gateway = await startTestGateway()
    const input = { endUser: { id: 'ada' }, ownedBy: 'ORGANIZATION' }
    const issues = issuesOf([['input', 'ownedBy']])
    expect((await postQuery(gateway, create, variables(input))).data?.createConnectLink).toMatchObject(issues)
    expect((await postQuery(gateway, plan, variables(input))).data?.planConnectLink).toMatchObject(issues)
  })

  test('for an organization needs MANAGE in a session, and other members see the connection', async () => {
    const gateway = await startTestGateway()
    const forOrganization = variables({ ownedBy: 'ORGANIZATION' })
    for (const session of [
      await sessionOf(gateway, 'ada'),
      await sessionOf(gateway, 'adaOfAcme'),
      await sessionOf(gateway, 'adaOfAcme', 'READ'),
    ]) {
      const { data } = await session.query(create, forOrganization)
      expect(data?.createConnectLink).toMatchObject(issuesOf([['input', 'ownedBy']]))
    }
    const ada = await sessionOf(gateway, 'adaOfAcme', 'MANAGE')
    const { data } = await ada.query(create, forOrganization)
    const { connectLink } = payload.parse(data?.createConnectLink)
    await approveAndReturn(connectLink.url)
    const { connection } = await waitForStatus(gateway, connectLink.id, /COMPLETED/)
    const bob = await sessionOf(gateway, 'bobOfAcme', 'READ')
    expect((await bob.query('{ connections { nodes { id owner } } }')).data).toEqual({
      connections: { nodes: [{ id: connection?.id, owner: 'ORGANIZATION' }] },
    })
  })

  test('in a session names no other organization than its own', async () => {
    const gateway = await startTestGateway()
    const [withoutOne, ofAcme] = [await sessionOf(gateway, 'ada'), await sessionOf(gateway, 'adaOfAcme')]
    const named = (id: string) => variables({ endUser: { id: 'ada', organization: { id } } })
    const foreign = issuesOf([['input', 'endUser', 'organization', 'id']])
    for (const [session, id] of [
      [withoutOne, 'acme'],
      [ofAcme, 'globex'],
    ] as const)
      expect((await session.query(create, named(id))).data?.createConnectLink).toMatchObject(foreign)
    expect((await ofAcme.query(create, named('acme'))).data?.createConnectLink).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
    })
  })

  test('has idempotency keys and duplicates for each organization', async () => {
    const gateway = await startTestGateway()
    await connectionOf(gateway, 'adaOfAcme')
    await connectionOf(gateway, 'ada')
    const keyed = variables({ idempotencyKey: 'key', duplicatePolicy: 'REUSE' })
    const createFor = async (name: 'ada' | 'adaOfAcme' | 'adaOfGlobex') => {
      const { data } = await (await sessionOf(gateway, name)).query(create, keyed)
      return data?.createConnectLink as {
        replayed: boolean
        connectLink: { connection: { id: string } | null }
      }
    }
    const [plain, acme, globex] = [
      await createFor('ada'),
      await createFor('adaOfAcme'),
      await createFor('adaOfGlobex'),
    ]
    expect([plain, acme, globex].map(({ replayed }) => replayed)).toEqual([false, false, false])
    expect(globex.connectLink.connection).toBeNull()
    expect(plain.connectLink.connection?.id).not.toBe(acme.connectLink.connection?.id)
  })
})
