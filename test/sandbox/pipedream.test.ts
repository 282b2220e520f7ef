import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSandbox, type TestSandbox } from './open.ts'

const credentials = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }
const grant = { grant_type: 'client_credentials', ...credentials }
const project = '/pipedream/v1/connect/proj_sandbox'

async function authorize(sandbox: TestSandbox, environment = 'development'): Promise<Record<string, string>> {
  const { body } = await sandbox.request('POST', '/pipedream/v1/oauth/token', { body: grant })
  return { authorization: `Bearer ${body.access_token}`, 'x-pd-environment': environment }
}

async function openLink(options: { body?: object; app?: string; environment?: string } = {}) {
  const sandbox = await openSandbox()
  const headers = await authorize(sandbox, options.environment)
  const body = { external_user_id: 'user-1', ...options.body }
  const created = await sandbox.request('POST', `${project}/tokens`, { headers, body })
  const page = `${created.body.connect_link_url}&app=${options.app ?? 'slack_v2'}`
  return { sandbox, headers, created, page }
}

/** A server that collects the raw bodies of webhooks; these are sent before the page responds. */
async function listenForWebhooks() {
  const received: string[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    received.push(text)
    response.end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { url: `http://127.0.0.1:${port}/hook`, received }
}

describe('an access token', () => {
  test('is issued for a JSON and a form request, but not for a wrong secret', async () => {
    const sandbox = await openSandbox()
    const path = '/pipedream/v1/oauth/token'
    const json = await sandbox.request('POST', path, { body: grant })
    expect(json.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 })
    const form = await fetch(new URL(path, sandbox.url), { method: 'POST', body: new URLSearchParams(grant) })
    expect(form.status).toBe(200)
    const wrong = await sandbox.request('POST', path, { body: { ...grant, client_secret: 'no' } })
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
  })

  test('expires after an hour; requests without a token and for another project are rejected', async () => {
    const sandbox = await openSandbox()
    const headers = await authorize(sandbox)
    expect((await sandbox.request('GET', `${project}/accounts`, { headers })).status).toBe(200)
    expect((await sandbox.request('GET', '/pipedream/v1/connect/proj_x/accounts', { headers })).status).toBe(
      404,
    )
    expect((await sandbox.request('GET', `${project}/accounts`)).body).toEqual({ error: 'Unauthorized' })
    sandbox.advance(3600)
    expect((await sandbox.request('GET', `${project}/accounts`, { headers })).status).toBe(401)
  })
})

describe('a connect token', () => {
  test('is returned with a link that expires after four hours', async () => {
    const { created, sandbox } = await openLink()
    expect(created.status).toBe(200)
    expect(created.body).toEqual({
      token: expect.stringMatching(/^ctok_[0-9a-f]{32}$/),
      expires_at: '2026-11-22T16:00:00.000Z',
      connect_link_url: `${sandbox.url.origin}/pipedream/_static/connect.html?token=${created.body.token}&connectLink=true`,
    })
  })

  test.each([
    [{ external_user_id: undefined }],
    [{ external_user_id: 'x'.repeat(251) }],
    [{ expires_in: 0 }],
    [{ expires_in: 14_401 }],
    [{ webhook_uri: 7 }],
    [{ allowed_origins: 'https://app.example' }],
  ])('is rejected for %j', async (body) => {
    expect((await openLink({ body })).created.status).toBe(400)
  })

  test('accepts unknown fields and an app', async () => {
    const { created, sandbox } = await openLink({ body: { external_id: 'user-1', app_id: 'github' } })
    expect(await (await fetch(created.body.connect_link_url)).text()).toContain('GitHub')
    const valid = await sandbox.request('GET', `/pipedream/v1/connect/tokens/${created.body.token}/validate`)
    expect(valid.body).toMatchObject({ success: true, error: null, app: { name_slug: 'github' } })
    const unknown = await sandbox.request('GET', '/pipedream/v1/connect/tokens/ctok_0/validate?app_id=github')
    expect([unknown.status, unknown.body.success]).toEqual([200, false])
  })

  test('can be used instead of the access token, for its own end user only', async () => {
    const { created, sandbox, headers } = await openLink()
    const other = await sandbox.request('POST', `${project}/tokens`, {
      headers,
      body: { external_user_id: 'b' },
    })
    await sandbox.decide(`${other.body.connect_link_url}&app=notion`, 'approve')
    const own = { authorization: `Bearer ${created.body.token}` }
    expect(
      (await sandbox.request('GET', '/pipedream/v1/connect/accounts', { headers: own })).body.data,
    ).toEqual([])
    const rejected = await sandbox.request('POST', `${project}/tokens`, { headers: own, body: {} })
    expect(rejected.status).toBe(401)
    const body = { app_slug: 'openai', cfmap_json: '{"api_key":"k"}', connect_token: created.body.token }
    const keys = await sandbox.request('POST', `${project}/accounts`, { headers: own, body })
    expect(keys.body).toMatchObject({ external_id: 'user-1', app: { name_slug: 'openai' } })
  })

  test('is rate limited per end user when the caller references a limit', async () => {
    const sandbox = await openSandbox()
    const headers = await authorize(sandbox)
    const limits = { window_size_seconds: 60, requests_per_window: 1 }
    const limit = await sandbox.request('POST', '/pipedream/v1/connect/rate_limits', {
      headers,
      body: limits,
    })
    const createToken = (user: string, limitHeader: Record<string, string> = {}) =>
      sandbox.request('POST', `${project}/tokens`, {
        headers: { ...headers, ...limitHeader },
        body: { external_user_id: user },
      })
    const limitHeader = { 'x-pd-rate-limit': limit.body.token }
    expect([
      (await createToken('a', limitHeader)).status,
      (await createToken('b', limitHeader)).status,
    ]).toEqual([200, 200])
    const throttled = await createToken('a', limitHeader)
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await createToken('a')).status).toBe(200)
  })
})

