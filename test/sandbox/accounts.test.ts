import { expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from './open.ts'

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const acme = basic('sandbox-key_acme:sandbox-secret_acme')
const main = basic('sandbox-key:sandbox-secret')

const groupsOf = async (sandbox: TestSandbox, headers: Record<string, string>) => {
  const { body } = await sandbox.request('GET', '/fivetran/v1/groups', { headers })
  return body.data.items.map(({ id }: { id: string }) => id)
}

test('credentials with a suffix are those of another account, which has a state of its own', async () => {
  const sandbox = await openSandbox()
  expect(await groupsOf(sandbox, main)).toEqual(['sandbox_group'])
  expect(await groupsOf(sandbox, acme)).toEqual(['sandbox_group_acme'])

  const link = '/census/api/v2/activation_connect_links'
  const body = { type: 'hubspot', group_id: 'sandbox_group_acme' }
  const pat = { authorization: 'Bearer sandbox-pat_acme' }
  const created = await sandbox.request('POST', link, { headers: pat, body })
  expect(new URL(created.body.data.uri).pathname).toBe('/census/~acme/pbc')
  await sandbox.decide(created.body.data.uri, 'approve')
  const list = async (headers: Record<string, string>) =>
    (await sandbox.request('GET', '/census/api/v2/activations', { headers })).body.data.length
  expect(await list(pat)).toBe(1)
  expect(await list({ authorization: 'Bearer sandbox-pat' })).toBe(0)
})

test('an access token belongs to the account of its client', async () => {
  const sandbox = await openSandbox()
  const token = async (suffix: string) => {
    const body = {
      grant_type: 'client_credentials',
      client_id: `sandbox-client${suffix}`,
      client_secret: `sandbox-secret${suffix}`,
    }
    const response = await sandbox.request('POST', '/pipedream/v1/oauth/token', { body })
    return { authorization: `Bearer ${response.body.access_token}`, 'x-pd-environment': 'development' }
  }
  const statusOf = async (project: string, headers: Record<string, string>) =>
    (await sandbox.request('GET', `/pipedream/v1/connect/${project}/accounts`, { headers })).status
  expect(await statusOf('proj_sandbox_acme', await token('_acme'))).toBe(200)
  expect(await statusOf('proj_sandbox', await token('_acme'))).toBe(404)
  expect(await statusOf('proj_sandbox_acme', await token(''))).toBe(404)
})

test.each([
  basic('sandbox-key_acme:sandbox-secret'),
  basic('sandbox-key:sandbox-secret_acme'),
  basic('wrong'),
])('the parts of credentials must be of one account: %o', async (headers) => {
  const sandbox = await openSandbox()
  expect((await sandbox.request('GET', '/fivetran/v1/groups', { headers })).status).toBe(401)
})
