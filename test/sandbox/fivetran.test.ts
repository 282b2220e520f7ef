import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSandbox, type TestSandbox } from './open.ts'

const authorization = `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`
const redirectUri = 'https://app.example/back/tenant?state=1'

function call(sandbox: TestSandbox, method: string, path: string, body?: unknown, headers = {}) {
  return sandbox.request(method, `/fivetran${path}`, { headers: { authorization, ...headers }, body })
}

/** The body of a request to create a paused Google Ads connection with a Connect Card. */
function googleAds(extraFields: object = {}) {
  return {
    group_id: 'sandbox_group',
    service: 'google_ads',
    config: { schema: 'tenant_ads' },
    paused: true,
    run_setup_tests: false,
    connect_card_config: { redirect_uri: redirectUri, hide_setup_guide: true },
    ...extraFields,
  }
}

describe('a Connect Card', () => {
  test('is returned with the new connection; its token has the claims of a real one and no `exp`', async () => {
    const sandbox = await openSandbox()
    const created = await call(sandbox, 'POST', '/v1/connections', googleAds())
    expect([created.status, created.body.code]).toEqual([201, 'Success'])
    const { id, connect_card, status, ...rest } = created.body.data
    expect(id).toMatch(/^[a-z]+(_[a-z]+)+$/)
    expect(rest).toMatchObject({
      schema: 'tenant_ads',
      paused: true,
      succeeded_at: null,
      sync_frequency: 360,
    })
    expect(status).toMatchObject({
      setup_state: 'incomplete',
      sync_state: 'paused',
      is_historical_sync: true,
      tasks: [],
    })
    expect(connect_card.uri).toBe(
      `${sandbox.url.origin}/fivetran/connect-card/setup?redirect_uri=${redirectUri}&auth=${connect_card.token}&hide_setup_guide=true`,
    )
    const claims = JSON.parse(Buffer.from(connect_card.token.split('.')[1], 'base64url').toString())
    expect(claims).toEqual({
      d: expect.objectContaining({ login: true, group: 'sandbox_group', connector: id, method: 'PbfCard' }),
      iat: 1795348800,
    })
  })

  test('passes the setup tests on approval and redirects to the unchanged redirect URI', async () => {
    const sandbox = await openSandbox()
    const { id, connect_card } = (await call(sandbox, 'POST', '/v1/connections', googleAds())).body.data
    const page = await fetch(connect_card.uri)
    expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN')
    const html = await page.text()
    for (const text of ['Google Ads', 'tenant_ads', 'value="approve"', 'no real account'])
      expect(html).toContain(text)
    const approved = await sandbox.decide(connect_card.uri, 'approve')
    expect([approved.status, approved.headers.get('location')]).toEqual([303, redirectUri])
    expect((await fetch(connect_card.uri)).status).toBe(410)
    const listed = await call(sandbox, 'GET', '/v1/groups/sandbox_group/connections')
    expect(listed.body.data.items).toMatchObject([
      { id, service: 'google_ads', status: { setup_state: 'connected' } },
    ])
  })

  test('stays open after failed setup tests; the connection stays incomplete', async () => {
    const sandbox = await openSandbox()
    const { id, connect_card } = (await call(sandbox, 'POST', '/v1/connections', googleAds())).body.data
    const denied = await sandbox.decide(connect_card.uri, 'deny')
    expect([denied.status, await denied.text()]).toEqual([200, expect.stringContaining('Validate Login')])
    const { data } = (await call(sandbox, 'GET', `/v1/connections/${id}`)).body
    expect(data).toMatchObject({ status: { setup_state: 'incomplete' }, setup_tests: [{ status: 'FAILED' }] })
    expect((await sandbox.decide(connect_card.uri, 'approve')).status).toBe(303)
  })

  test('expires 24 hours after its `iat`', async () => {
    const sandbox = await openSandbox()
    const { connect_card } = (await call(sandbox, 'POST', '/v1/connections', googleAds())).body.data
    sandbox.advance(86_399)
    expect((await fetch(connect_card.uri)).status).toBe(200)
    sandbox.advance(1)
    expect((await sandbox.decide(connect_card.uri, 'approve')).status).toBe(410)
    expect((await fetch(new URL('/fivetran/connect-card/setup?auth=guess', sandbox.url))).status).toBe(404)
  })

  test('can be created for an existing connection on the new path, the old path and as a bare token', async () => {
    const sandbox = await openSandbox()
    const plain = googleAds({ connect_card_config: undefined })
    const { id, connect_card } = (await call(sandbox, 'POST', '/v1/connectors', plain)).body.data
    expect(connect_card).toBeUndefined()
    const config = { connect_card_config: { redirect_uri: redirectUri } }
    const card = await call(sandbox, 'POST', `/v1/connections/${id}/connect-card`, config)
    expect(card).toMatchObject({ status: 200, body: { message: 'Connection Connect Card has been created' } })
    expect(card.body.data).toMatchObject({
      connector_id: id,
      connect_card_config: { hide_setup_guide: false },
    })
    const legacy = await call(sandbox, 'POST', `/v1/connectors/${id}/connect-card`, config)
    expect(legacy.body.message).toBe('Connector Connect Card has been created')
    const { token } = (await call(sandbox, 'POST', `/v1/connectors/${id}/connect-card-token`)).body
    const page = new URL(
      `/fivetran/connect-card/setup?redirect_uri=${redirectUri}&auth=${token}`,
      sandbox.url,
    ).href
    expect((await sandbox.decide(page, 'approve')).headers.get('location')).toBe(redirectUri)
    expect((await call(sandbox, 'POST', `/v1/connections/${id}/connect-card`, {})).status).toBe(400)
  })
})

