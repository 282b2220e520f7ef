import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Opened, openSandbox } from './open.ts'

const credentials = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }
const grant = { grant_type: 'client_credentials', ...credentials }
const project = '/pipedream/v1/connect/proj_sandbox'

async function authorize(sandbox: Opened, environment = 'development'): Promise<Record<string, string>> {
  const { body } = await sandbox.ask('POST', '/pipedream/v1/oauth/token', { body: grant })
  return { authorization: `Bearer ${body.access_token}`, 'x-pd-environment': environment }
}

async function openLink(options: { body?: object; app?: string; environment?: string } = {}) {
  const sandbox = await openSandbox()
  const headers = await authorize(sandbox, options.environment)
  const body = { external_user_id: 'user-1', ...options.body }
  const made = await sandbox.ask('POST', `${project}/tokens`, { headers, body })
  const page = `${made.body.connect_link_url}&app=${options.app ?? 'slack_v2'}`
  return { sandbox, headers, made, page }
}

/** Somebody who takes webhooks and keeps their raw texts; they arrive before the page answers. */
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

describe('access', () => {
  test('is granted to JSON and to a form, and not to a wrong secret', async () => {
    const sandbox = await openSandbox()
    const path = '/pipedream/v1/oauth/token'
    const json = await sandbox.ask('POST', path, { body: grant })
    expect(json.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 })
    const form = await fetch(new URL(path, sandbox.url), { method: 'POST', body: new URLSearchParams(grant) })
    expect(form.status).toBe(200)
    const wrong = await sandbox.ask('POST', path, { body: { ...grant, client_secret: 'no' } })
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
  })

  test('ends after an hour, and is refused without a token and in another project', async () => {
    const sandbox = await openSandbox()
    const headers = await authorize(sandbox)
    expect((await sandbox.ask('GET', `${project}/accounts`, { headers })).status).toBe(200)
    expect((await sandbox.ask('GET', '/pipedream/v1/connect/proj_x/accounts', { headers })).status).toBe(404)
    expect((await sandbox.ask('GET', `${project}/accounts`)).body).toEqual({ error: 'Unauthorized' })
    sandbox.advance(3600)
    expect((await sandbox.ask('GET', `${project}/accounts`, { headers })).status).toBe(401)
  })
})

describe('a connect token', () => {
  test('is answered with a link that lasts four hours', async () => {
    const { made, sandbox } = await openLink()
    expect(made.status).toBe(200)
    expect(made.body).toEqual({
      token: expect.stringMatching(/^ctok_[0-9a-f]{32}$/),
      expires_at: '2026-11-22T16:00:00.000Z',
      connect_link_url: `${sandbox.url.origin}/pipedream/_static/connect.html?token=${made.body.token}&connectLink=true`,
    })
  })

  test.each([
    [{ external_user_id: undefined }],
    [{ external_user_id: 'x'.repeat(251) }],
    [{ expires_in: 0 }],
    [{ expires_in: 14_401 }],
    [{ webhook_uri: 7 }],
    [{ allowed_origins: 'https://app.example' }],
  ])('is refused for %j', async (body) => {
    expect((await openLink({ body })).made.status).toBe(400)
  })

  test('takes fields it does not know, and an app', async () => {
    const { made, sandbox } = await openLink({ body: { external_id: 'user-1', app_id: 'github' } })
    expect(await (await fetch(made.body.connect_link_url)).text()).toContain('GitHub')
    const valid = await sandbox.ask('GET', `/pipedream/v1/connect/tokens/${made.body.token}/validate`)
    expect(valid.body).toMatchObject({ success: true, error: null, app: { name_slug: 'github' } })
    const unknown = await sandbox.ask('GET', '/pipedream/v1/connect/tokens/ctok_0/validate?app_id=github')
    expect([unknown.status, unknown.body.success]).toEqual([200, false])
  })

  test('stands in for the access token and sees its own end user only', async () => {
    const { made, sandbox, headers } = await openLink()
    const other = await sandbox.ask('POST', `${project}/tokens`, { headers, body: { external_user_id: 'b' } })
    await sandbox.decide(`${other.body.connect_link_url}&app=notion`, 'approve')
    const own = { authorization: `Bearer ${made.body.token}` }
    expect((await sandbox.ask('GET', '/pipedream/v1/connect/accounts', { headers: own })).body.data).toEqual(
      [],
    )
    const refused = await sandbox.ask('POST', `${project}/tokens`, { headers: own, body: {} })
    expect(refused.status).toBe(401)
    const body = { app_slug: 'openai', cfmap_json: '{"api_key":"k"}', connect_token: made.body.token }
    const keys = await sandbox.ask('POST', `${project}/accounts`, { headers: own, body })
    expect(keys.body).toMatchObject({ external_id: 'user-1', app: { name_slug: 'openai' } })
  })

  test('is limited per end user for a caller that asks to be', async () => {
    const sandbox = await openSandbox()
    const headers = await authorize(sandbox)
    const limits = { window_size_seconds: 60, requests_per_window: 1 }
    const limit = await sandbox.ask('POST', '/pipedream/v1/connect/rate_limits', { headers, body: limits })
    const ask = (user: string, named: Record<string, string> = {}) =>
      sandbox.ask('POST', `${project}/tokens`, {
        headers: { ...headers, ...named },
        body: { external_user_id: user },
      })
    const named = { 'x-pd-rate-limit': limit.body.token }
    expect([(await ask('a', named)).status, (await ask('b', named)).status]).toEqual([200, 200])
    const throttled = await ask('a', named)
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await ask('a')).status).toBe(200)
  })
})

