import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ProviderKey } from '../../src/domain/provider-key.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createConnection, postQuery, providers } from './open.ts'

const useQuery = `query ($id: ID!) {
  node(id: $id) { ... on Connection { remoteId use { kind values { name value } docsUrl example } } }
}`

const shape = z.object({
  node: z.object({
    remoteId: z.string(),
    use: z
      .object({
        kind: z.string(),
        values: z.array(z.object({ name: z.string(), value: z.string() })),
        docsUrl: z.url(),
        example: z.string(),
      })
      .nullable(),
  }),
})

const readUse = async (gateway: TestGateway, id: string) =>
  shape.parse((await postQuery(gateway, useQuery, { id })).data).node

/** What an application has of its own at each provider; the sandbox's accounts. */
const variables: Readonly<
  Record<ProviderKey, (sandboxUrl: string) => Promise<Readonly<Record<string, string>>>>
> = {
  FIVETRAN: async () => ({
    FIVETRAN_API_CREDENTIALS: Buffer.from('sandbox-key:sandbox-secret').toString('base64'),
  }),
  CENSUS: async () => ({ CENSUS_API_KEY: 'sandbox-pat' }),
  PIPEDREAM: async (sandboxUrl) => {
    const client = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }
    const response = await fetch(`${sandboxUrl}/pipedream/v1/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', ...client }),
    })
    const { access_token } = z.object({ access_token: z.string() }).parse(await response.json())
    const url = Buffer.from('https://api.example.com/me').toString('base64')
    return { PIPEDREAM_ACCESS_TOKEN: access_token, APPLICATION_URL_BASE64: encodeURIComponent(url) }
  },
  NANGO: async () => ({ NANGO_SECRET_KEY: 'sandbox-key', APPLICATION_PATH: 'crm/v3/objects' }),
  COMPOSIO: async () => ({ COMPOSIO_API_KEY: 'sandbox-key', TOOL_SLUG: 'GITHUB_GET_THE_AUTHENTICATED_USER' }),
  XPANDER: async () => ({ XPANDER_API_KEY: 'sandbox-key', OPERATION_ID: 'listResource1' }),
}

/** Runs the command with a function in place of curl, whose arguments are sent as a request. */
function run(command: string, env: Readonly<Record<string, string>>): Promise<Response> {
  const script = `curl() { printf '%s\\n' "$@"; }\n${command}`
  const [, method = '', url = '', ...options] = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' })
    .trimEnd()
    .split('\n')
  const valuesOf = (name: string) => options.filter((_, at) => options[at - 1] === name)
  const headers = valuesOf('-H').map((line): [string, string] => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)]
  })
  const [body = null] = valuesOf('-d')
  return fetch(url, { method, headers, body })
}

describe('Connection.use', () => {
  test.each(providers)('of %s has an example that its provider carries out', async (provider) => {
    const gateway = await startTestGateway()
    const { remoteId, use } = await readUse(gateway, await createConnection(gateway, provider))
    if (use === null) throw new Error('there is no use')
    expect(use.values.map(({ value }) => value)).toContain(remoteId)
    const env = await variables[provider](gateway.sandbox.url.origin)
    for (const name of Object.keys(env)) expect(use.example).toContain(`"$${name}"`)
    const response = await run(use.example, env)
    expect([await response.text(), response.status]).toEqual([expect.any(String), 200])
    // Without the application's own values the provider refuses it: the example has no secrets.
    const empty = Object.fromEntries(Object.keys(env).map((name) => [name, 'none']))
    expect((await run(use.example, empty)).status).toBe(401)
  })

  test.each([
    ['DESTINATION', 'destination_id'],
    ['SOURCE', 'source_id'],
  ] as const)('of version 1 of Census refers to a %s', async (direction, name) => {
    const gateway = await startTestGateway({ env: { CENSUS_API_VERSION: '1' } })
    const connector = direction === 'SOURCE' ? 'postgres' : 'hubspot'
    const id = await createConnection(gateway, 'CENSUS', { connector, direction })
    const { use, remoteId } = await readUse(gateway, id)
    expect(use?.values).toEqual([{ name, value: remoteId }])
    const response = await run(use?.example ?? '', { CENSUS_API_KEY: 'secret-token:sandbox' })
    expect([await response.json(), response.status]).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ id: Number(remoteId) }) }),
      200,
    ])
  })

  test('is not for end users, and gone after a disconnection', async () => {
    const gateway = await startTestGateway()
    const id = await createConnection(gateway, 'FIVETRAN')
    const session = await asEndUser(gateway, 'user-1')
    expect(shape.parse((await session.query(useQuery, { id })).data).node.use).toBeNull()
    await gateway.post(`mutation { disconnectConnection(id: "${id}") { __typename } }`)
    expect((await readUse(gateway, id)).use).toBeNull()
  })

  test('of Pipedream is missing if the end user at Pipedream is not known', async () => {
    const gateway = await startTestGateway()
    const id = await createConnection(gateway, 'PIPEDREAM')
    const assign = `mutation { assignConnection(id: "${id}", endUser: { id: "user-2" }) { __typename } }`
    expect(await (await gateway.post(assign)).text()).toContain('AssignConnectionPayload')
    expect((await readUse(gateway, id)).use).toBeNull()
  })
})
