import { describe, expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import * as responses from '../fixtures/census.ts'
import { cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { allOf, call, openProvider } from './open.ts'

const environment = { CENSUS_API_VERSION: '1' }

const setup = {
  definition: census,
  environment,
  linkDefaults: { connectorKey: 'hubspot', connectorName: 'HubSpot', direction: 'DESTINATION' },
} as const

testProvider({
  ...setup,
  connectors: 60,
  secrets: ['secret-token:sandbox'],
  calls: {
    createLink: { method: 'POST', path: '/api/v1/destination_connect_links' },
    createReconnectLink: { method: 'POST', path: '/api/v1/destinations/' },
    revokeLink: { method: 'POST', path: '/revoke' },
    checkLink: { method: 'GET', path: '/api/v1/destination_connect_links/' },
    getConnection: { method: 'GET', path: '/api/v1/destinations/' },
    listConnections: { method: 'GET', path: '/api/v1/destinations' },
    listConnectors: { method: 'GET', path: '/api/v1/' },
    disconnect: { method: 'DELETE', path: '/api/v1/destinations/' },
  },
  absent: {
    checkLink: {
      kind: 'ended',
      status: 'FAILED',
      reason: 'LINK_GONE_AT_PROVIDER',
      failure: { code: 'REMOVED_AT_PROVIDER', message: null },
    },
    getConnection: null,
    disconnect: false,
    revokeLink: false,
  },
  revocation: {
    repeated: true,
    progress: { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' },
    missing: [{ remoteLinkId: '404404' }, { remoteLinkId: null }],
  },
})

const source = { connectorKey: 'snowflake', direction: 'SOURCE' } as const

test('a source link creates a source', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const { url, link } = await provider.openLink(source)
  await provider.decide(url, 'approve')
  const connection = onlyConnection(await adapter.checkLink(link, call))
  expect(connection).toMatchObject(source)
  expect(await adapter.getConnection(connection, call)).toEqual(connection)
  expect(await adapter.disconnect?.(connection, call)).toBe(true)
  expect(await adapter.getConnection(connection, call)).toBeNull()
})

test('listConnections returns destinations and sources with their direction', async () => {
  const provider = await openProvider(setup)
  for (const overrides of [{}, source]) {
    const { url } = await provider.openLink(overrides)
    await provider.decide(url, 'approve')
  }
  const listed = await provider.connections()
  // Oldest first, so that connections created during the listing come last.
  const lists = (await provider.requests()).filter(({ method }) => method === 'GET')
  expect(lists.every(({ path }) => path.endsWith('?page=1&per_page=100&order=asc'))).toBe(true)
  expect(listed).toMatchObject([{ direction: 'DESTINATION', connectorKey: 'hubspot' }, source])
})

test('a connector that is a destination and a source has both directions', async () => {
  const provider = await openProvider(setup)
  const connector = (await provider.connectors()).find(({ key }) => key === 'snowflake')
  expect(connector?.directions).toEqual(['DESTINATION', 'SOURCE'])
})

test('createLink sends one request and reports the group as an ignored option', async () => {
  const provider = await openProvider(setup)
  const { ignoredOptions, remoteGroup, expiry } = await provider.openLink({
    options: { groupId: 'g' },
  })
  expect(ignoredOptions).toMatchObject([{ path: ['census', 'groupId'] }])
  expect(remoteGroup).toBeNull()
  expect(expiry).toEqual({ at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER' })
  expect((await provider.requests()).map(({ body }) => body)).toEqual([
    { type: 'hubspot', redirect_uri: 'https://app.example.com/return?state=1' },
  ])
})

describe('a link that has created no connection', () => {
  test('ends when it is revoked', async () => {
    const { adapter, sandbox, ...provider } = await openProvider(setup)
    const { link } = await provider.openLink()
    await fetch(`${sandbox.url}census/api/v1/destination_connect_links/${link.remoteLinkId}/revoke`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-token:sandbox' },
    })
    const ended = { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
    expect(await adapter.checkLink(link, call)).toEqual(ended)
  })

  test('ends after one day', async () => {
    const { adapter, ...provider } = await openProvider(setup)
    const { link } = await provider.openLink()
    provider.advance(86_401)
    const ended = { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
    expect(await adapter.checkLink(link, call)).toEqual(ended)
  })
})

test('a link is recognized with another API key by its return URL: another workspace may use its number', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  for (const overrides of [{}, source]) {
    const { link } = await provider.openLink(overrides)
    const other = await provider.openLink({
      ...overrides,
      redirectUri: 'https://app.example.com/return?state=2',
    })
    const recognizes = (changes: Partial<typeof link>) =>
      adapter.recognizesLink?.({ ...link, ...changes }, [], call)
    expect(await recognizes({})).toBe(true)
    expect(await recognizes({ remoteLinkId: other.link.remoteLinkId })).toBe(false)
    expect(await recognizes({ remoteLinkId: '404404' })).toBe(false)
    // Links of earlier releases have no such state.
    expect(await recognizes({ providerState: null })).toBe(false)
  }
})

test('a link that was used before its expiry is completed after it', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  provider.advance(86_401)
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
})

test('a type that does not support links is rejected', async () => {
  const provider = await openProvider(setup)
  const failing = provider.openLink({ connectorKey: 'no_such_type' })
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})

const canned = (more: Record<string, unknown>) =>
  cannedProvider(
    census,
    {
      'GET /api/v1/destinations/12': responses.destination,
      'GET /api/v1/destinations/13': responses.failedDestination,
      'GET /api/v1/destinations': { status: 'success', data: [responses.destination.data] },
      'GET /api/v1/sources': responses.sources,
      'GET /api/v1/connectors': responses.connectors,
      'GET /api/v1/source_types': responses.sourceTypes,
      ...more,
    },
    environment,
  )

test('reads published connections with and without a type', async () => {
  const adapter = await canned({})
  const read = (remoteId: string) =>
    adapter.getConnection(reference({ remoteId, direction: 'DESTINATION', connectorKey: 'sheets' }), call)
  expect(await read('12')).toMatchObject({ remoteId: '12', connectorKey: 'sheets', status: 'ACTIVE' })
  const failed = await read('13')
  expect(failed).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'NEEDS_REAUTH' })
  expect(failed?.healthMessage).toContain('Verify permissions')
  expect(failed?.healthMessage).not.toContain('7515011393')
  expect(await allOf(adapter.listConnections([], call))).toMatchObject([
    { remoteId: '12', direction: 'DESTINATION', connectorKey: 'unknown', status: 'ACTIVE' },
    { remoteId: '4', direction: 'SOURCE', connectorKey: 'snowflake', status: 'PENDING' },
    { remoteId: '12', direction: 'SOURCE', connectorKey: 'big_query', health: 'OK' },
  ])
})

test('reads published types, and only sources of a workspace without destination types', async () => {
  expect(await allOf((await canned({})).listConnectors(call))).toMatchObject([
    { key: 'braze', directions: ['DESTINATION'], auth: 'KEYS', linkable: true },
    { key: 'snowflake', directions: ['DESTINATION', 'SOURCE'], auth: 'KEYS', linkable: true },
  ])
  const withoutDestinations = await canned({ 'GET /api/v1/connectors': status(404, { status: 404 }) })
  expect(await allOf(withoutDestinations.listConnectors(call))).toMatchObject([
    { key: 'snowflake', directions: ['SOURCE'] },
  ])
})

test('does not request a next page that does not advance', async () => {
  const page = {
    status: 'success',
    data: [responses.destination.data],
    pagination: { page: 1, next_page: 1 },
  }
  const adapter = await canned({
    'GET /api/v1/destinations': page,
    'GET /api/v1/sources': responses.sources,
  })
  expect(await allOf(adapter.listConnections([], call))).toHaveLength(3)
})

test.each([
  ['2026-11-23T10:00:00Z', { at: new Date('2026-11-23T10:00:00Z'), source: 'PROVIDER' }],
  ['some day', { at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER_DEFAULT' }],
  [undefined, { at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER_DEFAULT' }],
])('reads the expiration %s', async (expiration, expiry) => {
  const data = { ...responses.destinationLink, expiration }
  const adapter = await canned({ 'POST /api/v1/destination_connect_links': status(201, { data }) })
  const request = linkRequest({ direction: 'DESTINATION' })
  expect(await adapter.createLink(request, call)).toMatchObject({ expiry, remoteLinkId: '469' })
})

test('a link with expired: true has ended regardless of its expiration', async () => {
  const data = { ...responses.destinationLink, expired: true }
  const adapter = await canned({ 'GET /api/v1/destination_connect_links/469': { data } })
  const link = openLink({ direction: 'DESTINATION', remoteLinkId: '469' })
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'ended', status: 'EXPIRED' })
})

test('a 404 that mentions the workspace is not reported as a missing connector', async () => {
  const notFound = status(404, { status: 404, message: 'Workspace not found' })
  const adapter = await canned({ 'POST /api/v1/destination_connect_links': notFound })
  const failing = adapter.createLink(linkRequest({ direction: 'DESTINATION' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})