describe('the page', () => {
  test('names app and end user, escaped, and connects an account that is then listed', async () => {
    const body = { external_user_id: 'a <b> & c', success_redirect_uri: 'https://app.example/ok?a=1&b=%20' }
    const { sandbox, headers, page } = await openLink({ body })
    const shown = await (await fetch(page)).text()
    expect(shown).toContain('Connect Slack')
    expect(shown).toContain('a &#60;b&#62; &#38; c')
    const done = await sandbox.decide(page, 'approve')
    expect([done.status, done.headers.get('location')]).toEqual([303, 'https://app.example/ok?a=1&b=%20'])
    const user = encodeURIComponent(body.external_user_id)
    const list = await sandbox.ask('GET', `${project}/accounts?external_user_id=${user}`, { headers })
    expect(list.body.data).toMatchObject([
      { external_id: body.external_user_id, healthy: true, dead: null, app: { name_slug: 'slack_v2' } },
    ])
    expect(list.body.data[0].app.id).toMatch(/^oa_/)
    const one = await sandbox.ask('GET', `${project}/accounts/${list.body.data[0].id}`, { headers })
    expect(one.body).toEqual(list.body.data[0])
    expect((await fetch(page)).status).toBe(410)
  })

  test('sends the webhook with a session number that no double can hold', async () => {
    const hook = await listenForWebhooks()
    const { sandbox, page, made } = await openLink({ body: { webhook_uri: hook.url } })
    await sandbox.decide(page, 'approve')
    const [text = ''] = hook.received
    expect(text).toMatch(/"connect_session_id":\d{30,}[,}]/)
    expect(JSON.parse(text)).toMatchObject({
      event: 'CONNECTION_SUCCESS',
      connect_token: made.body.token,
      environment: 'development',
      account: { external_id: 'user-1', app: { name_slug: 'slack_v2' } },
    })
  })

  test('says no: webhook and error redirect, no account, and the link still works', async () => {
    const hook = await listenForWebhooks()
    const body = { webhook_uri: hook.url, error_redirect_uri: 'https://app.example/no' }
    const { sandbox, headers, page } = await openLink({ body })
    const denied = await sandbox.decide(page, 'deny')
    expect(denied.headers.get('location')).toBe('https://app.example/no')
    expect(JSON.parse(hook.received[0] ?? '')).toMatchObject({
      event: 'CONNECTION_ERROR',
      error: expect.any(String),
    })
    expect((await sandbox.ask('GET', `${project}/accounts`, { headers })).body.data).toEqual([])
    expect((await fetch(page)).status).toBe(200)
  })

  test('refuses links that are incomplete, unknown or expired', async () => {
    const { sandbox, made, page } = await openLink({ body: { expires_in: 60 } })
    expect((await fetch(made.body.connect_link_url)).status).toBe(400)
    expect((await fetch(`${made.body.connect_link_url}&app=nothing`)).status).toBe(404)
    expect(
      (await fetch(`${sandbox.url.origin}/pipedream/_static/connect.html?token=x&app=slack`)).status,
    ).toBe(404)
    sandbox.advance(60)
    expect((await sandbox.decide(page, 'approve')).status).toBe(410)
  })

  test('connects an existing account anew instead of a second one', async () => {
    const { sandbox, headers, page } = await openLink()
    await sandbox.decide(page, 'approve')
    const [old] = (await sandbox.ask('GET', `${project}/accounts`, { headers })).body.data
    sandbox.advance(60)
    const again = await sandbox.ask('POST', `${project}/tokens`, {
      headers,
      body: { external_user_id: 'user-1' },
    })
    await sandbox.decide(`${again.body.connect_link_url}&app=slack_v2&accountId=${old.id}`, 'approve')
    const { data } = (await sandbox.ask('GET', `${project}/accounts`, { headers })).body
    expect(data).toEqual([{ ...old, updated_at: '2026-11-22T12:01:00.000Z' }])
  })
})

