import { describe, expect, test } from 'vitest'
import type { ProviderAdapter } from '../../src/providers/adapter.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import * as responses from '../fixtures/pipedream.ts'
import { type Canned, cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { allOf, call, readAll } from './open.ts'

const canned = (more: Canned) =>
  cannedProvider(pipedream, {
    'POST /v1/oauth/token': responses.accessToken,
    'GET /v1/connect/proj_sandbox/accounts': { data: [], page_info: responses.onlyPage },
    ...more,
  })

test.each([
  'http://pipedream.com/_static/connect.html?token=t',
  'https://pipedream.com.example/_static/connect.html?token=t',
  'https://notpipedream.com/_static/connect.html?token=t',
  'https://user@pipedream.com/_static/connect.html?token=t',
  'javascript:alert(1)',
])('createLink rejects the link URL %s', async (connect_link_url) => {
  const token = { ...responses.connectToken, connect_link_url }
  const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': token })
  const failing = adapter.createLink(linkRequest({}), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  await expect(failing).rejects.not.toThrow(connect_link_url)
})

test.each(['connect.pipedream.com', 'api.eu.pipedream.com'])(
  'createLink accepts a link to the host %s, to which the token has pinned it',
  async (host) => {
    const connect_link_url = `https://${host}/_static/connect.html?token=t&app=connector&connectLink=true`
    const token = { ...responses.connectToken, connect_link_url }
    const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': token })
    expect(await adapter.createLink(linkRequest({}), call)).toMatchObject({ url: connect_link_url })
  },
)

test('reads published responses, including older wrappers', async () => {
  const account = '/v1/connect/proj_sandbox/accounts'
  const adapter = await canned({
    'POST /v1/connect/proj_sandbox/tokens': { ...responses.connectToken, expires_at: 'later' },
    [`GET ${account}`]: { data: { accounts: [responses.githubAccount] }, page_info: responses.onlyPage },
    [`GET ${account}/bare`]: responses.airtableAccount,
    [`GET ${account}/wrapped`]: { data: responses.airtableAccount },
    [`GET ${account}/dead`]: { ...responses.githubAccount, dead: true },
    [`GET ${account}/unhealthy`]: { ...responses.githubAccount, healthy: false },
    [`GET ${account}/unknown`]: { ...responses.githubAccount, healthy: null },
    'GET /v1/connect/apps': {
      data: [
        responses.app,
        { ...responses.app, name_slug: 'x', auth_type: null },
        { ...responses.app, name_slug: 'y', auth_type: 'none' },
      ],
    },
  })
  const read = (remoteId: string) => adapter.getConnection(reference({ remoteId }), call)
  expect(await read('bare')).toMatchObject({ connectorKey: 'airtable_oauth', name: null, status: 'ACTIVE' })
  expect(await read('wrapped')).toEqual(await read('bare'))
  expect(await read('dead')).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'REVOKED' })
  expect(await read('unhealthy')).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'NEEDS_REAUTH' })
  expect(await read('unknown')).toMatchObject({ status: 'ACTIVE', health: 'UNKNOWN' })
  expect(await allOf(adapter.listConnections([], call))).toMatchObject([
    { remoteId: 'apn_MGhvgnX', connectorKey: 'github', endUserId: 'user-abc-123', health: 'OK' },
  ])
  expect(await allOf(adapter.listConnectors(call))).toMatchObject([
    { key: 'slack', name: 'Slack', auth: 'OAUTH', linkable: true, categories: ['Communication'] },
    { key: 'x', auth: 'UNKNOWN', linkable: true },
    { key: 'y', auth: 'NONE', linkable: false },
  ])
  expect(await adapter.createLink(linkRequest({}), call)).toMatchObject({
    url: `${responses.connectToken.connect_link_url}&app=connector`,
    expiry: { at: new Date('2026-11-22T16:00:00Z'), source: 'PROVIDER_DEFAULT' },
    providerState: { baseline: ['apn_MGhvgnX'] },
  })
})