describe('the page', () => {
  test('shows app and end user, HTML-escaped, and connects an account that is then listed', async () => {
    const body = { external_user_id: 'a <b> & c', success_redirect_uri: 'https://app.example/ok?a=1&b=%20' }
    const { sandbox, headers, page } = await openLink({ body })
    const html = await (await fetch(page)).text()
    expect(html).toContain('Connect Slack')
    expect(html).toContain('a &#60;b&#62; &#38; c')
    const approved = await sandbox.decide(page, 'approve')
    expect([approved.status, approved.headers.get('location')]).toEqual([
      303,
      'https://app.example/ok?a=1&b=%20',
    ])
    const user = encodeURIComponent(body.external_user_id)
    const list = await sandbox.request('GET', `${project}/accounts?external_user_id=${user}`, { headers })
    expect(list.body.data).toMatchObject([
      { external_id: body.external_user_id, healthy: true, dead: null, app: { name_slug: 'slack_v2' } },
    ])
    expect(list.body.data[0].app.id).toMatch(/^oa_/)
    const one = await sandbox.request('GET', `${project}/accounts/${list.body.data[0].id}`, { headers })
    expect(one.body).toEqual(list.body.data[0])
    expect((await fetch(page)).status).toBe(410)
  })

  test('sends the webhook with a session ID that exceeds the precision of a double', async () => {
    const hook = await listenForWebhooks()
    const { sandbox, page, created } = await openLink({ body: { webhook_uri: hook.url } })
    await sandbox.decide(page, 'approve')
    const [text = ''] = hook.received
    expect(text).toMatch(/"connect_session_id":\d{30,}[,}]/)
    expect(JSON.parse(text)).toMatchObject({
      event: 'CONNECTION_SUCCESS',
      connect_token: created.body.token,
      environment: 'development',
      account: { external_id: 'user-1', app: { name_slug: 'slack_v2' } },
    })
  })

  test('sends the webhook and the error redirect on denial, creates no account and keeps the link valid', async () => {
    const hook = await listenForWebhooks()
    const body = { webhook_uri: hook.url, error_redirect_uri: 'https://app.example/no' }
    const { sandbox, headers, page } = await openLink({ body })
    const denied = await sandbox.decide(page, 'deny')
    expect(denied.headers.get('location')).toBe('https://app.example/no')
    expect(JSON.parse(hook.received[0] ?? '')).toMatchObject({
      event: 'CONNECTION_ERROR',
      error: expect.any(String),
    })
    expect((await sandbox.request('GET', `${project}/accounts`, { headers })).body.data).toEqual([])
    expect((await fetch(page)).status).toBe(200)
  })

  test('rejects links that are incomplete, unknown or expired', async () => {
    const { sandbox, created, page } = await openLink({ body: { expires_in: 60 } })
    expect((await fetch(created.body.connect_link_url)).status).toBe(400)
    expect((await fetch(`${created.body.connect_link_url}&app=nothing`)).status).toBe(404)
    expect(
      (await fetch(`${sandbox.url.origin}/pipedream/_static/connect.html?token=x&app=slack`)).status,
    ).toBe(404)
    sandbox.advance(60)
    expect((await sandbox.decide(page, 'approve')).status).toBe(410)
  })

  test('reconnects an existing account instead of creating a second one', async () => {
    const { sandbox, headers, page } = await openLink()
    await sandbox.decide(page, 'approve')
    const [existing] = (await sandbox.request('GET', `${project}/accounts`, { headers })).body.data
    sandbox.advance(60)
    const renewal = await sandbox.request('POST', `${project}/tokens`, {
      headers,
      body: { external_user_id: 'user-1' },
    })
    await sandbox.decide(`${renewal.body.connect_link_url}&app=slack_v2&accountId=${existing.id}`, 'approve')
    const { data } = (await sandbox.request('GET', `${project}/accounts`, { headers })).body
    expect(data).toEqual([{ ...existing, updated_at: '2026-11-22T12:01:00.000Z' }])
  })
})

