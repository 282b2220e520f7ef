import { expect, test } from 'vitest'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import * as answers from '../fixtures/pipedream.ts'
import { type Canned, cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { allOf, call } from './open.ts'

const canned = (more: Canned) =>
  cannedProvider(pipedream, {
    'POST /v1/oauth/token': answers.accessToken,
    'GET /v1/connect/proj_sandbox/accounts': { data: [], page_info: answers.onlyPage },
    ...more,
  })

test.each([
  'http://pipedream.com/_static/connect.html?token=t',
  'https://pipedream.com.example/_static/connect.html?token=t',
  'https://user@pipedream.com/_static/connect.html?token=t',
  'javascript:alert(1)',
])('a link to %s is not handed on', async (connect_link_url) => {
  const token = { ...answers.connectToken, connect_link_url }
  const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': token })
  const failing = adapter.createLink(linkRequest({}), call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  await expect(failing).rejects.not.toThrow(connect_link_url)
})

test('published answers are read, the older wrappings included', async () => {
  const account = '/v1/connect/proj_sandbox/accounts'
  const adapter = await canned({
    'POST /v1/connect/proj_sandbox/tokens': { ...answers.connectToken, expires_at: 'later' },
    [`GET ${account}`]: { data: { accounts: [answers.githubAccount] }, page_info: answers.onlyPage },
    [`GET ${account}/bare`]: answers.airtableAccount,
    [`GET ${account}/wrapped`]: { data: answers.airtableAccount },
    [`GET ${account}/dead`]: { ...answers.githubAccount, dead: true },
    [`GET ${account}/ill`]: { ...answers.githubAccount, healthy: false },
    [`GET ${account}/silent`]: { ...answers.githubAccount, healthy: null },
    'GET /v1/connect/apps': {
      data: [
        answers.app,
        { ...answers.app, name_slug: 'x', auth_type: null },
        { ...answers.app, name_slug: 'y', auth_type: 'none' },
      ],
    },
  })
  const read = (remoteId: string) => adapter.getConnection(reference({ remoteId }), call)
  expect(await read('bare')).toMatchObject({ connectorKey: 'airtable_oauth', name: null, status: 'ACTIVE' })
  expect(await read('wrapped')).toEqual(await read('bare'))
  expect(await read('dead')).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'REVOKED' })
  expect(await read('ill')).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'NEEDS_REAUTH' })
  expect(await read('silent')).toMatchObject({ status: 'ACTIVE', health: 'UNKNOWN' })
  expect(await allOf(adapter.listConnections([], call))).toMatchObject([
    { remoteId: 'apn_MGhvgnX', connectorKey: 'github', endUserId: 'user-abc-123', health: 'OK' },
  ])
  expect(await allOf(adapter.listConnectors(call))).toMatchObject([
    { key: 'slack', name: 'Slack', auth: 'OAUTH', linkable: true, categories: ['Communication'] },
    { key: 'x', auth: 'UNKNOWN', linkable: true },
    { key: 'y', auth: 'NONE', linkable: false },
  ])
  expect(await adapter.createLink(linkRequest({}), call)).toMatchObject({
    url: `${answers.connectToken.connect_link_url}&app=connector`,
    expiry: { at: new Date('2026-11-22T16:00:00Z'), source: 'PROVIDER_DEFAULT' },
    providerState: { baseline: ['apn_MGhvgnX'] },
  })
})

test('a 404 that speaks of the project is not blamed on the connector', async () => {
  const refusal = status(404, { error: 'project not found' })
  const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': refusal })
  await expect(adapter.createLink(linkRequest({}), call)).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' })
})

test('a cursor that leads to the same page for ever ends the walk, and one account stays one', async () => {
  const same = { data: [answers.githubAccount], page_info: answers.pageWithCursor }
  const adapter = await canned({ 'GET /v1/connect/proj_sandbox/accounts': same })
  const link = openLink({ connectorKey: 'github', providerState: { baseline: [] } })
  expect(await adapter.checkLink(link, call)).toMatchObject({
    kind: 'candidates',
    connections: [{ remoteId: 'apn_MGhvgnX' }],
  })
})

test('being throttled says how long to wait', async () => {
  const refusal = status(429, answers.throttled, { 'retry-after': '12', 'x-ratelimit-remaining': '0' })
  const adapter = await canned({ 'POST /v1/connect/proj_sandbox/tokens': refusal })
  const expected = { code: 'PROVIDER_RATE_LIMITED', retryAfterSeconds: 12 }
  await expect(adapter.createLink(linkRequest({}), call)).rejects.toMatchObject(expected)
})