describe('a connection', () => {
  test.each([
    ['a missing group', { group_id: undefined }, 400, 'InvalidInput', "Field 'group_id' is required"],
    ['a missing service', { service: undefined }, 400, 'InvalidInput', "Field 'service' is required"],
    ['an unknown service', { service: 'abacus' }, 400, 'InvalidInput', "Unsupported service 'abacus'"],
    ['a missing schema', { config: {} }, 400, 'InvalidInput', "Field 'schema' is required"],
    ['a missing table', { service: 'google_sheets' }, 400, 'InvalidInput', "Field 'table' is required"],
    [
      'an invalid redirect URI',
      { connect_card_config: { redirect_uri: 'app' } },
      400,
      'InvalidInput',
      'must start with http',
    ],
    ['an unknown group', { group_id: 'nowhere' }, 404, 'NotFound_Group', 'nowhere'],
  ])('is rejected for %s', async (_name, extraFields, status, code, message) => {
    const sandbox = await openSandbox()
    const response = await call(sandbox, 'POST', '/v1/connections', googleAds(extraFields))
    expect(response).toMatchObject({ status, body: { code, message: expect.stringContaining(message) } })
    expect((await call(sandbox, 'GET', '/v1/connections')).body.data).toEqual({ items: [] })
  })

  test('is rejected with 409 when another connection in the group has the same schema', async () => {
    const sandbox = await openSandbox()
    await call(sandbox, 'POST', '/v1/connections', googleAds())
    expect(await call(sandbox, 'POST', '/v1/connections', googleAds())).toMatchObject({
      status: 409,
      body: { code: 'Conflict' },
    })
  })

  test('can sync once it is set up; secrets in its config are masked', async () => {
    const sandbox = await openSandbox()
    const config = { schema: 'crm', api_key: 'hush', domain: 'acme' }
    const created = await call(sandbox, 'POST', '/v1/connections', googleAds({ config }))
    const path = `/v1/connections/${created.body.data.id}`
    expect(created.body.data.config).toEqual({ schema: 'crm', api_key: '******', domain: 'acme' })
    expect((await call(sandbox, 'POST', `${path}/sync`, {})).status).toBe(400)
    expect((await call(sandbox, 'POST', `${path}/test`)).status).toBe(400)
    expect((await call(sandbox, 'POST', `${path}/test`, {})).body.data).toMatchObject({
      setup_tests: [{ status: 'PASSED' }],
      status: { setup_state: 'connected' },
    })
    expect((await call(sandbox, 'PATCH', path, { run_setup_tests: false })).status).toBe(400)
    const patched = await call(sandbox, 'PATCH', path, {
      paused: false,
      sync_frequency: 60,
      config: { schema: 'x' },
    })
    expect(patched.body.data).toMatchObject({ paused: false, sync_frequency: 60, config: { schema: 'crm' } })
    expect((await call(sandbox, 'POST', `${path}/sync`, { force: true })).body).not.toHaveProperty('data')
    const read = async () => (await call(sandbox, 'GET', path)).body.data
    expect((await read()).status.sync_state).toBe('syncing')
    expect((await call(sandbox, 'POST', `${path}/resync`, {})).status).toBe(409)
    sandbox.advance(60)
    expect(await read()).toMatchObject({
      succeeded_at: '2026-11-22T12:01:00.000Z',
      status: { sync_state: 'scheduled', is_historical_sync: false },
    })
    expect((await call(sandbox, 'POST', `${path}/resync`, { scope: {} })).status).toBe(400)
    expect((await call(sandbox, 'GET', `${path}/schemas`)).body.code).toBe('NotFound_SchemaConfig')
  })

  test.each(['connections', 'connectors'])('can be synced by the path /%s/:id/force too', async (paths) => {
    const sandbox = await openSandbox()
    const config = { schema: 'crm', api_key: 'hush' }
    const body = googleAds({ config, paused: false, run_setup_tests: true })
    const { id } = (await call(sandbox, 'POST', '/v1/connections', body)).body.data
    sandbox.advance(60)
    const read = async () => (await call(sandbox, 'GET', `/v1/connections/${id}`)).body.data.status
    expect((await read()).sync_state).toBe('scheduled')
    const forced = await call(sandbox, 'POST', `/v1/${paths}/${id}/force`, {})
    expect([forced.status, forced.body.code]).toEqual([200, 'Success'])
    expect((await read()).sync_state).toBe('syncing')
  })

  test('returns 404 after its deletion', async () => {
    const sandbox = await openSandbox()
    const { id } = (await call(sandbox, 'POST', '/v1/connections', googleAds())).body.data
    expect((await call(sandbox, 'DELETE', `/v1/connections/${id}`)).body).toEqual({
      code: 'Success',
      message: `Connection with id '${id}' has been deleted`,
    })
    expect((await call(sandbox, 'DELETE', `/v1/connections/${id}`)).body.code).toBe('NotFound_Connection')
    expect((await call(sandbox, 'GET', `/v1/connectors/${id}`)).body.code).toBe('NotFound_Connector')
  })
})

