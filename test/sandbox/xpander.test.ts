import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { openSandbox, type TestSandbox } from './open.ts'

const headers = { 'x-api-key': 'sandbox-key' }
const idOf = (name: string) => xpanderConnectors.find((one) => one.name === name)?.id ?? ''

function connect(sandbox: TestSandbox, name: string, body: unknown, family = 'connectors') {
  const base = family === 'tools' ? '/xpander/v1/tools/connectors' : '/xpander/v1/connectors'
  return sandbox.request('POST', `${base}/${idOf(name)}/connect`, { headers, body })
}

async function connectionsOf(sandbox: TestSandbox, name: string) {
  const found = await sandbox.request('GET', `/xpander/v1/connectors/search?query=${name}`, { headers })
  return found.body.find((one: { name: string }) => one.name === name).connections
}

describe('the API key', () => {
  test.each(['/xpander/v1/connectors', '/xpander/v1/tools'])('is required by %s', async (path) => {
    const sandbox = await openSandbox()
    expect((await sandbox.request('GET', path)).body).toEqual({ detail: 'Not authenticated' })
    const wrong = await sandbox.request('GET', path, { headers: { 'x-api-key': 'no' } })
    expect([wrong.status, wrong.body]).toEqual([401, { detail: 'Invalid API key' }])
    const bearer = await sandbox.request('GET', path, { headers: { authorization: 'Bearer sandbox-key' } })
    expect(bearer.status).toBe(path.endsWith('tools') ? 200 : 401)
  })
})

describe('the catalogue', () => {
  test('is paged by number, at most 50 per page, without authentication details', async () => {
    const sandbox = await openSandbox()
    const page = await sandbox.request('GET', '/xpander/v1/connectors?page=2&per_page=50', { headers })
    const total = xpanderConnectors.length
    expect(page.body).toMatchObject({ total, page: 2, per_page: 50, total_pages: 2 })
    expect(page.body.items).toHaveLength(total - 50)
    expect(page.body.items[0]).toMatchObject({ organization_id: null, server_url: {}, connections: [] })
    expect(page.headers.get('x-ratelimit-limit')).toBe('100')
    const past = await sandbox.request('GET', '/xpander/v1/connectors?page=9', { headers })
    expect([past.status, past.body.items]).toEqual([200, []])
    const wrong = await sandbox.request('GET', '/xpander/v1/connectors?per_page=51&page=x', { headers })
    expect(wrong.body.detail).toMatchObject([
      { type: 'type_error.integer', loc: ['query', 'page'] },
      { type: 'value_error.number.not_le', loc: ['query', 'per_page'], input: '51', ctx: { le: 50 } },
    ])
  })

  test('of the newer family contains tools that can be filtered', async () => {
    const sandbox = await openSandbox()
    const listTools = (query: string) => sandbox.request('GET', `/xpander/v1/tools?${query}`, { headers })
    const slack = (await listTools('type=connector&query=slack')).body
    expect(slack.items).toMatchObject([{ kind: 'connector', id: idOf('Slack'), auth_type: null }])
    expect((await listTools('type=mcp')).body).toMatchObject({ items: [], total: 0, total_pages: 0 })
    expect((await listTools('type=thing')).body.detail).toEqual([
      { type: 'enum', loc: ['query', 'type'], msg: expect.any(String) },
    ])
    expect(
      (await sandbox.request('GET', '/xpander/v1/tools/search?query=teams', { headers })).body,
    ).toHaveLength(1)
  })

  test('has no endpoint for a connector by ID', async () => {
    const sandbox = await openSandbox()
    const one = await sandbox.request('GET', `/xpander/v1/connectors/${idOf('Slack')}`, { headers })
    expect([one.status, one.body]).toEqual([404, { detail: 'Not Found' }])
    const method = await sandbox.request('GET', `/xpander/v1/connectors/${idOf('Slack')}/connect`, {
      headers,
    })
    expect(method.status).toBe(405)
  })

  test('is padded, and so are its connections', async () => {
    const sandbox = await openSandbox({ connectors: 200, connections: 400 })
    const counts: number[] = []
    for (const page of [1, 2, 3, 4]) {
      const list = await sandbox.request('GET', `/xpander/v1/connectors?per_page=50&page=${page}`, {
        headers,
      })
      for (const item of list.body.items) counts.push(item.connections.length)
    }
    expect(counts).toHaveLength(200)
    expect(counts.reduce((sum, count) => sum + count)).toBe(400)
  })
})

