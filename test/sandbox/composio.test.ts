import { expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from './open.ts'

const headers = { 'x-api-key': 'sandbox-key' }
const send = ({ request }: TestSandbox, method: string, path: string, body?: object) =>
  request(method, `/composio/api/v3.1${path}`, { headers, body })

async function createLink(sandbox: TestSandbox) {
  const { body } = await send(sandbox, 'GET', '/auth_configs?toolkit_slug=github')
  const callback_url = 'https://app.example.com/back'
  const fields = { auth_config_id: body.items[0].id, user_id: 'user-1', callback_url }
  return (await send(sandbox, 'POST', '/connected_accounts/link', fields)).body
}

const statusOf = async (sandbox: TestSandbox, id: string) =>
  (await send(sandbox, 'GET', `/connected_accounts/${id}`)).body.status

test('a link is valid for ten minutes and once, and its account is expired afterwards', async () => {
  const sandbox = await openSandbox()
  const { redirect_url, connected_account_id, expires_at } = await createLink(sandbox)
  expect(expires_at).toBe('2026-11-22T12:10:00.000Z')
  expect(await statusOf(sandbox, connected_account_id)).toBe('INITIATED')
  const denied = await sandbox.decide(redirect_url, 'deny')
  expect(denied.headers.get('location')).toContain('https://app.example.com/back?status=failed')
  expect(await statusOf(sandbox, connected_account_id)).toBe('FAILED')
  await sandbox.decide(redirect_url, 'approve')
  expect(await statusOf(sandbox, connected_account_id)).toBe('ACTIVE')
  expect((await fetch(redirect_url)).status).toBe(410)

  const other = await createLink(sandbox)
  sandbox.advance(600)
  expect((await fetch(other.redirect_url)).status).toBe(410)
  expect(await statusOf(sandbox, other.connected_account_id)).toBe('EXPIRED')
})

test('lists have pages, and filters whose values are joined by commas', async () => {
  const sandbox = await openSandbox({ connections: 120 })
  const ids: string[] = []
  let cursor = ''
  do {
    const { body } = await send(sandbox, 'GET', `/connected_accounts?limit=50&cursor=${cursor}`)
    ids.push(...body.items.map(({ id }: { id: string }) => id))
    cursor = body.next_cursor ?? ''
  } while (cursor !== '')
  expect(new Set(ids).size).toBe(120)
  const filter = 'user_ids=outside_user_2,outside_user_3&statuses=ACTIVE,EXPIRED'
  const { body } = await send(sandbox, 'GET', `/connected_accounts?${filter}`)
  expect(body.items.map(({ user_id }: { user_id: string }) => user_id).toSorted()).toEqual([
    'outside_user_2',
    'outside_user_3',
  ])
})

test('errors have the documented envelope', async () => {
  const sandbox = await openSandbox()
  for (const [method, path, status] of [
    ['GET', '/connected_accounts/ca_none', 404],
    ['POST', '/connected_accounts', 400],
    ['PUT', '/toolkits', 405],
    ['GET', '/nothing', 404],
  ] as const)
    expect(await send(sandbox, method, path, method === 'POST' ? {} : undefined)).toMatchObject({
      status,
      body: { error: { status, slug: expect.any(String), message: expect.any(String) } },
    })
  expect((await sandbox.request('GET', '/composio/api/v3.1/toolkits')).status).toBe(401)
})
