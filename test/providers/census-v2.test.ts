import { expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import * as responses from '../fixtures/census.ts'
import { cannedProvider, linkRequest, openLink, reference } from './canned.ts'
import { testProvider } from './contract.ts'
import { allOf, call, openProvider, readAll } from './open.ts'

const setup = {
  definition: census,
  linkDefaults: { connectorKey: 'hubspot', connectorName: 'HubSpot', direction: 'DESTINATION' },
} as const

testProvider({
  ...setup,
  connectors: 60,
  secrets: ['sandbox-pat'],
  calls: {
    createLink: { method: 'POST', path: '/api/v2/activation_connect_links' },
    createReconnectLink: { method: 'POST', path: '/api/v2/activations/' },
    revokeLink: { method: 'POST', path: '/revoke' },
    checkLink: { method: 'GET', path: '/api/v2/activation_connect_links/' },
    getConnection: { method: 'GET', path: '/api/v2/activations/' },
    listConnections: { method: 'GET', path: '/api/v2/activations' },
    listConnectors: { method: 'GET', path: '/api/v2/activation_types' },
    disconnect: { method: 'DELETE', path: '/api/v2/activations/' },
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

test('createLink rejects a source without sending a request', async () => {
  const provider = await openProvider(setup)
  const failing = provider.openLink({ direction: 'SOURCE' })
  await expect(failing).rejects.toMatchObject({ code: 'UNSUPPORTED', provider: 'CENSUS' })
  expect(await provider.requests()).toEqual([])
})

test('a link belongs to the configured group or to the group of the request', async () => {
  const provider = await openProvider(setup)
  const { remoteGroup } = await provider.openLink()
  expect(remoteGroup).toBe('sandbox_group')
  await expect(provider.openLink({ options: { groupId: 'other' } })).rejects.toMatchObject({
    code: 'PROVIDER_REJECTED',
  })
  const bodies = (await provider.requests()).flatMap(({ body }) => body ?? [])
  const redirect_uri = 'https://app.example.com/return?state=1'
  expect(bodies).toEqual([
    { type: 'hubspot', group_id: 'sandbox_group', redirect_uri },
    { type: 'hubspot', group_id: 'other', redirect_uri },
  ])
})

test('an activation of another type is not a candidate', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const hubspot = await provider.openLink()
  const braze = await provider.openLink({ connectorKey: 'braze' })
  await provider.decide(braze.url, 'approve')
  expect(await adapter.checkLink(hubspot.link, call)).toEqual({ kind: 'open' })
})

test('two links of one type both have both connections as candidates', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const links = [await provider.openLink(), await provider.openLink()]
  for (const { url } of links) await provider.decide(url, 'approve')
  for (const { link } of links) {
    const progress = await adapter.checkLink(link, call)
    expect(progress).toMatchObject({ kind: 'candidates', connections: [{}, {}] })
  }
})

test('a link that has created no connection ends after one day', async () => {
  const { adapter, ...provider } = await openProvider(setup)
  const { link } = await provider.openLink()
  provider.advance(86_401)
  const ended = { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
  expect(await adapter.checkLink(link, call)).toEqual(ended)
})

const activations = (...data: object[]) => ({ status: 'success', data })
const group = { CENSUS_GROUP_ID: 'wandering_aimlessly' }

test('listConnections reads both formats of activations and skips other groups', async () => {
  const otherGroup = { ...responses.flatActivation, id: 'foreign', group_id: 'other_group' }
  const all = activations(responses.nestedActivation, responses.flatActivation, otherGroup)
  const adapter = await cannedProvider(census, { 'GET /api/v2/activations': all }, group)
  const createdAt = new Date('2026-01-02T03:04:05Z')
  expect(await allOf(adapter.listConnections([], call))).toMatchObject([
    { remoteId: 'glimmering_donkey', connectorKey: 'hubspot', status: 'ACTIVE', createdAt },
    { remoteId: 'dancing_lion', connectorKey: 'braze', status: 'PENDING', createdAt },
  ])
  expect(await allOf(adapter.listConnections(['other_group'], call))).toHaveLength(3)
})

test('an activation without a type is an invalid response', async () => {
  const data = { id: 'x', name: 'X', group_id: 'wandering_aimlessly' }
  const adapter = await cannedProvider(census, { 'GET /api/v2/activations/x': { data } }, group)
  const failing = adapter.getConnection(reference({ remoteId: 'x' }), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  await expect(failing).rejects.toThrow('destination.type')
})

test('links at app.fivetran.com are trusted', async () => {
  const adapter = await cannedProvider(
    census,
    {
      'GET /api/v2/activations': activations(responses.nestedActivation),
      'POST /api/v2/activation_connect_links': { status: 'created', data: responses.activationLink },
    },
    group,
  )
  const request = linkRequest({ direction: 'DESTINATION', connectorKey: 'hubspot' })
  expect(await adapter.createLink(request, call)).toMatchObject({
    url: responses.activationLink.uri,
    remoteGroup: 'wandering_aimlessly',
    providerState: { baseline: ['glimmering_donkey'] },
  })
})

test('rows that shift between pages are deduplicated', async () => {
  const page = { ...activations(responses.nestedActivation), pagination: { page: 1, next_page: 2 } }
  const adapter = await cannedProvider(
    census,
    {
      'GET /api/v2/activations': page,
      'GET /api/v2/activation_connect_links/469': { data: responses.activationLink },
    },
    group,
  )
  const link = openLink({
    connectorKey: 'hubspot',
    remoteLinkId: '469',
    remoteGroup: 'wandering_aimlessly',
    providerState: { baseline: [] },
  })
  const progress = await adapter.checkLink(link, call)
  expect(progress.kind === 'candidates' && progress.connections).toHaveLength(1)
})

test.each(['destination', 'destination_connection', 'service_connection'])(
  'the nested connection of an activation is read at %s',
  async (key) => {
    const { destination, ...activation } = responses.nestedActivation
    const ids = { destination: 7, destination_connection: null, service_connection: null }
    const data = { ...activation, ...ids, [key]: destination }
    const adapter = await cannedProvider(census, { 'GET /api/v2/activations': activations(data) }, group)
    expect(await allOf(adapter.listConnections([], call))).toMatchObject([
      { connectorKey: 'hubspot', status: 'ACTIVE', createdAt: new Date('2026-01-02T03:04:05Z') },
    ])
  },
)

test('an unreadable row of another group is not counted; without a group it may be one of ours', async () => {
  const rows = [
    { id: 'theirs', group_id: 'other_group' },
    { id: 'ours', group_id: 'wandering_aimlessly' },
    {},
  ]
  const all = activations(...rows, responses.flatActivation)
  const adapter = await cannedProvider(census, { 'GET /api/v2/activations': all }, group)
  const { items, skipped } = await readAll(adapter.listConnections([], call))
  expect(items).toMatchObject([{ remoteId: 'dancing_lion' }])
  expect(skipped).toMatchObject([
    { id: 'ours', group: 'wandering_aimlessly', problems: ['destination.type: custom'] },
    { id: null, group: null },
  ])
})

test('the baseline of a link has the unreadable rows too: they are no candidates once they are readable', async () => {
  const unreadable = { id: 'dancing_lion', group_id: 'wandering_aimlessly' }
  const canned = {
    'GET /api/v2/activations': activations(unreadable),
    'POST /api/v2/activation_connect_links': { data: responses.activationLink },
  }
  const adapter = await cannedProvider(census, canned, group)
  const request = linkRequest({ connectorKey: 'braze', direction: 'DESTINATION' })
  expect(await adapter.createLink(request, call)).toMatchObject({
    providerState: { baseline: ['dancing_lion'] },
  })
})
