import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { listen, readBody } from '../helpers/listen.ts'
import { openSandbox, type TestSandbox } from './open.ts'

const keyOf = (key: string) => ({ authorization: `Bearer ${key}` })
const headers = keyOf('sandbox-key')

const post = (sandbox: TestSandbox, path: string, body: unknown, as = headers) =>
  sandbox.request('POST', `/nango/${path}`, { headers: as, body })

interface SessionRequest {
  readonly integration?: string
  readonly [field: string]: unknown
}

async function createSession(
  sandbox: TestSandbox,
  { integration = 'github', ...fields }: SessionRequest = {},
) {
  const body = { tags: { end_user_id: 'u1' }, allowed_integrations: [integration], ...fields }
  const { data } = (await post(sandbox, 'connect/sessions', body)).body
  return { ...data, page: `${data.connect_link}&apiURL=${sandbox.url.origin}/nango` }
}

const connectionsOf = async (sandbox: TestSandbox, query = '') =>
  (await sandbox.request('GET', `/nango/connections${query}`, { headers })).body.connections

describe('the key', () => {
  test('is required, and each call needs its scope', async () => {
    const sandbox = await openSandbox()
    const statusOf = async (path: string, as: Record<string, string>) =>
      (await sandbox.request('GET', `/nango/${path}`, { headers: as })).status
    for (const path of [
      'integrations',
      'providers',
      'connections',
      'connections/x?provider_config_key=github',
    ])
      expect(await statusOf(path, {})).toBe(401)
    const limited = keyOf('sandbox-limited')
    expect(await statusOf('connections', limited)).toBe(200)
    expect((await sandbox.request('GET', '/nango/integrations', { headers: limited })).body).toEqual({
      error: { code: 'forbidden', message: 'Insufficient scope. Required: environment:integrations:list' },
    })
  })

  test('without read_credentials gets empty credentials', async () => {
    const sandbox = await openSandbox()
    await sandbox.decide((await createSession(sandbox)).page, 'approve')
    const [{ connection_id: id }] = await connectionsOf(sandbox)
    const path = `/nango/connections/${id}?provider_config_key=github`
    const read = async (key: string) => (await sandbox.request('GET', path, { headers: keyOf(key) })).body
    expect((await read('sandbox-key')).credentials).toMatchObject({ type: 'OAUTH2' })
    expect(await read('sandbox-limited')).toMatchObject({ connection_id: id, credentials: {} })
  })

  test('of another account has an environment of its own, also for the tokens of its sessions', async () => {
    const sandbox = await openSandbox()
    const acme = keyOf('sandbox-key_acme')
    const body = { tags: { a: 'b' }, allowed_integrations: ['github'] }
    const { token, connect_link } = (await post(sandbox, 'connect/sessions', body, acme)).body.data
    expect(new URL(connect_link).pathname).toBe('/nango/~acme/connect/')
    await sandbox.decide(`${connect_link}&apiURL=x`, 'approve')
    expect(await connectionsOf(sandbox)).toEqual([])
    const remove = () => sandbox.request('DELETE', '/nango/connect/session', { headers: keyOf(token) })
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 401])
  })
})

describe('a session', () => {
  test('expires after 30 minutes', async () => {
    const sandbox = await openSandbox()
    const { page, expires_at } = await createSession(sandbox)
    expect(expires_at).toBe('2026-11-22T12:30:00.000Z')
    expect((await fetch(page)).status).toBe(200)
    sandbox.advance(1_800)
    expect((await fetch(page)).status).toBe(410)
  })

  test.each([
    [{}, 'end_user'],
    [{ end_user: {} }, 'end_user.id'],
    [{ tags: { a: 'b' }, allowed_integrations: ['github', 'nope'] }, 'allowed_integrations.1'],
    [{ tags: { a: 'x'.repeat(256) } }, 'tags.a'],
    [{ tags: { a: 7 } }, 'tags.a'],
    [{ tags: { end_user_email: 'ada' } }, 'tags.end_user_email'],
    [{ tags: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`tag${at}`, 'x'])) }, 'tags'],
    [{ tags: { a: 'b' }, unknown_field: 1 }, ''],
  ])('is refused with the path of the field: %j', async (body, path) => {
    const sandbox = await openSandbox()
    const response = await post(sandbox, 'connect/sessions', body)
    expect([response.status, response.body.error.code]).toEqual([400, 'invalid_body'])
    expect(response.body.error.errors[0].path.join('.')).toBe(path)
  })

  test('ignores an idempotency key: two calls make two sessions', async () => {
    const sandbox = await openSandbox()
    const tokens = await Promise.all([1, 2].map(async () => (await createSession(sandbox)).token))
    expect(new Set(tokens).size).toBe(2)
  })

  test('makes a connection with each use until it is deleted', async () => {
    const sandbox = await openSandbox()
    const { page, token } = await createSession(sandbox)
    await sandbox.decide(page, 'deny')
    expect(await connectionsOf(sandbox)).toEqual([])
    await sandbox.decide(page, 'approve')
    await sandbox.decide(page, 'approve')
    expect(await connectionsOf(sandbox)).toHaveLength(2)
    await sandbox.request('DELETE', '/nango/connect/session', { headers: keyOf(token) })
    expect((await sandbox.decide(page, 'approve')).status).toBe(410)
  })

  test('needs the address of the API in that of its page', async () => {
    const sandbox = await openSandbox()
    expect((await fetch((await createSession(sandbox)).connect_link)).status).toBe(400)
  })

  test('asks for settings without a preset and for credentials, and checks them', async () => {
    const sandbox = await openSandbox()
    const { page } = await createSession(sandbox, { integration: 'shopify-api-key' })
    const html = await (await fetch(page)).text()
    expect(html).toContain('name="subdomain"')
    expect(html).toContain('name="apiKey"')
    expect(await (await sandbox.decide(page, 'approve', { subdomain: 'acme' })).text()).toContain(
      'API key is not valid.',
    )
    await sandbox.decide(page, 'approve', { subdomain: 'acme', apiKey: 'k' })
    const [{ connection_id: id }] = await connectionsOf(sandbox)
    const path = `/nango/connections/${id}?provider_config_key=shopify-api-key`
    const { body } = await sandbox.request('GET', path, { headers })
    expect(body.connection_config).toEqual({ subdomain: 'acme' })
  })
})

