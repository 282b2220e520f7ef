import { describe, expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import * as answers from '../fixtures/census.ts'
import { cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { allOf, call, openProvider } from './open.ts'

const environment = { CENSUS_API_VERSION: '1' }

const setting = {
  definition: census,
  environment,
  standard: { connectorKey: 'hubspot', connectorName: 'HubSpot', direction: 'DESTINATION' },
} as const

testProvider({
  ...setting,
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
    checkLink: { kind: 'ended', status: 'FAILED', reason: 'LINK_GONE_AT_PROVIDER' },
    getConnection: null,
    disconnect: false,
    revokeLink: false,
  },
})

const source = { connectorKey: 'snowflake', direction: 'SOURCE' } as const

test('a source is connected through a link of its own kind', async () => {
  const { adapter, ...provider } = await openProvider(setting)
  const { url, link } = await provider.openLink(source)
  await provider.decide(url, 'approve')
  const connection = onlyConnection(await adapter.checkLink(link, call))
  expect(connection).toMatchObject(source)
  expect(await adapter.getConnection(connection, call)).toEqual(connection)
  expect(await adapter.disconnect?.(connection, call)).toBe(true)
  expect(await adapter.getConnection(connection, call)).toBeNull()
})

test('destinations and sources are listed with their direction and counted separately', async () => {
  const provider = await openProvider(setting)
  for (const wish of [{}, source]) {
    const { url } = await provider.openLink(wish)
    await provider.decide(url, 'approve')
  }
  const listed = await provider.connections()
  // Oldest first, so that what is made during the walk comes last.
  const lists = (await provider.requests()).filter(({ method }) => method === 'GET')
  expect(lists.every(({ path }) => path.endsWith('?page=1&per_page=100&order=asc'))).toBe(true)
  expect(listed).toMatchObject([{ direction: 'DESTINATION', connectorKey: 'hubspot' }, source])
})

test('a connector that is both has both directions', async () => {
  const provider = await openProvider(setting)
  const found = (await provider.connectors()).find(({ key }) => key === 'snowflake')
  expect(found?.directions).toEqual(['DESTINATION', 'SOURCE'])
})

test('a link is one call, and a group is not among the things that it can have', async () => {
  const provider = await openProvider(setting)
  const { ignoredOptions, remoteGroup, expiry, providerState } = await provider.openLink({
    options: { groupId: 'g' },
  })
  expect(ignoredOptions).toMatchObject([{ path: ['census', 'groupId'] }])
  expect({ remoteGroup, providerState }).toEqual({ remoteGroup: null, providerState: null })
  expect(expiry).toEqual({ at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER' })
  expect((await provider.requests()).map(({ body }) => body)).toEqual([
    { type: 'hubspot', redirect_uri: 'https://app.example.com/return?state=1' },
  ])
})

describe('a link that has made nothing', () => {
  test('has ended when it is revoked', async () => {
    const { adapter, sandbox, ...provider } = await openProvider(setting)
    const { link } = await provider.openLink()
    await fetch(`${sandbox.url}census/api/v1/destination_connect_links/${link.remoteLinkId}/revoke`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-token:sandbox' },
    })
    const ended = { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
    expect(await adapter.checkLink(link, call)).toEqual(ended)
  })

  test('has ended when its day is over', async () => {
    const { adapter, ...provider } = await openProvider(setting)
    const { link } = await provider.openLink()
    provider.advance(86_401)
    const ended = { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
    expect(await adapter.checkLink(link, call)).toEqual(ended)
  })
})

test('a link that was used in time is completed although it has expired since', async () => {
  const { adapter, ...provider } = await openProvider(setting)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  provider.advance(86_401)
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
})

test('a type that may not be linked is a refusal', async () => {
  const provider = await openProvider(setting)
  const failing = provider.openLink({ connectorKey: 'no_such_type' })
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})

const canned = (more: Record<string, unknown>) =>
  cannedProvider(
    census,
    {
      'GET /api/v1/destinations/12': answers.destination,
      'GET /api/v1/destinations/13': answers.failedDestination,
      'GET /api/v1/destinations': { status: 'success', data: [answers.destination.data] },
      'GET /api/v1/sources': answers.sources,
      'GET /api/v1/connectors': answers.connectors,
      'GET /api/v1/source_types': answers.sourceTypes,
      ...more,
    },
    environment,
  )

test('published connections are read, with or without a type', async () => {
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

test('published types are read, and a workspace without destination types has sources alone', async () => {
  expect(await allOf((await canned({})).listConnectors(call))).toMatchObject([
    { key: 'braze', directions: ['DESTINATION'], auth: 'KEYS', linkable: true },
    { key: 'snowflake', directions: ['DESTINATION', 'SOURCE'], auth: 'KEYS', linkable: true },
  ])
  const withoutDestinations = await canned({ 'GET /api/v1/connectors': status(404, { status: 404 }) })
  expect(await allOf(withoutDestinations.listConnectors(call))).toMatchObject([
    { key: 'snowflake', directions: ['SOURCE'] },
  ])
})

test('a next page that does not advance is not asked for', async () => {
  const page = { status: 'success', data: [answers.destination.data], pagination: { page: 1, next_page: 1 } }
  const adapter = await canned({
    'GET /api/v1/destinations': page,
    'GET /api/v1/sources': answers.sources,
  })
  expect(await allOf(adapter.listConnections([], call))).toHaveLength(3)
})

test.each([
  ['2026-11-23T10:00:00Z', { at: new Date('2026-11-23T10:00:00Z'), source: 'PROVIDER' }],
  ['some day', { at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER_DEFAULT' }],
  [undefined, { at: new Date('2026-11-23T12:00:00Z'), source: 'PROVIDER_DEFAULT' }],
])('an expiration of %s is read', async (expiration, expiry) => {
  const data = { ...answers.destinationLink, expiration }
  const adapter = await canned({ 'POST /api/v1/destination_connect_links': status(201, { data }) })
  const request = linkRequest({ direction: 'DESTINATION' })
  expect(await adapter.createLink(request, call)).toMatchObject({ expiry, remoteLinkId: '469' })
})

test('a link that Census calls expired has ended whatever its date says', async () => {
  const data = { ...answers.destinationLink, expired: true }
  const adapter = await canned({ 'GET /api/v1/destination_connect_links/469': { data } })
  const link = openLink({ direction: 'DESTINATION', remoteLinkId: '469' })
  expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'ended', status: 'EXPIRED' })
})

test('a 404 that speaks of the workspace is not blamed on the connector', async () => {
  const refusal = status(404, { status: 404, message: 'Workspace not found' })
  const adapter = await canned({ 'POST /api/v1/destination_connect_links': refusal })
  const failing = adapter.createLink(linkRequest({ direction: 'DESTINATION' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})