describe('connect', () => {
  const oauthPage = { oauth2_required: true, message: expect.any(String) }

  test('requires consent on the connector page and creates no connection yet', async () => {
    const sandbox = await openSandbox()
    const response = await connect(sandbox, 'Slack', { name: 'Ada' })
    const page = `${sandbox.url.origin}/xpander/connectors/${idOf('Slack')}`
    expect([response.status, response.body]).toEqual([200, { ...oauthPage, connector_page_url: page }])
    expect(await connectionsOf(sandbox, 'Slack')).toEqual([])
  })

  test('can return the fields of a connection together with the consent URL', async () => {
    const sandbox = await openSandbox()
    const { body } = await connect(sandbox, 'Google Docs', { name: 'Ada' }, 'tools')
    expect(body).toMatchObject({ ...oauthPage, id: expect.any(String), name: 'Ada' })
    expect(await connectionsOf(sandbox, 'Google Docs')).toEqual([])
    await sandbox.decide(body.connector_page_url, 'approve')
    expect(await connectionsOf(sandbox, 'Google Docs')).toMatchObject([{ id: body.id, name: 'Ada' }])
  })

  test.each([
    ['Stripe', { security: { authMethod: 'apiKey', apiKey: 'k', headerName: 'X-API-Key' } }, 200],
    ['Twilio', { headers: { 'X-Token': 'k' } }, 201],
    ['Slack', { security: { authMethod: 'oauth2', oauth2Token: { access_token: 't' } } }, 200],
    ['HackerNews', {}, 200],
  ])(
    'creates a connection immediately with the credentials that %s needs, and returns no secret',
    async (name, body, status) => {
      const sandbox = await openSandbox()
      const fields = { name: 'Mine', access_scope: 'organizational', is_service_account: 'true', ...body }
      const response = await connect(sandbox, name, fields)
      expect(response.status).toBe(status)
      expect(Object.keys(response.body).sort()).toEqual([
        'access_scope',
        'created_at',
        'id',
        'is_service_account',
        'name',
        'open_api_spec_id',
        'owner',
        'version',
      ])
      expect(response.body).toMatchObject({
        name: 'Mine',
        access_scope: 'organizational',
        is_service_account: true,
      })
      expect(await connectionsOf(sandbox, name)).toEqual([response.body])
    },
  )

  test('rejects a body that does not fit the model; the older family has the older wording and echoes the input', async () => {
    const sandbox = await openSandbox()
    const body = {
      security: null,
      general_params: [{ name: 'x', description: 'y', location: 'body' }],
      version: 2,
    }
    const older = await connect(sandbox, 'Stripe', body)
    expect(older.status).toBe(422)
    expect(older.body.detail).toMatchObject([
      { type: 'value_error.missing', loc: ['body', 'name'], msg: 'field required', input: body },
      { type: 'type_error.str', loc: ['body', 'version'], input: 2 },
      { type: 'type_error.dict', loc: ['body', 'security'], input: null },
      { type: 'value_error.const', loc: ['body', 'general_params', 0, 'location'], input: 'body' },
    ])
    const newer = await connect(sandbox, 'Stripe', {}, 'tools')
    expect(newer.body).toEqual({
      detail: [{ loc: ['body', 'name'], msg: 'Field required', type: 'missing' }],
    })
    expect((await connect(sandbox, 'Stripe', '{"name":')).body.detail[0]).toMatchObject({
      type: 'value_error.jsondecode',
    })
    expect((await connect(sandbox, 'Stripe', '[]')).body.detail[0].type).toBe('type_error.dict')
  })

  test.each([
    ['Slack', { name: 'A', access_scope: 'team' }, 400],
    ['Workday', { name: 'A' }, 400],
    ['No such connector', { name: 'A' }, 404],
  ])('rejects %s with %j', async (name, body, status) => {
    const sandbox = await openSandbox()
    const id = idOf(name) || 'unknown'
    const response = await sandbox.request('POST', `/xpander/v1/connectors/${id}/connect`, { headers, body })
    expect([response.status, typeof response.body.detail]).toEqual([status, 'string'])
  })
})