test('the API requires the key pair, JSON requests and responses, and known paths and methods', async () => {
  const sandbox = await openSandbox()
  expect((await call(sandbox, 'GET', '/v1/groups', undefined, { authorization: 'Basic eDp5' })).status).toBe(
    401,
  )
  const html = await call(sandbox, 'GET', '/v1/groups', undefined, { accept: 'text/html' })
  expect(html.status).toBe(406)
  const version2 = await call(sandbox, 'GET', '/v1/groups', undefined, {
    accept: 'application/json;version=2',
  })
  expect(version2.headers.get('x-rate-limit-remaining')).toBe('19997')
  expect((await call(sandbox, 'POST', '/v1/groups', 'a=1', { 'content-type': 'text/plain' })).status).toBe(
    415,
  )
  expect((await call(sandbox, 'POST', '/v1/groups', '{')).body.code).toBe('BadRequest')
  expect((await call(sandbox, 'PUT', '/v1/groups')).status).toBe(405)
  expect((await call(sandbox, 'GET', '/v1/nothing')).body).toEqual({
    code: 'NotFound',
    message: 'HTTP 404 Not Found',
  })
  expect((await call(sandbox, 'GET', '/v1/account/info')).body.data.account_id).toBe('sandbox_account')
})

test('lists are paged by an offset cursor; the last page has no next_cursor', async () => {
  const sandbox = await openSandbox({ connectors: 2500, connections: 1200 })
  const list = async (path: string) => (await call(sandbox, 'GET', path)).body
  const first = await list('/v1/metadata/connector-types?limit=1000')
  expect([first.data.items.length, first.data.next_cursor]).toEqual([1000, 'eyJza2lwIjoxMDAwfQ'])
  const last = await list('/v1/metadata/connector-types?limit=1000&cursor=eyJza2lwIjoyMDAwfQ')
  expect(last.data.items).toHaveLength(500)
  expect(last.data).not.toHaveProperty('next_cursor')
  expect(last.data.items.at(-1).id).toMatch(/^sandbox_app_\d{5}$/)
  expect((await list('/v1/connections')).data.items).toHaveLength(100)
  expect((await list('/v1/connections?limit=1001')).code).toBe('InvalidInput')
  expect((await list('/v1/connections?cursor=%7B')).code).toBe('InvalidInput')
  const generated = (await list('/v1/connections?schema=outside_00042')).data.items
  expect(generated).toHaveLength(1)
  await call(sandbox, 'PATCH', `/v1/connections/${generated[0].id}`, { paused: true })
  expect((await list('/v1/connections?schema=outside_00042')).data.items).toMatchObject([{ paused: true }])
})