describe('a reconnect', () => {
  test('keeps the connection, replaces all tags and repairs it', async () => {
    const sandbox = await openSandbox()
    await sandbox.decide((await createSession(sandbox, { tags: { a: '1', B: '2' } })).page, 'approve')
    const [before] = await connectionsOf(sandbox)
    expect(before.tags).toEqual({ a: '1', b: '2' })
    const id = before.connection_id
    expect(
      (await sandbox.request('POST', '/__sandbox/break', { body: { vendor: 'NANGO', id } })).status,
    ).toBe(204)
    expect(await connectionsOf(sandbox)).toMatchObject([{ errors: [{ type: 'auth' }] }])
    const body = { connection_id: id, integration_id: 'github', tags: { c: '3' } }
    const { connect_link } = (await post(sandbox, 'connect/sessions/reconnect', body)).body.data
    sandbox.advance(60)
    await sandbox.decide(`${connect_link}&apiURL=x`, 'approve')
    expect(await connectionsOf(sandbox)).toEqual([{ ...before, tags: { c: '3' } }])
  })

  test('of an unknown connection is refused without a path', async () => {
    const sandbox = await openSandbox()
    const body = { connection_id: 'nope', integration_id: 'github', tags: { a: 'b' } }
    const response = await post(sandbox, 'connect/sessions/reconnect', body)
    expect([response.status, response.body]).toEqual([
      400,
      { error: { code: 'invalid_body', message: 'ConnectionID or IntegrationId does not exists' } },
    ])
  })
})

test('connections are paged from 0 and filtered by ID, integration, end user and tags', async () => {
  const sandbox = await openSandbox({ connections: 5 })
  expect((await connectionsOf(sandbox, '?limit=2&page=2')).map(({ id }: { id: number }) => id)).toEqual([5])
  expect(await connectionsOf(sandbox, '?limit=2&page=3')).toEqual([])
  expect((await sandbox.request('GET', '/nango/connections?limit=0', { headers })).status).toBe(400)
  const [first] = await connectionsOf(sandbox)
  const id = first.connection_id
  const user = first.tags.end_user_id
  for (const query of [
    `connectionId=${id}`,
    `tags[end_user_id]=${user}`,
    `endUserId=${user}`,
    `search=${id}`,
  ])
    expect(await connectionsOf(sandbox, `?${query}`), query).toEqual([first])
  expect(await connectionsOf(sandbox, `?integrationId=${first.provider_config_key}`)).toContainEqual(first)
})

test('a deleted connection is unknown to a second deletion and to a read, and so is its integration', async () => {
  const sandbox = await openSandbox({ connections: 1 })
  const [{ connection_id: id, provider_config_key: key }] = await connectionsOf(sandbox)
  const send = async (method: string, integration = key) => {
    const path = `/nango/connections/${id}?provider_config_key=${integration}`
    const { status, body } = await sandbox.request(method, path, { headers })
    return [status, body.error?.code ?? body]
  }
  expect(await send('DELETE')).toEqual([200, { success: true }])
  expect(await send('DELETE')).toEqual([400, 'unknown_connection'])
  expect(await send('GET')).toEqual([404, 'not_found'])
  expect(await send('GET', 'nope')).toEqual([400, 'unknown_provider_config'])
})

test('a webhook is signed, and that of a denial has neither tags nor the ID of a connection', async () => {
  const sandbox = await openSandbox()
  const received: { readonly body: string; readonly headers: Record<string, unknown> }[] = []
  const url = await listen(async (request, response) => {
    received.push({ body: await readBody(request), headers: request.headers })
    response.end()
  })
  const { page } = await createSession(sandbox, { webhook_url_override: url.href })
  await sandbox.decide(page, 'deny')
  await sandbox.decide(page, 'approve')
  const [denied, made] = received.map(({ body }) => JSON.parse(body))
  expect(denied).toMatchObject({
    type: 'auth',
    operation: 'creation',
    success: false,
    providerConfigKey: 'github',
    error: { type: 'invalid_callback', description: expect.stringContaining('access_denied') },
  })
  expect(denied).not.toHaveProperty('tags')
  const [connection] = await connectionsOf(sandbox)
  expect(made).toMatchObject({
    success: true,
    connectionId: connection.connection_id,
    tags: { end_user_id: 'u1' },
  })
  for (const { body, headers: sent } of received) {
    expect(sent['x-nango-hmac-sha256']).toBe(createHmac('sha256', 'sandbox-key').update(body).digest('hex'))
    expect(sent['x-nango-signature']).toBe(createHash('sha256').update(`sandbox-key${body}`).digest('hex'))
  }
})