describe('accounts', () => {
  test('of one environment are not seen from the other', async () => {
    const { sandbox, headers, page } = await openLink({ environment: 'production' })
    await sandbox.decide(page, 'approve')
    const other = { ...headers, 'x-pd-environment': 'development' }
    expect((await sandbox.ask('GET', `${project}/accounts`, { headers })).body.data).toHaveLength(1)
    expect((await sandbox.ask('GET', `${project}/accounts`, { headers: other })).body.data).toEqual([])
    const wrong = { ...headers, 'x-pd-environment': 'staging' }
    expect((await sandbox.ask('GET', `${project}/accounts`, { headers: wrong })).status).toBe(400)
  })

  test('are deleted one by one, by app and by end user', async () => {
    const external_user_id = 'user 1/é'
    const { sandbox, headers, page } = await openLink({ body: { external_user_id } })
    await sandbox.decide(page, 'approve')
    const [account] = (await sandbox.ask('GET', `${project}/accounts?app=slack_v2`, { headers })).body.data
    const remove = (path: string) => sandbox.ask('DELETE', `${project}/${path}`, { headers })
    expect((await remove(`accounts/${account.id}`)).status).toBe(204)
    expect((await remove(`accounts/${account.id}`)).body).toEqual({ error: 'record not found' })
    const connect = async () => {
      const made = await sandbox.ask('POST', `${project}/tokens`, { headers, body: { external_user_id } })
      await sandbox.decide(`${made.body.connect_link_url}&app=slack_v2`, 'approve')
    }
    await connect()
    expect((await remove('apps/slack_v2/accounts')).status).toBe(204)
    await connect()
    const user = encodeURIComponent(external_user_id)
    expect((await sandbox.ask('GET', `${project}/users/${user}/accounts`, { headers })).body).toHaveLength(1)
    expect((await sandbox.ask('GET', `${project}/users?q=1/`, { headers })).body.data).toMatchObject([
      { id: expect.stringMatching(/^exu_/), external_id: external_user_id },
    ])
    expect((await remove(`users/${user}`)).status).toBe(204)
    expect((await remove(`users/${user}`)).status).toBe(404)
  })

  test('are paged with a cursor on the last page too, after which an empty page ends the walk', async () => {
    const sandbox = await openSandbox({ connections: 25 })
    const headers = await authorize(sandbox)
    const seen: string[] = []
    const sizes: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const path = `${project}/accounts?limit=10&after=${cursor}`
      const { body } = await sandbox.ask('GET', path, { headers })
      expect(body.page_info.total_count).toBe(25)
      sizes.push(body.page_info.count)
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = body.page_info.end_cursor
    }
    expect(sizes).toEqual([10, 10, 5, 0])
    expect(new Set(seen).size).toBe(25)
    const before = `${project}/accounts?limit=2&before=${Buffer.from(seen[4] ?? '').toString('base64url')}`
    const { body } = await sandbox.ask('GET', before, { headers })
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(seen.slice(2, 4))
  })

  test('that are deleted during a walk lose nothing of the rest', async () => {
    const sandbox = await openSandbox({ connections: 5 })
    const headers = await authorize(sandbox)
    const first = await sandbox.ask('GET', `${project}/accounts?limit=2`, { headers })
    await sandbox.ask('DELETE', `${project}/accounts/${first.body.data[1].id}`, { headers })
    const after = first.body.page_info.end_cursor
    const rest = await sandbox.ask('GET', `${project}/accounts?after=${after}`, { headers })
    expect(rest.body.data).toHaveLength(3)
  })
})