describe('a connect without the key that the connector needs', () => {
  test.each([
    ['connectors', 'value_error.missing'],
    ['tools', 'missing'],
  ])('returns a connection or a 422: /v1/%s', async (family, type) => {
    const sandbox = await openSandbox()
    const created = await connect(sandbox, 'Stripe', { name: 'A' }, family)
    expect([created.status, created.body.name]).toEqual([200, 'A'])
    const security = { authMethod: 'apiKey' }
    const invalid = await connect(sandbox, 'Okta', { name: 'A', security }, family)
    expect(invalid.status).toBe(422)
    expect(invalid.body.detail).toMatchObject([{ type, loc: ['body', 'security'] }])
  })
})

describe('the connector page', () => {
  test('asks for the API key of a connector that needs one', async () => {
    const sandbox = await openSandbox()
    const page = `${sandbox.url.origin}/xpander/connectors/${idOf('Stripe')}`
    const refused = await (await sandbox.decide(page, 'approve')).text()
    expect(refused).toContain('role="alert"><ul><li>Enter an API key.</li></ul></div>')
    expect(await connectionsOf(sandbox, 'Stripe')).toEqual([])
    await sandbox.decide(page, 'approve', { name: 'Ada', api_key: 'the-secret-key' })
    const connections = await connectionsOf(sandbox, 'Stripe')
    expect(connections).toMatchObject([{ name: 'Ada' }])
    expect(JSON.stringify(connections)).not.toContain('the-secret-key')
  })

  test('suggests the requested name and creates a connection each time it is approved', async () => {
    const sandbox = await openSandbox()
    const { body } = await connect(sandbox, 'Slack', { name: 'Ada "A"' })
    expect(await (await fetch(body.connector_page_url)).text()).toContain('value="Ada &#34;A&#34;"')
    const first = await sandbox.decide(body.connector_page_url, 'approve', { name: 'Renamed' })
    expect([first.status, await first.text()]).toEqual([200, expect.stringContaining('Renamed')])
    await sandbox.decide(body.connector_page_url, 'approve')
    const names = (await connectionsOf(sandbox, 'Slack')).map((one: { name: string }) => one.name)
    expect(names).toEqual(['Renamed', 'Slack'])
  })

  test('creates no connection on denial; returns 404 for unknown and 409 for unready connectors', async () => {
    const sandbox = await openSandbox()
    const page = (id: string) => `${sandbox.url.origin}/xpander/connectors/${id}`
    expect(await (await sandbox.decide(page(idOf('Slack')), 'deny')).text()).toContain(
      'Nothing was connected',
    )
    expect(await connectionsOf(sandbox, 'Slack')).toEqual([])
    expect((await fetch(page('unknown'))).status).toBe(404)
    expect((await sandbox.decide(page(idOf('Workday')), 'approve')).status).toBe(409)
  })

  test('does not return a personal connection of another member to the API key', async () => {
    const sandbox = await openSandbox()
    const page = `${sandbox.url.origin}/xpander/connectors/${idOf('Slack')}`
    const user = 'colleague@sandbox.example'
    await sandbox.decide(page, 'approve', { user, access_scope: 'personal' })
    expect(await connectionsOf(sandbox, 'Slack')).toEqual([])
    await sandbox.decide(page, 'approve', { user, access_scope: 'organizational' })
    expect(await connectionsOf(sandbox, 'Slack')).toMatchObject([{ owner: user }])
  })
})

test('both families return the operations of a connection', async () => {
  const sandbox = await openSandbox()
  const { id } = (await connect(sandbox, 'HackerNews', { name: 'Reader' })).body
  const connector = idOf('HackerNews')
  const older = await sandbox.request('GET', `/xpander/v1/connectors/${connector}/${id}/operations`, {
    headers,
  })
  expect(older.body).toHaveLength(9)
  const tools = `/xpander/v1/tools/connectors/${connector}/operations`
  expect((await sandbox.request('GET', `${tools}?connection_id=${id}`, { headers })).body).toEqual(older.body)
  expect((await sandbox.request('GET', tools, { headers })).status).toBe(422)
  expect((await sandbox.request('GET', `${tools}?connection_id=other`, { headers })).status).toBe(404)
})

test('a connection is kept across a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dataFile = join(folder, 'sandbox.json')
  const first = await openSandbox({ dataFile })
  const created = await connect(first, 'HackerNews', { name: 'Reader' })
  await first.close()
  const second = await openSandbox({ dataFile })
  expect(await connectionsOf(second, 'HackerNews')).toEqual([created.body])
})