test('a 404 that mentions the project is not reported as a missing connector', async () => {
  const notFound = status(404, { error: 'project not found' })
  const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': notFound })
  await expect(adapter.createLink(linkRequest({}), call)).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})

test('a cursor that always returns the same page ends the listing, and the account is one candidate', async () => {
  const repeatedPage = { data: [responses.githubAccount], page_info: responses.pageWithCursor }
  const adapter = await canned({ 'GET /v1/connect/proj_sandbox/accounts': repeatedPage })
  const link = openLink({ connectorKey: 'github', providerState: { baseline: [] } })
  expect(await adapter.checkLink(link, call)).toMatchObject({
    kind: 'candidates',
    connections: [{ remoteId: 'apn_MGhvgnX' }],
  })
})

test('a 429 response is reported with its Retry-After', async () => {
  const tooManyRequests = status(429, responses.throttled, {
    'retry-after': '12',
    'x-ratelimit-remaining': '0',
  })
  const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': tooManyRequests })
  const expected = { code: 'PROVIDER_RATE_LIMITED', retryAfterSeconds: 12 }
  await expect(adapter.createLink(linkRequest({}), call)).rejects.toMatchObject(expected)
})

describe('an account without a slug', () => {
  const accounts = '/v1/connect/proj_sandbox/accounts'
  const legacy = (id: string, app: object | null) => ({ ...responses.githubAccount, id, app })
  const rows = [
    legacy('known', { id: 'app_OkrhR1' }),
    legacy('known-too', { id: 'app_OkrhR1', name_slug: '' }),
    legacy('client', { id: 'oa_aPXiQd', name: 'GitHub' }),
    legacy('missing', { id: 'app_missing' }),
    legacy('none', null),
  ]
  const answers = {
    [`GET ${accounts}`]: { data: { accounts: rows } },
    [`GET ${accounts}/known`]: { data: rows[0] },
    'GET /v1/connect/apps/app_OkrhR1': { data: responses.app },
  }
  const keysIn = async (adapter: ProviderAdapter) =>
    (await allOf(adapter.listConnections([], call))).map(({ connectorKey }) => connectorKey)

  test('is listed with the slug of its app, or with an unknown connector', async () => {
    const adapter = await canned(answers)
    expect(await keysIn(adapter)).toEqual(['slack', 'slack', 'unknown', 'unknown', 'unknown'])
    expect(await adapter.getConnection(reference({ remoteId: 'known' }), call)).toMatchObject({
      connectorKey: 'slack',
    })
  })

  test('is listed if its app cannot be read', async () => {
    const adapter = await canned({ ...answers, 'GET /v1/connect/apps/app_OkrhR1': status(500, {}) })
    expect(await keysIn(adapter)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown'])
  })

  test('completes the link for whose app it is listed', async () => {
    const adapter = await canned({ [`GET ${accounts}`]: { data: [legacy('new', null)] } })
    const link = openLink({ connectorKey: 'github', providerState: { baseline: [] } })
    expect(await adapter.checkLink(link, call)).toMatchObject({
      kind: 'candidates',
      connections: [{ remoteId: 'new', connectorKey: 'github' }],
    })
  })

  test('completes the link whose webhook event has its ID', async () => {
    const adapter = await canned(answers)
    const event = { kind: 'CONNECTED', remoteId: 'known', at: null, failure: null } as const
    const link = openLink({ connectorKey: 'slack', endUserId: 'user-abc-123', event })
    expect(await adapter.checkLink(link, call)).toMatchObject({
      kind: 'completed',
      connection: { remoteId: 'known', connectorKey: 'slack' },
    })
  })
})

test('an app with an empty slug is skipped', async () => {
  const data = [{ ...responses.app, name_slug: '' }, responses.app]
  const adapter = await canned({ 'GET /v1/connect/apps': { data } })
  expect(await readAll(adapter.listConnectors(call))).toMatchObject({
    items: [{ key: 'slack' }],
    skipped: [{ id: null, problems: ['name_slug: too_small'] }],
  })
})
