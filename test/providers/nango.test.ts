import { describe, expect, test } from 'vitest'
import { nango } from '../../src/providers/nango/nango.ts'
import { onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { call, openProvider } from './open.ts'

const setup = {
  definition: nango,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

testProvider({
  ...setup,
  connectors: 150,
  secrets: ['sandbox-key', 'Bearer ', 'nango_connect_session_'],
  calls: {
    createLink: { method: 'POST', path: '/connect/sessions' },
    createReconnectLink: { method: 'POST', path: '/connect/sessions/reconnect' },
    revokeLink: { method: 'DELETE', path: '/connect/session' },
    checkLink: { method: 'GET', path: '/connections?tags' },
    getConnection: { method: 'GET', path: '/connections/' },
    listConnections: { method: 'GET', path: '/connections' },
    listConnectors: { method: 'GET', path: '/integrations' },
    disconnect: { method: 'DELETE', path: '/connections/' },
  },
  absent: { getConnection: null, disconnect: false, revokeLink: false },
  revocation: {
    repeated: false,
    progress: { kind: 'open' },
    missing: [
      { url: null },
      { url: 'https://connect.example.com/' },
      { url: 'https://connect.example.com/?session_token=unknown' },
    ],
  },
})

const linkId = '6a3f2c1e-0b7d-4c55-9a51-3f1d2e4b5c6d'

test('a link allows one integration and sends all tags, and its URL contains token and API', async () => {
  const provider = await openProvider(setup)
  const { url, expiry, ...outcome } = await provider.openLink({
    linkId,
    organizationId: 'acme',
    endUser: { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' },
  })
  const [request] = await provider.requests()
  expect(request?.body).toEqual({
    allowed_integrations: ['github'],
    tags: {
      connect_link_id: linkId,
      end_user_id: 'user-1',
      end_user_email: 'ada@example.com',
      end_user_display_name: 'Ada Lovelace',
      organization_id: 'acme',
    },
  })
  expect(expiry).toEqual({ at: new Date(provider.now().getTime() + 1_800_000), source: 'PROVIDER' })
  const { searchParams } = new URL(url)
  expect(searchParams.get('apiURL')).toBe(`${provider.sandbox.url.origin}/nango`)
  const token = searchParams.get('session_token') ?? ''
  expect(token).toMatch(/^nango_connect_session_[0-9a-f]{64}$/)
  const { url: _, ...link } = outcome.link
  expect(JSON.stringify([{ ...outcome, link }])).not.toContain(token)
})

test('presets of the options and the webhook are part of the session', async () => {
  const provider = await openProvider(setup)
  const webhookUri = 'http://127.0.0.1:1/webhooks/nango/secret'
  const { url } = await provider.openLink({
    connectorKey: 'zendesk',
    webhookUri,
    options: { connectionConfig: { subdomain: 'acme' }, userScopes: 'read', authorizationParams: { a: 'b' } },
  })
  const [request] = await provider.requests()
  expect(request?.body).toMatchObject({
    webhook_url_override: webhookUri,
    integrations_config_defaults: {
      zendesk: {
        connection_config: { subdomain: 'acme' },
        user_scopes: 'read',
        authorization_params: { a: 'b' },
      },
    },
  })
  expect(await (await fetch(url)).text()).not.toContain('name="subdomain"')
})

test.each([
  ['a value that is too long for a tag', `${'a'.repeat(250)}@example.com`],
  ['a text that is no email address', 'Ada at example.com'],
])('%s is left out', async (_, email) => {
  const provider = await openProvider(setup)
  const { url, link } = await provider.openLink({ endUser: { id: 'user-1', name: null, email } })
  await provider.decide(url, 'approve')
  expect(onlyConnection(await provider.adapter.checkLink(link, call)).endUserId).toBe('user-1')
})

test('a link of an unknown integration is refused with its name', async () => {
  const provider = await openProvider(setup)
  await expect(provider.openLink({ connectorKey: 'nope' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'Nango has no connector "nope".',
  })
})

describe('a session that is used twice', () => {
  test('completes with its first connection', async () => {
    const provider = await openProvider(setup)
    const { url, link } = await provider.openLink()
    await provider.decide(url, 'approve')
    const first = onlyConnection(await provider.adapter.checkLink(link, call))
    provider.advance(1)
    await provider.decide(url, 'approve')
    expect(await provider.connections()).toHaveLength(2)
    expect(onlyConnection(await provider.adapter.checkLink(link, call))).toEqual(first)
  })

  test('completes after a denial, whose webhook names no connection', async () => {
    const provider = await openProvider(setup)
    const { url, link } = await provider.openLink()
    await provider.decide(url, 'deny')
    const failure = { code: 'ACCESS_DENIED', message: 'The user said no' } as const
    const event = { kind: 'FAILED', remoteId: null, at: null, failure } as const
    expect(await provider.adapter.checkLink({ ...link, event }, call)).toEqual({
      kind: 'open',
      failedAttempt: failure,
    })
    await provider.decide(url, 'approve')
    onlyConnection(await provider.adapter.checkLink(link, call))
  })
})

test('a reconnect sends all tags, also those that the gateway has not set', async () => {
  const provider = await openProvider(setup)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  const connection = onlyConnection(await provider.adapter.checkLink(link, call))
  const { remoteId } = connection
  await fetch(`${provider.sandbox.url.origin}/nango/connections/${remoteId}?provider_config_key=github`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer sandbox-key', 'content-type': 'application/json' },
    body: JSON.stringify({ tags: { plan: 'gold', end_user_id: 'user-1' } }),
  })
  await provider.clearRequests()
  await provider.reconnect(connection, { linkId, organizationId: 'acme' })
  const [request] = (await provider.requests()).filter(({ method }) => method === 'POST')
  expect(request?.body).toEqual({
    connection_id: remoteId,
    integration_id: 'github',
    tags: {
      connect_link_id: linkId,
      end_user_id: 'user-1',
      end_user_display_name: 'Ada Lovelace',
      organization_id: 'acme',
      plan: 'gold',
    },
  })
})

test('a reconnect link does not complete when the credentials are refreshed or the connection is changed', async () => {
  const provider = await openProvider(setup)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  const connection = onlyConnection(await provider.adapter.checkLink(link, call))
  const again = await provider.reconnect(connection)
  provider.advance(60)
  await provider.breakConnection(connection.remoteId) // moves `updated_at`
  expect(await provider.adapter.checkLink(again.link, call)).toEqual({ kind: 'open' })
})

test('checks and syncs read only lists, which have no credentials', async () => {
  const provider = await openProvider(setup)
  const { url, link } = await provider.openLink()
  await provider.decide(url, 'approve')
  const connection = onlyConnection(await provider.adapter.checkLink(link, call))
  const { link: again } = await provider.reconnect(connection)
  await provider.adapter.checkLink(again, call)
  await provider.connections()
  const reads = (await provider.requests()).filter(({ path }) => path.startsWith('/nango/connections/'))
  expect(reads).toEqual([])
})

test('an account recognizes the connections of its own links only', async () => {
  const provider = await openProvider(setup)
  const [own, other] = [await provider.openLink(), await provider.openLink()]
  await provider.decide(own.url, 'approve')
  expect(await provider.adapter.recognizesLink?.(own.link, [], call)).toBe(true)
  expect(await provider.adapter.recognizesLink?.(other.link, [], call)).toBe(false)
})
