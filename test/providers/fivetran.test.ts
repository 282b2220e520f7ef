import { describe, expect, test } from 'vitest'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import * as answers from '../fixtures/fivetran.ts'
import { cannedProvider, linkRequest, reference, status } from './canned.ts'
import { testProvider } from './contract.ts'
import { allOf, call, type Opened, openProvider } from './open.ts'

const setting = {
  definition: fivetran,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'SOURCE' },
} as const

testProvider({
  ...setting,
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
    checkLink: { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' },
    getConnection: null,
    disconnect: false,
  },
})

const sent = async ({ requests }: Opened) =>
  (await requests()).map(({ method, path }) => `${method} ${path.split('?')[0]?.replace('/fivetran', '')}`)

test('a link is one call that makes a paused, half-made connection with its card', async () => {
  const provider = await openProvider(setting)
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
])('the naming fields of %s are %s, the same for the same link', async (connectorKey, fields) => {
  const first = await openProvider(setting)
  const second = await openProvider(setting)
  const wish = { connectorKey, linkId: 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f' }
  await first.openLink(wish)
  await second.openLink(wish)
  const config = (await first.requests())[0]?.body.config
  expect(Object.keys(config)).toEqual(fields)
  expect((await second.requests())[0]?.body.config).toEqual(config)
})

test('chosen names go where the family keeps them, and a table without a place comes back', async () => {
  const provider = await openProvider(setting)
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

describe('when the answer to a new connection holds no card', () => {
  /** A connection that is there, answered by the next POST as if it had just been made without a card. */
  async function withoutCard() {
    const provider = await openProvider(setting)
    const { pendingConnection } = await provider.openLink()
    const id = pendingConnection?.remoteId ?? ''
    await provider.forgetRequests()
    const body = { code: 'Success', data: { ...answers.incompleteConnection, id } }
    await provider.fault({ method: 'POST', path: '/v1/connections', times: 1, status: 201, body })
    return { provider, id }
  }

  test('one is asked for', async () => {
    const { provider, id } = await withoutCard()
    const { url } = await provider.openLink()
    expect((await fetch(url)).status).toBe(200)
    expect(await sent(provider)).toEqual(['POST /v1/connections', `POST /v1/connections/${id}/connect-card`])
  })

  test('and none can be had, the connection is deleted again', async () => {
    const { provider, id } = await withoutCard()
    await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
    await expect(provider.openLink()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect((await sent(provider)).at(-1)).toBe(`DELETE /v1/connections/${id}`)
    const gone = reference({ remoteId: id, direction: 'SOURCE' })
    expect(await provider.adapter.getConnection(gone, call)).toBeNull()
  })

  test('and it cannot be deleted either, the error names it', async () => {
    const { provider, id } = await withoutCard()
    await provider.fault({ method: 'POST', path: '/connect-card', status: 500 })
    await provider.fault({ method: 'DELETE', status: 500 })
    await expect(provider.openLink()).rejects.toThrow(`"${id}"`)
  })
})

test('a card that leads elsewhere is not handed on, and its connection is deleted', async () => {
  const connect_card = { token: 'token', uri: 'https://fivetran.com.example/setup?auth=token' }
  const made = { ...answers.incompleteConnection, connect_card }
  const removed = { code: 'Success' }
  const adapter = await cannedProvider(fivetran, {
    'POST /v1/connections': status(201, { code: 'Success', data: made }),
    'DELETE /v1/connections/speak_inexpensive': removed,
  })
  const failing = adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  await expect(failing).rejects.not.toThrow('speak_inexpensive')
})

test('a finished connection is unpaused and synced, unless that is not wanted', async () => {
  const provider = await openProvider(setting)
  const { adapter } = provider
  for (const startSync of [true, false]) {
    const made = await provider.openLink({ options: { startSync } })
    await provider.decide(made.url, 'approve')
    const progress = await adapter.checkLink(made.link, call)
    if (progress.kind !== 'completed') throw new Error('not completed')
    expect(progress.connection.status).toBe('PAUSED')
    await provider.forgetRequests()
    const started = await adapter.startConnection?.(progress.connection, made.link.providerState, call)
    expect(started?.status).toBe(startSync ? 'ACTIVE' : 'PAUSED')
    const path = `/v1/connections/${progress.connection.remoteId}`
    expect(await sent(provider)).toEqual(
      startSync ? [`PATCH ${path}`, `POST ${path}/sync`, `GET ${path}`] : [],
    )
  }
})

test('the groups of links are listed too, and one that has gone is passed over', async () => {
  const provider = await openProvider(setting, { connections: 3 })
  expect(await provider.connections(['gone_group', 'sandbox_group'])).toHaveLength(3)
  expect(await sent(provider)).toEqual([
    'GET /v1/groups/sandbox_group/connections',
    'GET /v1/groups/gone_group/connections',
  ])
})

test('published answers are read', async () => {
  const odd = { ...answers.connectedConnection, id: 'odd', status: { setup_state: 'from_the_future' } }
  const adapter = await cannedProvider(fivetran, {
    'GET /v1/connections/a': { code: 'Success', data: answers.incompleteConnection },
    'GET /v1/connections/b': { code: 'Success', data: answers.connectedConnection },
    'GET /v1/connections/c': { code: 'Success', data: odd },
    'GET /v1/connections/d': status(404, answers.notFound),
    'GET /v1/metadata/connector-types': answers.connectorTypes,
    'POST /v1/connections': status(201, { code: 'Success', data: answers.incompleteConnection }),
    'POST /v1/connections/speak_inexpensive/connect-card': answers.connectCard,
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
  // A token without readable claims: the expiry is the documented day.
  expect(await adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)).toMatchObject({
    url: answers.connectCard.data.connect_card.uri,
    expiry: { at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER_DEFAULT' },
  })
})

test('its own code comes along when it refuses', async () => {
  const adapter = await cannedProvider(fivetran, {
    'POST /v1/connections': status(429, answers.tooMany, { 'retry-after': '3600' }),
  })
  await expect(adapter.createLink(linkRequest({ direction: 'SOURCE' }), call)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    providerErrorCode: 'TooManyRequests',
    retryAfterSeconds: 3600,
  })
})
