import { describe, expect, test } from 'vitest'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { connectionDeleted } from '../../src/providers/link-failure.ts'
import * as responses from '../fixtures/fivetran.ts'
import { cannedProvider, linkRequest, reference, status } from './canned.ts'
import { testProvider } from './contract.ts'
import { allOf, call, openProvider, readAll, type TestProvider } from './open.ts'

const setup = {
  definition: fivetran,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

testProvider({
  ...setup,
  connectors: 700,
  secrets: ['sandbox-secret', Buffer.from('sandbox-key:sandbox-secret').toString('base64')],
  calls: {
    createLink: { method: 'POST', path: '/v1/connections' },
    createReconnectLink: { method: 'POST', path: '/connect-card' },
    checkLink: { method: 'GET', path: '/v1/connections/' },
    getConnection: { method: 'GET', path: '/v1/connections/' },
    listConnections: { method: 'GET', path: '/v1/groups/sandbox_group/connections' },
    listConnectors: { method: 'GET', path: '/v1/metadata/connector-types' },
    disconnect: { method: 'DELETE', path: '/v1/connections/' },
  },
  absent: {
    checkLink: connectionDeleted,
    getConnection: null,
    disconnect: false,
  },
})

const requestsSent = async ({ requests }: TestProvider) =>
  (await requests()).map(({ method, path }) => `${method} ${path.split('?')[0]?.replace('/fivetran', '')}`)

test('createLink sends one request that creates a paused, incomplete connection with its card', async () => {
  const provider = await openProvider(setup)
  const { pendingConnection, expiry, remoteGroup } = await provider.openLink()
  expect(pendingConnection).toMatchObject({ status: 'PENDING', connectorKey: 'github' })
  expect(remoteGroup).toBe('sandbox_group')
  expect(expiry).toEqual({ at: new Date('2026-11-23T12:00:00Z'), source: 'TOKEN_CLAIM' })
  const [request, ...others] = await provider.requests()
  expect(others).toEqual([])
  expect(request?.body).toMatchObject({
    group_id: 'sandbox_group',
    service: 'github',
    paused: true,
    run_setup_tests: false,
    destination_schema_names: 'FIVETRAN_NAMING',
    connect_card_config: { redirect_uri: 'https://app.example.com/return?state=1' },
  })
})

test.each([
  ['github', ['schema']],
  ['google_sheets', ['schema', 'table']],
  ['postgres', ['schema_prefix']],
  ['s3', ['schema', 'table_group_name']],
])('the naming fields of %s are %s, with the same values for the same link', async (connectorKey, fields) => {
  const first = await openProvider(setup)
  const second = await openProvider(setup)
  const overrides = { connectorKey, linkId: 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f' }
  await first.openLink(overrides)
  await second.openLink(overrides)
  const config = (await first.requests())[0]?.body.config
  expect(Object.keys(config)).toEqual(fields)
  expect((await second.requests())[0]?.body.config).toEqual(config)
})

test('names from options use the fields of the naming family; an unsupported table is reported', async () => {
  const provider = await openProvider(setup)
  const sheets = await provider.openLink({
    connectorKey: 'google_sheets',
    options: { schema: 'mine', table: 'rows' },
  })
  const github = await provider.openLink({ options: { schema: 'other', table: 'rows' } })
  const configs = (await provider.requests()).map(({ body }) => body.config)
  expect(configs).toEqual([{ schema: 'mine', table: 'rows' }, { schema: 'other' }])
  expect(sheets.ignoredOptions).toEqual([])
  expect(github.ignoredOptions).toMatchObject([{ path: ['fivetran', 'table'] }])
})

describe('createLink when the response contains no card', () => {
  /** Creates a connection that the next POST returns as if it had just been created without a card. */
  async function responseWithoutCard() {
    const provider = await openProvider(setup)
    const { pendingConnection } = await provider.openLink()
    const id = pendingConnection?.remoteId ?? ''
    await provider.clearRequests()
    const body = { code: 'Success', data: { ...responses.incompleteConnection, id } }
    await provider.fault({ method: 'POST', path: '/v1/connections', times: 1, status: 201, body })
    return { provider, id }
  }

  test('creates a card', async () => {
    const { provider, id } = await responseWithoutCard()
    const { url } = await provider.openLink()
    expect((await fetch(url)).status).toBe(200)
    expect(await requestsSent(provider)).toEqual([
      'POST /v1/connections',
      `POST /v1/connections/${id}/connect-card`,
    ])
  })

  test('deletes the connection if the card cannot be created', async () => {
    const { provider, id } = await responseWithoutCard()
    await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
    await expect(provider.openLink()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect((await requestsSent(provider)).at(-1)).toBe(`DELETE /v1/connections/${id}`)
    const deleted = reference({ remoteId: id, direction: 'SOURCE' })
    expect(await provider.adapter.getConnection(deleted, call)).toBeNull()
  })

  test('throws an error with the connection ID if the connection cannot be deleted either', async () => {
    const { provider, id } = await responseWithoutCard()
    await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
    await provider.fault({ method: 'DELETE', status: 500 })
    await expect(provider.openLink()).rejects.toThrow(`"${id}"`)
  })
})

test('a card with an untrusted URL is rejected and its connection deleted', async () => {
  const connect_card = { token: 'token', uri: 'https://fivetran.com.example/setup?auth=token' }
  const created = { ...responses.incompleteConnection, connect_card }
  const adapter = await cannedProvider(fivetran, {
    'POST /v1/connections': status(201, { code: 'Success', data: created }),
    'DELETE /v1/connections/speak_inexpensive': { code: 'Success' },
  })
  const failing = adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  await expect(failing).rejects.not.toThrow('speak_inexpensive')
})

test('startConnection unpauses and syncs the connection unless startSync is false', async () => {
  const provider = await openProvider(setup)
  const { adapter } = provider
  for (const startSync of [true, false]) {
    const { url, link } = await provider.openLink({ options: { startSync } })
    await provider.decide(url, 'approve')
    const progress = await adapter.checkLink(link, call)
    if (progress.kind !== 'completed') throw new Error('not completed')
    expect(progress.connection.status).toBe('PAUSED')
    await provider.clearRequests()
    const started = await adapter.startConnection?.(progress.connection, link.providerState, call)
    expect(started?.status).toBe(startSync ? 'ACTIVE' : 'PAUSED')
    const path = `/v1/connections/${progress.connection.remoteId}`
    expect(await requestsSent(provider)).toEqual(
      startSync ? [`PATCH ${path}`, `POST ${path}/sync`, `GET ${path}`] : [],
    )
  }
})

test('listConnections includes the groups of links and skips a group that does not exist', async () => {
  const provider = await openProvider(setup, { connections: 3 })
  expect(await provider.connections(['gone_group', 'sandbox_group'])).toHaveLength(3)
  expect(await requestsSent(provider)).toEqual([
    'GET /v1/groups/sandbox_group/connections',
    'GET /v1/groups/gone_group/connections',
  ])
})

test('an unreadable row belongs to the group of its list', async () => {
  const list = (...items: unknown[]) => ({ code: 'Success', data: { items } })
  const adapter = await cannedProvider(fivetran, {
    'GET /v1/groups/sandbox_group/connections': list(responses.connectedConnection, { id: 'ours' }),
    'GET /v1/groups/other_group/connections': list(null, responses.incompleteConnection),
  })
  expect(await readAll(adapter.listConnections(['other_group'], call))).toMatchObject({
    items: [{ remoteId: 'interchangeable_revenge' }, { remoteId: 'speak_inexpensive' }],
    skipped: [
      { id: 'ours', group: 'sandbox_group', problems: ['service: invalid_type'] },
      { id: null, group: 'other_group', problems: ['(row): invalid_type'] },
    ],
  })
})

test('reads published responses', async () => {
  const odd = { ...responses.connectedConnection, id: 'odd', status: { setup_state: 'from_the_future' } }
  const adapter = await cannedProvider(fivetran, {
    'GET /v1/connections/a': { code: 'Success', data: responses.incompleteConnection },
    'GET /v1/connections/b': { code: 'Success', data: responses.connectedConnection },
    'GET /v1/connections/c': { code: 'Success', data: odd },
    'GET /v1/connections/d': status(404, responses.notFound),
    'GET /v1/metadata/connector-types': responses.connectorTypes,
    'POST /v1/connections': status(201, { code: 'Success', data: responses.incompleteConnection }),
    'POST /v1/connections/speak_inexpensive/connect-card': responses.connectCard,
  })
  const read = (remoteId: string) => adapter.getConnection(reference({ remoteId, direction: 'SOURCE' }), call)
  expect(await read('a')).toMatchObject({ status: 'PENDING', health: 'NEEDS_CONFIG', name: 'criteo' })
  expect(await read('b')).toMatchObject({
    status: 'ACTIVE',
    health: 'OK',
    createdAt: new Date('2021-03-05T22:58:56.238Z'),
  })
  expect(await read('c')).toMatchObject({ status: 'UNKNOWN', health: 'UNKNOWN' })
  expect(await read('d')).toBeNull()
  expect(await allOf(adapter.listConnectors(call))).toMatchObject([
    { key: '15five', categories: ['HumanResources'], auth: 'KEYS', linkable: true },
    { key: 'google_ads', auth: 'OAUTH', linkable: false, logoUrl: null },
  ])
  // The token has no readable claims: the expiry is the documented lifetime of one day.
  expect(await adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)).toMatchObject({
    url: responses.connectCard.data.connect_card.uri,
    expiry: { at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER_DEFAULT' },
  })
})

describe('a connected connection with an open task', () => {
  const read = async (status: object, more: object = {}) => {
    const data = { ...responses.connectedConnection, ...more }
    const response = { code: 'Success', data: { ...data, status: { ...data.status, ...status } } }
    const adapter = await cannedProvider(fivetran, { 'GET /v1/connections/a': response })
    return adapter.getConnection(reference({ remoteId: 'a', direction: 'SOURCE' }), call)
  }
  const warehouse = { code: 'reconnect_warehouse', message: 'Reconnect the warehouse', details: ['any'] }

  test('other than "reconnect" needs attention, with the message of the task', async () => {
    expect(await read({ tasks: [warehouse] })).toMatchObject({
      status: 'NEEDS_ATTENTION',
      health: 'DEGRADED',
      healthMessage: 'Fivetran reports an open task: Reconnect the warehouse',
    })
    expect(await read({ tasks: [{ code: 'new_code', message: null }] })).toMatchObject({
      health: 'DEGRADED',
      healthMessage: 'Fivetran reports an open task: new_code',
    })
  })

  test('stays paused if it is paused', async () => {
    expect(await read({ tasks: [warehouse] }, { paused: true })).toMatchObject({
      status: 'PAUSED',
      health: 'DEGRADED',
    })
  })

  test('that is "reconnect" needs a new authorization, whatever other tasks there are', async () => {
    const reconnect = { code: 'reconnect', message: 'Reconnect' }
    expect(await read({ tasks: [reconnect] })).toMatchObject({ status: 'ACTIVE', health: 'NEEDS_REAUTH' })
    expect(await read({ tasks: [warehouse, reconnect] })).toMatchObject({
      status: 'NEEDS_ATTENTION',
      health: 'NEEDS_REAUTH',
    })
  })

  test('does not show a link with a token, nor a message of any length', async () => {
    const message = `See https://fivetran.com/x?auth=LEAK ${'again '.repeat(100)}`
    const connection = await read({ tasks: [{ code: 'x', message }] })
    expect(connection?.healthMessage).toMatch(/https:\/\/fivetran.com\/\[redacted\] again/)
    expect(connection?.healthMessage?.length).toBeLessThanOrEqual(500)
  })
})

test.each([
  ['a string', 'LEAK'],
  ['a list', ['LEAK', { deep: 'LEAK' }]],
  ['an object', { user: 'LEAK' }],
  ['null', null],
])(
  'set-up tests are read whose details are %s; only the titles of failed ones are shown',
  async (_, details) => {
    const setup_tests = [
      { title: 'Validate Login', status: 'FAILED', message: 'LEAK', details },
      { title: 'Connect', status: 'PASSED', message: '', details },
      { title: 'Read', status: 'JOB_FAILED', details },
    ]
    const data = { ...responses.incompleteConnection, setup_tests }
    const adapter = await cannedProvider(fivetran, { 'GET /v1/connections/a': { code: 'Success', data } })
    expect(
      await adapter.getConnection(reference({ remoteId: 'a', direction: 'SOURCE' }), call),
    ).toMatchObject({
      status: 'PENDING',
      health: 'NEEDS_CONFIG',
      healthMessage: 'Set-up tests failed: "Validate Login", "Read".',
    })
  },
)

test('an error contains the code of the provider', async () => {
  const adapter = await cannedProvider(fivetran, {
    'POST /v1/connections': status(429, responses.tooMany, { 'retry-after': '3600' }),
  })
  await expect(adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    providerErrorCode: 'TooManyRequests',
    retryAfterSeconds: 3600,
  })
})
