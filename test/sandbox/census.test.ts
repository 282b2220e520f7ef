import { describe, expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from './open.ts'

const v1 = { authorization: 'Bearer secret-token:sandbox' }
const v2 = { authorization: 'Bearer sandbox-pat' }
const redirectUri = 'https://app.example/back?state=1'

async function createLink(
  sandbox: TestSandbox,
  path = 'v1/destination_connect_links',
  extraFields: object = {},
) {
  const headers = path.startsWith('v2') ? v2 : v1
  const body = { type: 'hubspot', redirect_uri: redirectUri, ...extraFields }
  const response = await sandbox.request('POST', `/census/api/${path}`, { headers, body })
  return { ...response, link: response.body.data }
}

describe('a V1 connect link', () => {
  test('creates a connection on approval and then returns its ID', async () => {
    const sandbox = await openSandbox()
    const { status, body, link } = await createLink(sandbox)
    expect(status).toBe(201)
    expect(body.status).toBe('created')
    expect(link).toMatchObject({
      id: 101,
      type: 'hubspot',
      expiration: '2026-11-23T12:00:00.000Z',
      expired: false,
      revoked: false,
      redirect_uri: redirectUri,
      destination_id: null,
    })
    const page = await fetch(link.uri)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('Connect HubSpot')
    const approved = await sandbox.decide(link.uri, 'approve')
    expect([approved.status, approved.headers.get('location')]).toEqual([303, redirectUri])
    const after = await sandbox.request('GET', `/census/api/v1/destination_connect_links/${link.id}`, {
      headers: v1,
    })
    expect(after.body).toMatchObject({ status: 'success', data: { destination_id: 101 } })
    const list = await sandbox.request('GET', '/census/api/v1/destinations', { headers: v1 })
    expect(list.body.data).toMatchObject([
      { id: 101, name: 'HubSpot', type: 'hubspot', last_test_succeeded: true },
    ])
    expect((await fetch(link.uri)).status).toBe(410)
  })

  test('creates a source for a source link; sources have their own ID sequence', async () => {
    const sandbox = await openSandbox()
    const { link } = await createLink(sandbox, 'v1/source_connect_links', {
      type: 'snowflake',
      redirect_uri: null,
    })
    const approved = await sandbox.decide(link.uri, 'approve')
    expect([approved.status, await approved.text()]).toEqual([200, expect.stringContaining('Connected')])
    const source = await sandbox.request('GET', '/census/api/v1/sources/101', { headers: v1 })
    expect(source.body.data).toMatchObject({ id: 101, type: 'snowflake', name: 'Snowflake - sandbox' })
    expect((await sandbox.request('GET', '/census/api/v1/destinations/101', { headers: v1 })).body).toEqual({
      status: 404,
    })
  })

  test('can still be approved after a denial', async () => {
    const sandbox = await openSandbox()
    const { link } = await createLink(sandbox)
    const denied = await sandbox.decide(link.uri, 'deny')
    expect([denied.status, await denied.text()]).toEqual([
      200,
      expect.stringContaining('Nothing was connected'),
    ])
    expect((await sandbox.decide(link.uri, 'approve')).status).toBe(303)
  })

  test('returns 410 when revoked or 24 hours old, and 404 for an unknown link', async () => {
    const sandbox = await openSandbox()
    const revoked = (await createLink(sandbox)).link
    const path = `/census/api/v1/destination_connect_links/${revoked.id}/revoke`
    for (const _attempt of [1, 2]) {
      const response = await sandbox.request('POST', path, { headers: v1 })
      expect(response.body).toMatchObject({ status: 'success', data: { revoked: true } })
    }
    expect((await sandbox.decide(revoked.uri, 'approve')).status).toBe(410)
    const aged = (await createLink(sandbox)).link
    sandbox.advance(86_399)
    expect((await fetch(aged.uri)).status).toBe(200)
    sandbox.advance(1)
    expect((await fetch(aged.uri)).status).toBe(410)
    expect((await fetch(new URL('/census/pbc?auth=guess', sandbox.url))).status).toBe(404)
    expect(
      (await sandbox.request('POST', '/census/api/v1/source_connect_links/9/revoke', { headers: v1 })).status,
    ).toBe(404)
  })

  test('reauthorises an existing destination and returns its ID from creation', async () => {
    const sandbox = await openSandbox()
    await sandbox.decide((await createLink(sandbox)).link.uri, 'approve')
    const { link } = await createLink(sandbox, 'v1/destinations/101/connect_links')
    expect(link).toMatchObject({ type: 'hubspot', destination_id: 101 })
    sandbox.advance(60)
    await sandbox.decide(link.uri, 'approve')
    const { body } = await sandbox.request('GET', '/census/api/v1/destinations', { headers: v1 })
    expect(body.data).toMatchObject([{ id: 101, last_tested_at: '2026-11-22T12:01:00.000Z' }])
  })
})

test('a V2 link requires the group and does not return the ID of the created activation', async () => {
  const sandbox = await openSandbox()
  const path = 'v2/activation_connect_links'
  expect((await createLink(sandbox, path)).body).toEqual({ status: 400, message: 'Invalid group_id: ' })
  const { link } = await createLink(sandbox, path, { group_id: 'sandbox_group' })
  expect(link).toMatchObject({ id: 101, group_id: 'sandbox_group' })
  await sandbox.decide(link.uri, 'approve')
  const after = await sandbox.request('GET', `/census/api/${path}/101`, { headers: v2 })
  expect(Object.keys(after.body.data)).not.toContain('destination_id')
  const list = await sandbox.request('GET', '/census/api/v2/activations', { headers: v2 })
  expect(list.body.data).toMatchObject([{ group_id: 'sandbox_group', destination: { type: 'hubspot' } }])
  const id = list.body.data[0].id
  expect(id).toMatch(/^[a-z]+_[a-z_]+$/)
  const reauthorisation = await createLink(sandbox, `v2/activations/${id}/activation_connect_links`)
  expect(reauthorisation.status).toBe(201)
  const removed = await sandbox.request('DELETE', `/census/api/v2/activations/${id}`, { headers: v2 })
  expect(removed.body).toEqual({ status: 'deleted' })
  expect((await sandbox.request('DELETE', `/census/api/v2/activations/${id}`, { headers: v2 })).status).toBe(
    404,
  )
  expect((await fetch(reauthorisation.link.uri)).status).toBe(410)
  expect((await sandbox.request('GET', '/census/api/v2/source_connect_links', { headers: v2 })).status).toBe(
    404,
  )
})

test('each API version accepts only its own key', async () => {
  const sandbox = await openSandbox()
  const read = (path: string, headers = {}) => sandbox.request('GET', `/census/api/${path}`, { headers })
  expect(await read('v1/workspace')).toMatchObject({ status: 401, body: { status: 401 } })
  expect(await read('v1/workspace', v2)).toMatchObject({ status: 401 })
  expect(await read('v2/activations', v1)).toMatchObject({ status: 401 })
  expect(await read('v1/workspace', v1)).toMatchObject({ body: { data: { name: 'Sandbox' } } })
})

test('a link is rejected for a type without connect links, an unknown type and a non-http redirect URI', async () => {
  const sandbox = await openSandbox()
  const unsupported = await createLink(sandbox, undefined, { type: 'custom_api' })
  expect(unsupported.body).toEqual({ status: 400, message: 'Invalid type: custom_api' })
  expect((await createLink(sandbox, undefined, { type: 'nothing' })).status).toBe(400)
  expect((await createLink(sandbox, undefined, { redirect_uri: 'javascript:alert(1)' })).status).toBe(400)
  const types = await sandbox.request('GET', '/census/api/v1/destination_connect_links/types', {
    headers: v1,
  })
  expect(types.body).toContain('hubspot')
  expect(types.body).not.toContain('custom_api')
})

test('lists are paged by number, limit per_page to 100 and are sorted newest first', async () => {
  const sandbox = await openSandbox({ connectors: 250, connections: 210 })
  const list = async (query: string) =>
    (await sandbox.request('GET', `/census/api/v1/${query}`, { headers: v1 })).body
  const first = await list('connectors?per_page=1000&page=0')
  expect(first.data).toHaveLength(100)
  expect(first.pagination).toEqual({
    total_records: 250,
    per_page: 100,
    prev_page: null,
    page: 1,
    next_page: 2,
    last_page: 3,
  })
  const last = await list('connectors?per_page=100&page=3')
  expect([last.data.length, last.next, last.pagination.next_page]).toEqual([50, null, null])
  const listed = []
  for (const page of [1, 2, 3])
    listed.push(...(await list(`destinations?order=asc&per_page=100&page=${page}`)).data)
  expect(new Set(listed.map(({ id }) => id)).size).toBe(210)
  const newest = await list('destinations?per_page=1')
  expect(newest.data[0].id).toBe(listed.at(-1).id)
  expect((await list('destinations?page=99')).data).toEqual([])
  expect(new URL(newest.next).pathname).toBe('/census/api/v1/destinations')
  const removed = await sandbox.request('DELETE', `/census/api/v1/destinations/${listed[0].id}`, {
    headers: v1,
  })
  expect(removed.status).toBe(200)
  expect((await list('destinations')).pagination.total_records).toBe(209)
})

test('connections can also be created from credentials, which are not stored', async () => {
  const sandbox = await openSandbox()
  const body = { connection: { type: 'snowflake', name: 'DWH', credentials: { password: 'hush' } } }
  const created = await sandbox.request('POST', '/census/api/v1/sources', { headers: v1, body })
  expect(created).toMatchObject({ status: 201, body: { data: { id: 101 } } })
  const source = await sandbox.request('GET', '/census/api/v1/sources/101', { headers: v1 })
  expect(source.body.data).toMatchObject({ name: 'DWH', last_test_succeeded: null })
  expect(source.text).not.toContain('hush')
})

test('the rules of a field are a list in a source type and a string in a destination type', async () => {
  const sandbox = await openSandbox()
  const fieldOf = async (path: string) =>
    (await sandbox.request('GET', `/census/api/v1/${path}`, { headers: v1 })).body.data.configuration_fields
      .fields[0]
  expect(await fieldOf('source_types/snowflake')).toMatchObject({ id: 'api_key', rules: ['required'] })
  expect(await fieldOf('connectors/active_campaign')).toMatchObject({ id: 'api_key', rules: 'required' })
})