describe('apps', () => {
  test('are listed, searched, sorted and padded', async () => {
    const sandbox = await openSandbox({ connectors: 300 })
    const headers = await authorize(sandbox)
    const ask = async (query: string) =>
      (await sandbox.ask('GET', `/pipedream/v1/connect/apps?${query}`, { headers })).body
    expect((await ask('limit=100')).page_info).toMatchObject({ count: 100, total_count: 300 })
    expect((await ask('')).data[0]).toMatchObject({ name_slug: 'slack_v2', auth_type: 'oauth' })
    const slugs = async (query: string) =>
      (await ask(query)).data.map((app: { name_slug: string }) => app.name_slug)
    expect(await slugs('q=linear&has_actions=1')).toEqual(['linear_app', 'linear'])
    expect(await slugs('sort_key=name&limit=2')).toEqual(['activecampaign', 'airtable_oauth'])
    expect(await slugs('q=sandbox_app_00042')).toEqual(['sandbox_app_00042'])
  })

  test('come wrapped, by slug or id, and their categories bare', async () => {
    const sandbox = await openSandbox()
    const headers = await authorize(sandbox)
    const one = await sandbox.ask('GET', '/pipedream/v1/apps/openai', { headers })
    expect(one.body.data).toMatchObject({
      name: 'OpenAI (ChatGPT)',
      auth_type: 'keys',
      categories: [expect.any(String)],
    })
    expect(JSON.parse(one.body.data.custom_fields_json)[0]).toMatchObject({
      name: 'api_key',
      type: 'password',
    })
    const byId = await sandbox.ask('GET', `/pipedream/v1/connect/apps/${one.body.data.id}`, { headers })
    expect(byId.body).toEqual(one.body)
    const [category] = (await sandbox.ask('GET', '/pipedream/v1/connect/app_categories', { headers })).body
    expect(category).toMatchObject({ id: expect.stringMatching(/^appcat_/) })
    const inCategory = await sandbox.ask('GET', `/pipedream/v1/apps?category_ids=${category.id}`, { headers })
    expect(inCategory.body.data[0].categories).toEqual([category.name])
    const info = await sandbox.ask('GET', `${project}/projects/info`, { headers })
    expect(info.body.apps[0]).toMatchObject({ name_slug: 'slack_v2' })
  })
})

test('access, links and accounts outlive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dataFile = join(folder, 'sandbox.json')
  const first = await openSandbox({ dataFile })
  const headers = await authorize(first)
  const made = await first.ask('POST', `${project}/tokens`, { headers, body: { external_user_id: 'a' } })
  const query = `/pipedream/_static/connect.html?token=${made.body.token}&app=notion`
  await first.close()
  const second = await openSandbox({ dataFile })
  expect((await second.decide(second.url.origin + query, 'approve')).status).toBe(200)
  await second.close()
  const third = await openSandbox({ dataFile })
  expect((await third.ask('GET', `${project}/accounts`, { headers })).body.data).toHaveLength(1)
  expect((await fetch(third.url.origin + query)).status).toBe(410)
})
