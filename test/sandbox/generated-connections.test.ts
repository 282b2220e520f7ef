import { expect, test } from 'vitest'
import { createTestClock } from '../helpers/clock.ts'
import { openSandbox } from './open.ts'

const fivetranKey = Buffer.from('sandbox-key:sandbox-secret').toString('base64')

/** For each vendor, a list of connections and the credentials for it. */
const lists = [
  ['Fivetran', '/fivetran/v1/connections', { authorization: `Basic ${fivetranKey}` }],
  ['Census', '/census/api/v1/destinations', { authorization: 'Bearer secret-token:sandbox' }],
  ['Census', '/census/api/v1/sources', { authorization: 'Bearer secret-token:sandbox' }],
  ['Census', '/census/api/v2/activations', { authorization: 'Bearer sandbox-pat' }],
  ['Pipedream', '/pipedream/v1/connect/proj_sandbox/accounts', {}],
  ['xpander', '/xpander/v1/connectors', { 'x-api-key': 'sandbox-key' }],
  ['Nango', '/nango/connections', { authorization: 'Bearer sandbox-key' }],
  ['Composio', '/composio/api/v3.1/connected_accounts', { 'x-api-key': 'sandbox-key' }],
] as const

async function pipedreamHeaders({ request }: Awaited<ReturnType<typeof openSandbox>>) {
  const body = {
    grant_type: 'client_credentials',
    client_id: 'sandbox-client',
    client_secret: 'sandbox-secret',
  }
  const answer = await request('POST', '/pipedream/v1/oauth/token', { body })
  return { authorization: `Bearer ${answer.body.access_token}`, 'x-pd-environment': 'development' }
}

test.each(lists)('generated rows of %s (%s) are dated from the last reset', async (vendor, path, key) => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ connections: 3, clock })
  async function firstDate(): Promise<number> {
    const headers = vendor === 'Pipedream' ? await pipedreamHeaders(sandbox) : key
    const { text } = await sandbox.request('GET', path, { headers })
    return Date.parse(/"created(?:_at)?":"([^"]+)"/.exec(text)?.[1] ?? '')
  }
  const before = await firstDate()
  expect(before).toBeLessThan(clock.now().getTime())
  clock.advance(86_400)
  expect(await firstDate()).toBe(before)
  await sandbox.request('POST', '/__sandbox/reset')
  expect(await firstDate()).toBe(before + 86_400_000)
})