test('the catalogue returns the naming fields, the auth fields and the URL of an icon', async () => {
  const sandbox = await openSandbox()
  const { data } = (await call(sandbox, 'GET', '/v1/metadata/connector-types/google_sheets')).body
  expect(data).toMatchObject({
    id: 'google_sheets',
    name: 'Google Sheets',
    config: { required: ['schema', 'table'] },
  })
  const icon = await fetch(data.icon_url)
  expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  expect((await call(sandbox, 'GET', '/v1/metadata/connector-types/abacus')).status).toBe(404)
  const unauthenticated = await sandbox.request('GET', '/fivetran/public/connector-types?limit=1')
  expect(unauthenticated.body.data.items).toHaveLength(1)
})

test('a service describes its config, including read-only fields; most describe only the naming fields', async () => {
  const sandbox = await openSandbox()
  const configOf = async (service: string) =>
    (await call(sandbox, 'GET', `/v1/metadata/connector-types/${service}`)).body.data.config
  const postgres = await configOf('postgres')
  expect(postgres).toMatchObject({
    type: 'object',
    properties: {
      schema_prefix: { type: 'string' },
      port: { type: 'integer', readonly: false },
      update_method: { type: 'string', enum: ['QUERY_BASED', 'WAL_PGOUTPUT'] },
      public_key: { readonly: true },
    },
    required: ['schema_prefix'],
  })
  const ads = await configOf('google_ads')
  expect(ads.properties.reports.items.properties.fields.items).toMatchObject({ type: 'string' })
  expect(Object.keys((await configOf('stripe')).properties)).toEqual(['schema'])
})

test('groups can be created, renamed and deleted; their names are unique', async () => {
  const sandbox = await openSandbox()
  const created = await call(sandbox, 'POST', '/v1/groups', { name: 'Acme' })
  expect(created).toMatchObject({ status: 201, body: { data: { name: 'Acme' } } })
  expect((await call(sandbox, 'POST', '/v1/groups', { name: 'Acme' })).body.message).toContain(
    'already in use',
  )
  const path = `/v1/groups/${created.body.data.id}`
  expect((await call(sandbox, 'PATCH', path, { name: 'Acme 2' })).body.data.name).toBe('Acme 2')
  expect((await call(sandbox, 'GET', '/v1/groups')).body.data.items).toHaveLength(2)
  expect((await call(sandbox, 'DELETE', path)).status).toBe(200)
  expect((await call(sandbox, 'GET', `${path}/connections`)).body.code).toBe('NotFound_Group')
  await call(sandbox, 'POST', '/v1/connections', googleAds())
  expect((await call(sandbox, 'DELETE', '/v1/groups/sandbox_group')).status).toBe(409)
})