describe('accounts', () => {
  test('of one environment are not returned in the other', async () => {
    const { sandbox, headers, page } = await openLink({ environment: 'production' })
    await sandbox.decide(page, 'approve')
    const other = { ...headers, 'x-pd-environment': 'development' }
    expect((await sandbox.request('GET', `${project}/accounts`, { headers })).body.data).toHaveLength(1)
    expect((await sandbox.request('GET', `${project}/accounts`, { headers: other })).body.data).toEqual([])
    const wrong = { ...headers, 'x-pd-environment': 'staging' }
    expect((await sandbox.request('GET', `${project}/accounts`, { headers: wrong })).status).toBe(400)
  })

  test('can be deleted by ID, by app and by end user', async () => {
    const external_user_id = 'user 1/é'
    const { sandbox, headers, page } = await openLink({ body: { external_user_id } })
    await sandbox.decide(page, 'approve')
    const [account] = (await sandbox.request('GET', `${project}/accounts?app=slack_v2`, { headers })).body
      .data
    const remove = (path: string) => sandbox.request('DELETE', `${project}/${path}`, { headers })
    expect((await remove(`accounts/${account.id}`)).status).toBe(204)
    expect((await remove(`accounts/${account.id}`)).body).toEqual({ error: 'record not found' })
    const connect = async () => {
      const created = await sandbox.request('POST', `${project}/tokens`, {
        headers,
        body: { external_user_id },
      })
      await sandbox.decide(`${created.body.connect_link_url}&app=slack_v2`, 'approve')
    }
    await connect()
    expect((await remove('apps/slack_v2/accounts')).status).toBe(204)
    await connect()
    const user = encodeURIComponent(external_user_id)
    expect(
      (await sandbox.request('GET', `${project}/users/${user}/accounts`, { headers })).body,
    ).toHaveLength(1)
    expect((await sandbox.request('GET', `${project}/users?q=1/`, { headers })).body.data).toMatchObject([
      { id: expect.stringMatching(/^exu_/), external_id: external_user_id },
    ])
    expect((await remove(`users/${user}`)).status).toBe(204)
    expect((await remove(`users/${user}`)).status).toBe(404)
  })

  test('leave their end user behind when the last one is deleted', async () => {
    const { sandbox, headers, page } = await openLink()
    const get = async (path: string) =>
      (await sandbox.request('GET', `${project}/${path}`, { headers })).body.data
    const remove = (path: string) => sandbox.request('DELETE', `${project}/${path}`, { headers })
    await sandbox.decide(page, 'approve')
    const [account] = await get('accounts')
    const users = await get('users')
    expect(users).toMatchObject([{ external_id: 'user-1' }])

    await remove(`accounts/${account.id}`)
    expect(await get('accounts')).toEqual([])
    expect(await get('users')).toEqual(users)
    expect((await remove('users/user-1')).status).toBe(204)
    expect(await get('users')).toEqual([])
  })

  test('are paged with a cursor on the last page too; an empty page without a cursor is the end', async () => {
    const sandbox = await openSandbox({ connections: 25 })
    const headers = await authorize(sandbox)
    const seen: string[] = []
    const sizes: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const path = `${project}/accounts?limit=10&after=${cursor}`
      const { body } = await sandbox.request('GET', path, { headers })
      expect(body.page_info.total_count).toBe(25)
      sizes.push(body.page_info.count)
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = body.page_info.end_cursor
    }
    expect(sizes).toEqual([10, 10, 5, 0])
    expect(new Set(seen).size).toBe(25)
    const before = `${project}/accounts?limit=2&before=${Buffer.from(seen[4] ?? '').toString('base64url')}`
    const { body } = await sandbox.request('GET', before, { headers })
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(seen.slice(2, 4))
  })

  test('are all returned when one is deleted between two pages', async () => {
    const sandbox = await openSandbox({ connections: 5 })
    const headers = await authorize(sandbox)
    const first = await sandbox.request('GET', `${project}/accounts?limit=2`, { headers })
    await sandbox.request('DELETE', `${project}/accounts/${first.body.data[1].id}`, { headers })
    const after = first.body.page_info.end_cursor
    const rest = await sandbox.request('GET', `${project}/accounts?after=${after}`, { headers })
    expect(rest.body.data).toHaveLength(3)
  })
})

