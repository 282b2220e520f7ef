import { describe, expect, test } from 'vitest'
import type { CreateSessionInput } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, createConnection, createLinkOrThrow, providerRequests } from './open.ts'

const message = 'is not allowed in this session'
const issues = '... on InvalidInputError { issues { path message } }'

/** Ada's connection and open link of GitHub at Pipedream. */
async function open() {
  const gateway = await startTestGateway()
  const input = { connector: 'github', endUser: { id: 'ada' } }
  const connection = await createConnection(gateway, 'PIPEDREAM', input)
  const link = (await createLinkOrThrow(gateway, 'PIPEDREAM', input)).id
  await awaitSyncsAndClearRequests(gateway)
  return { gateway, connection, link }
}

const writes = async (gateway: TestGateway) =>
  (await providerRequests(gateway)).filter(({ method }) => method !== 'GET')

/** Every operation about a connection or a link by its ID. */
const byId = [
  ['refreshConnection', 'connection'],
  ['reconnectConnection', 'connection'],
  ['disconnectConnection', 'connection'],
  ['revokeConnectLink', 'link'],
  ['cancelConnectLinkAttempt', 'link'],
  ['handOverConnectLink', 'link'],
  ['takeBackConnectLink', 'link'],
] as const

/** Those of a link with a guard; it is opened and completed by nothing here. */
const ofGuard = {
  claimConnectLink: 'claimConnectLink(id: $id)',
  confirmConnectLink: 'confirmConnectLink(id: $id, code: "123456")',
}

test.each(Object.entries(ofGuard))('%s is refused at the ID outside the limits', async (operation, field) => {
  const gateway = await startTestGateway()
  const input = { connector: 'github', endUser: { id: 'ada' }, guard: 'SAME_BROWSER' } as const
  const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM', input)
  const document = `mutation ($id: ID!) { ${field} { __typename ${issues} } }`
  const others: readonly Partial<CreateSessionInput>[] = [
    { connectors: ['slack'] },
    { providers: ['CENSUS'] },
  ]
  for (const limits of others) {
    const { query } = await asEndUser(gateway, 'ada', limits)
    expect((await query(document, { id })).data?.[operation]).toEqual({
      __typename: 'InvalidInputError',
      issues: [{ path: ['id'], message }],
    })
  }
  const { query } = await asEndUser(gateway, 'ada', { connectors: ['github'] })
  expect((await query(document, { id })).data?.[operation]).not.toMatchObject({
    __typename: 'InvalidInputError',
  })
})

const within: readonly (readonly [name: string, limits: Partial<CreateSessionInput>])[] = [
  ['its key', { connectors: ['github'] }],
  ['the slug of its application', { connectors: ['hub-spot', 'github', 'slack'] }],
  ['its provider', { providers: ['CENSUS', 'PIPEDREAM'] }],
]
const outside: typeof within = [
  ['another key', { connectors: ['slack', '__proto__', 'constructor'] }],
  ['another provider', { providers: ['CENSUS'] }],
  ['its key with another provider', { connectors: ['github'], providers: ['CENSUS'] }],
]

describe.each(byId)('%s in a session', (operation, kind) => {
  test.each(outside)('is refused at the ID if the limits have %s', async (_, limits) => {
    const { gateway, ...ids } = await open()
    const { query } = await asEndUser(gateway, 'ada', limits)
    const document = `mutation ($id: ID!) { ${operation}(id: $id) { __typename ${issues} } }`
    const { data } = await query(document, { id: ids[kind] })
    expect(data?.[operation]).toEqual({
      __typename: 'InvalidInputError',
      issues: expect.arrayContaining([{ path: ['id'], message }]),
    })
    expect(await writes(gateway)).toEqual([])
    // Another end user's ID is answered as one that does not exist, whatever the limits are.
    const bob = await asEndUser(gateway, 'bob', limits)
    expect((await bob.query(document, { id: ids[kind] })).data?.[operation]).toEqual({
      __typename: 'NotFoundError',
    })
  })

  test.each(within)('is allowed if the limits have %s', async (_, limits) => {
    const { gateway, ...ids } = await open()
    const { query } = await asEndUser(gateway, 'ada', limits)
    const document = `mutation ($id: ID!) { ${operation}(id: $id) { __typename } }`
    const { data } = await query(document, { id: ids[kind] })
    expect(JSON.stringify(data)).toContain('Payload')
  })
})