describe('webhooks', () => {
  test('receive a test event on creation and then signed events of connections', async () => {
    const sandbox = await openSandbox()
    const receiver = await openWebhookReceiver()
    const events = ['connection_successful', 'delete_connector']
    const created = await call(sandbox, 'POST', '/v1/webhooks/account', {
      url: receiver.url,
      events,
      secret: 'salt',
    })
    expect(created).toMatchObject({
      status: 200,
      body: { data: { type: 'account', secret: '******', active: true } },
    })
    expect((await receiver.next()).body).toMatchObject({ event: 'test_event', group_id: '_destination_1' })
    const { id, connect_card } = (await call(sandbox, 'POST', '/v1/connections', googleAds())).body.data
    await sandbox.decide(connect_card.uri, 'approve')
    const event = await receiver.next()
    expect(event.body).toEqual({
      event: 'connection_successful',
      created: '2026-11-22T12:00:00.000Z',
      connector_type: 'google_ads',
      connector_id: id,
      connector_name: 'tenant_ads',
      destination_group_id: 'sandbox_group',
    })
    expect(event.signature?.toLowerCase()).toBe(createHmac('sha256', 'salt').update(event.text).digest('hex'))
    await call(sandbox, 'DELETE', `/v1/connections/${id}`)
    expect((await receiver.next()).body.event).toBe('delete_connector')
  })

  test('are rejected without HTTPS or when the URL does not respond', async () => {
    const sandbox = await openSandbox()
    const create = (url: string, extraFields: object = {}) =>
      call(sandbox, 'POST', '/v1/webhooks/group/sandbox_group', { url, events: ['sync_end'], ...extraFields })
    expect((await create('http://hooks.example/x')).status).toBe(400)
    expect((await create('http://127.0.0.1:9/x')).status).toBe(400)
    const inactive = await create('http://127.0.0.1:9/x', { active: false })
    expect(inactive.body.data).toMatchObject({ type: 'group', group_id: 'sandbox_group', active: false })
    const path = `/v1/webhooks/${inactive.body.data.id}`
    expect((await call(sandbox, 'PATCH', path, { active: true })).status).toBe(400)
    expect((await call(sandbox, 'POST', `${path}/test`, { event: 'sync_end' })).body.data.succeed).toBe(false)
    expect((await call(sandbox, 'GET', '/v1/webhooks')).body.data.items).toHaveLength(1)
    expect((await call(sandbox, 'DELETE', path)).status).toBe(200)
    expect((await call(sandbox, 'GET', path)).status).toBe(404)
  })
})

interface WebhookDelivery {
  readonly text: string
  readonly signature: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the JSON body of any event
  readonly body: any
}

/** A server that collects the webhooks posted to it; `next` returns the oldest, or waits for one. */
async function openWebhookReceiver() {
  const deliveries: WebhookDelivery[] = []
  const waiting: ((delivery: WebhookDelivery) => void)[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const signature = request.headers['x-fivetran-signature-256']?.toString()
    response.end()
    const delivery = { text, signature, body: JSON.parse(text) }
    const reader = waiting.shift()
    if (reader === undefined) deliveries.push(delivery)
    else reader(delivery)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}/inbox`,
    async next(): Promise<WebhookDelivery> {
      const delivery = deliveries.shift()
      return delivery ?? new Promise((resolve) => waiting.push(resolve))
    },
  }
}