describe('apps', () => {
  test('can be listed, searched, sorted and padded', async () => {
    const sandbox = await openSandbox({ connectors: 300 })
    const headers = await authorize(sandbox)
    const listApps = async (query: string) =>
      (await sandbox.request('GET', `/pipedream/v1/connect/apps?${query}`, { headers })).body
    expect((await listApps('limit=100')).page_info).toMatchObject({ count: 100, total_count: 300 })
    expect((await listApps('')).data[0]).toMatchObject({ name_slug: 'slack_v2', auth_type: 'oauth' })
    const slugs = async (query: string) =>
      (await listApps(query)).data.map((app: { name_slug: string }) => app.name_slug)
    expect(await slugs('q=linear&has_actions=1')).toEqual(['linear_app', 'linear'])
    expect(await slugs('sort_key=name&limit=2')).toEqual(['activecampaign', 'airtable_oauth'])
    expect(await slugs('q=sandbox_app_00042')).toEqual(['sandbox_app_00042'])
  })

  test('are wrapped in `data`, by slug or ID; their categories are not', async () => {
    const sandbox = await openSandbox()
    const headers = await authorize(sandbox)
    const one = await sandbox.request('GET', '/pipedream/v1/apps/openai', { headers })
    expect(one.body.data).toMatchObject({
      name: 'OpenAI (ChatGPT)',
      auth_type: 'keys',
      categories: [expect.any(String)],
    })
    expect(JSON.parse(one.body.data.custom_fields_json)[0]).toMatchObject({
      name: 'api_key',
      type: 'password',
    })
    const byId = await sandbox.request('GET', `/pipedream/v1/connect/apps/${one.body.data.id}`, { headers })
    expect(byId.body).toEqual(one.body)
    const [category] = (await sandbox.request('GET', '/pipedream/v1/connect/app_categories', { headers }))
      .body
    expect(category).toMatchObject({ id: expect.stringMatching(/^appcat_/) })
    const inCategory = await sandbox.request('GET', `/pipedream/v1/apps?category_ids=${category.id}`, {
      headers,
    })
    expect(inCategory.body.data[0].categories).toEqual([category.name])
    const info = await sandbox.request('GET', `${project}/projects/info`, { headers })
    expect(info.body.apps[0]).toMatchObject({ name_slug: 'slack_v2' })
  })
})

test('access tokens, links and accounts are kept across a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dataFile = join(folder, 'sandbox.json')
  const first = await openSandbox({ dataFile })
  const headers = await authorize(first)
  const created = await first.request('POST', `${project}/tokens`, {
    headers,
    body: { external_user_id: 'a' },
  })
  const query = `/pipedream/_static/connect.html?token=${created.body.token}&app=notion`
  await first.close()
  const second = await openSandbox({ dataFile })
  expect((await second.decide(second.url.origin + query, 'approve')).status).toBe(200)
  await second.close()
  const third = await openSandbox({ dataFile })
  expect((await third.request('GET', `${project}/accounts`, { headers })).body.data).toHaveLength(1)
  expect((await fetch(third.url.origin + query)).status).toBe(410)
})