const slackInput = '{ connector: "slack" }'
const creations = {
  createConnectLink: `mutation { result: createConnectLink(provider: PIPEDREAM, input: ${slackInput}) { ${issues} } }`,
  'createConnectLink without a provider': `mutation { result: createConnectLink(input: ${slackInput}) { ${issues} } }`,
  createConnectLinks: `mutation { result: createConnectLinks(inputs: [{ provider: PIPEDREAM, input: ${slackInput} }]) { ${issues} } }`,
  planConnectLink: `{ result: planConnectLink(provider: PIPEDREAM, input: ${slackInput}) { ${issues} } }`,
}

test.each(Object.entries(creations))('%s is refused outside the limits', async (_, document) => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const { query } = await asEndUser(gateway, 'ada', { connectors: ['github'] })
  const { text } = await query(document)
  expect(text).toContain(message)
  expect(await writes(gateway)).toEqual([])
})

test('createConnectLink accepts the slug of an application, with a provider and without one', async () => {
  const gateway = await startTestGateway()
  const { query } = await asEndUser(gateway, 'ada', { connectors: ['google-sheets'] })
  const create = (args: string) => query(`mutation { createConnectLink(${args}) { __typename ${issues} } }`)
  for (const args of [
    'provider: PIPEDREAM, input: { connector: "google_sheets" }',
    'input: { connector: "google-sheets", direction: TOOL }',
  ])
    expect((await create(args)).data).toEqual({
      createConnectLink: { __typename: 'CreateConnectLinkPayload' },
    })
  const other = await create('provider: PIPEDREAM, input: { connector: "google_calendar" }')
  expect(other.data).toMatchObject({ createConnectLink: { __typename: 'InvalidInputError' } })
})

describe('`linkable` in a session with limits', () => {
  const fields = 'provider { key } key linkable application { offers { provider { key } key linkable } }'
  const catalogue = `query ($id: ID!) { connectors(first: 100, search: "github") { nodes { id ${fields} } }
    connector(provider: PIPEDREAM, key: "slack") { ${fields} } node(id: $id) { ... on Connector { ${fields} } } }`
  const slackId = Buffer.from('Connector:PIPEDREAM:slack').toString('base64url')

  test('is false outside them, in lists, offers and nodes', async () => {
    const gateway = await startTestGateway()
    const limits = { connectors: ['github'], providers: ['PIPEDREAM'] as const }
    const { query } = await asEndUser(gateway, 'ada', { ...limits, providers: [...limits.providers] })
    const unlimited = await asEndUser(gateway, 'ada')
    await awaitSyncsAndClearRequests(gateway)
    const linkable = (text: string) =>
      [...text.matchAll(/"provider":\{"key":"(\w+)"\},"key":"([^"]+)","linkable":true/g)].map(
        ([, provider, key]) => `${provider} ${key}`,
      )
    const limited = await query(catalogue, { id: slackId })
    expect(limited.codes).toEqual([])
    expect([...new Set(linkable(limited.text))]).toEqual(['PIPEDREAM github'])
    const all = linkable((await unlimited.query(catalogue, { id: slackId })).text)
    expect(all).toEqual(expect.arrayContaining(['PIPEDREAM github', 'PIPEDREAM slack', 'FIVETRAN github']))
  })
})

test('Viewer shows the expiry and the limits of the session', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const document = '{ viewer { scopes expiresAt limits { providers connectors redirectUris } } }'
  const limits: Partial<CreateSessionInput> = {
    providers: ['CENSUS'],
    connectors: ['github', 'google-sheets'],
    redirectUris: ['https://app.example.com', 'https://app.example.com/done?x=1'],
  }
  const limited = await asEndUser(gateway, 'ada', { ...limits, permissions: ['RECONNECT'] })
  expect((await limited.query(document)).data).toEqual({
    viewer: { scopes: ['connections:reconnect'], expiresAt: limited.expiresAt, limits },
  })
  const free = await asEndUser(gateway, 'ada')
  expect((await free.query(document)).data).toMatchObject({
    viewer: { expiresAt: free.expiresAt, limits: null },
  })
})
