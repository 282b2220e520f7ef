import { describe, expect, test } from 'vitest'
import { allSessionGrants, type SessionGrant } from '../../src/domain/permissions.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { asApiKey } from './as-api-key.ts'
import { asEndUser } from './as-end-user.ts'
import { createConnection, createLinkOrThrow } from './open.ts'
import { openStream } from './subscribe.ts'

const input = '{ connector: "github" }'

/** For each grant, what only a session with it may do. `$c`: a connection, `$l`: a link of the end user. */
const operations: Readonly<Record<SessionGrant, readonly string[]>> = {
  LINK: [
    `mutation { createConnectLink(provider: PIPEDREAM, input: ${input}) { __typename } }`,
    `mutation { createConnectLink(input: ${input}) { __typename } }`,
    `mutation { createConnectLinks(inputs: [{ provider: PIPEDREAM, input: ${input} }]) { __typename } }`,
    `{ planConnectLink(provider: PIPEDREAM, input: ${input}) { __typename } }`,
    'mutation ($l: ID!) { cancelConnectLinkAttempt(id: $l) { __typename } }',
    'mutation ($l: ID!) { handOverConnectLink(id: $l) { __typename } }',
    'mutation ($l: ID!) { takeBackConnectLink(id: $l) { __typename } }',
    'mutation ($l: ID!) { revokeConnectLink(id: $l) { __typename } }',
  ],
  RECONNECT: ['mutation ($c: ID!) { reconnectConnection(id: $c) { __typename } }'],
  DISCONNECT: ['mutation ($c: ID!) { disconnectConnection(id: $c) { __typename } }'],
  READ: [
    '{ connections { totalCount } }',
    '{ connectLinks { totalCount } }',
    'query ($l: ID!) { connectLink(id: $l) { id } }',
    'mutation ($c: ID!) { refreshConnection(id: $c) { __typename } }',
  ],
}

async function open() {
  const gateway = await startTestGateway()
  const endUser = { id: 'ada' }
  const variables = {
    c: await createConnection(gateway, 'PIPEDREAM', { endUser }),
    l: (await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser })).id,
  }
  return { gateway, variables, endUser }
}

/** The declared variables only: others would be refused. */
const used = (document: string, variables: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => document.includes(`$${name}:`)))

describe.each(allSessionGrants)('without the permission %s', (grant) => {
  test('a session is FORBIDDEN what it allows, and may do the rest', async () => {
    const { gateway, variables } = await open()
    const others = allSessionGrants.filter((one) => one !== grant)
    const without = await asEndUser(gateway, 'ada', { permissions: others })
    for (const document of operations[grant]) {
      const { codes, text } = await without.query(document, used(document, variables))
      expect({ document, codes }).toEqual({ document, codes: ['FORBIDDEN'] })
      expect(text).toMatch(/The permission \\"[a-z:]+\\" is required/)
    }
    const only = await asEndUser(gateway, 'ada', { permissions: [grant] })
    for (const document of operations[grant]) {
      const { codes } = await only.query(document, used(document, variables))
      expect({ document, codes }).toEqual({ document, codes: [] })
    }
  })
})

test('without READ, neither nodes, nor the connection of a link, nor subscriptions are readable', async () => {
  const { gateway, variables, endUser } = await open()
  const { query, headers } = await asEndUser(gateway, 'ada', { permissions: ['LINK'] })
  const nodes = 'query ($c: ID!, $l: ID!) { nodes(ids: [$c, $l]) { id } }'
  expect((await query(nodes, variables)).data).toEqual({ nodes: [null, null] })

  const reuse = `mutation { createConnectLink(provider: PIPEDREAM, input: {
    connector: "github", duplicatePolicy: REUSE }) { ... on CreateConnectLinkPayload {
    connectLink { status connection { name } } } } }`
  const { data, codes } = await query(reuse)
  expect(data).toEqual({ createConnectLink: { connectLink: { status: 'COMPLETED', connection: null } } })
  expect(codes).toEqual(['FORBIDDEN'])

  for (const field of ['connectLinkUpdated', 'connectionUpdated']) {
    const stream = await openStream(gateway, { query: `subscription { ${field} { id } }`, headers })
    const text = await stream.toItsEnd()
    expect(text).toContain('FORBIDDEN')
    expect(text).not.toContain(endUser.id)
  }
})

test.each([
  [['connections:write'], []],
  [['connections:reconnect'], []],
  [['connections:read'], ['FORBIDDEN']],
])('an API key with %j reconnects: %j', async (scopes, codes) => {
  const { gateway, variables } = await open()
  const { query } = await asApiKey(gateway, { name: 'Backend', scopes })
  const [document = ''] = operations.RECONNECT
  expect((await query(document, used(document, variables))).codes).toEqual(codes)
})

test('a session may not do more than all four permissions allow', async () => {
  const { query } = await asEndUser(await startTestGateway({ env: { SANDBOX: 'off' } }), 'ada')
  const documents = [
    'mutation { revokeSessions(endUserId: "bob") { __typename } }',
    'mutation { createSession(input: { endUser: { id: "bob" } }) { __typename } }',
    'mutation { assignConnection(id: "x") { __typename } }',
    'mutation { refreshConnectors { __typename } }',
  ]
  for (const document of documents) expect(await query(document)).toMatchObject({ codes: ['FORBIDDEN'] })
})
