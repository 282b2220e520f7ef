import { describe, expect, test } from 'vitest'
import { InvalidInputError, NotFoundError, UnsupportedError } from '../../src/domain/errors.ts'
import { composio } from '../../src/providers/composio/composio.ts'
import { connectionDeleted, linkDeleted } from '../../src/providers/link-failure.ts'
import { createConnection, onlyConnection } from './connected.ts'
import { testProvider } from './contract.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: composio,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

const accounts = '/api/v3.1/connected_accounts'

testProvider({
  ...setup,
  connectors: 150,
  secrets: ['sandbox-key', 'sandbox-oauth', 'sandbox-client-secret'],
  calls: {
    createLink: { method: 'POST', path: `${accounts}/link` },
    createReconnectLink: { method: 'POST', path: '/refresh' },
    checkLink: { method: 'GET', path: `${accounts}/` },
    getConnection: { method: 'GET', path: `${accounts}/` },
    listConnections: { method: 'GET', path: `${accounts}?` },
    listConnectors: { method: 'GET', path: '/api/v3.1/toolkits' },
    disconnect: { method: 'DELETE', path: `${accounts}/` },
  },
  absent: { checkLink: linkDeleted, getConnection: null, disconnect: false },
})

/** A request to the sandbox's API, as another program of the project sends it. */
async function send({ sandbox }: TestProvider, method: string, path: string, body: object = {}) {
  const response = await fetch(`${sandbox.url}composio/api/v3.1${path}`, {
    method,
    headers: { 'x-api-key': 'sandbox-key', 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}

const setEnabled = (provider: TestProvider, id: string, isEnabled: boolean) =>
  send(provider, 'PATCH', `/auth_configs/${id}/${isEnabled ? 'ENABLED' : 'DISABLED'}`)

const authConfigsOf = async (provider: TestProvider, slug: string): Promise<string[]> =>
  (await send(provider, 'GET', `/auth_configs?toolkit_slug=${slug}`)).items.map(
    ({ id }: { id: string }) => id,
  )

const addAuthConfig = async (provider: TestProvider, slug: string): Promise<string> =>
  (await send(provider, 'POST', '/auth_configs', { toolkit: { slug } })).auth_config.id

const linkBody = async ({ requests }: TestProvider) =>
  (await requests()).findLast(({ path }) => path.endsWith('/link'))?.body

describe('a connect link', () => {
  test('has the end user, the return address and the values for the page, and keeps only the ID of the account', async () => {
    const provider = await openProvider(setup)
    const options = { connectionData: { subdomain: 'acme' } }
    const { url, link, ...outcome } = await provider.openLink({ connectorKey: 'zendesk', options })
    expect(await linkBody(provider)).toMatchObject({
      user_id: 'user-1',
      callback_url: 'https://app.example.com/return?state=1',
      connection_data: { subdomain: 'acme' },
    })
    expect(outcome).toMatchObject({
      expiry: { at: new Date('2026-11-22T12:10:00Z'), source: 'PROVIDER' },
      pendingConnection: null,
      remoteLinkId: null,
      providerState: { accountId: expect.stringMatching(/^ca_/) },
    })
    const token = new URL(url).pathname.split('/').at(-1) ?? ''
    // The URL of the link itself is stored encrypted.
    expect(JSON.stringify([{ ...link, url: null }, outcome])).not.toContain(token)
  })

  test('uses the oldest enabled auth config, or the one of the options', async () => {
    const provider = await openProvider(setup)
    const [first = ''] = await authConfigsOf(provider, 'github')
    provider.advance(60)
    const second = await addAuthConfig(provider, 'github')
    await provider.openLink()
    expect(await linkBody(provider)).toMatchObject({ auth_config_id: first })
    await provider.openLink({ options: { authConfigId: second } })
    expect(await linkBody(provider)).toMatchObject({ auth_config_id: second })
    await setEnabled(provider, first, false)
    await provider.openLink()
    expect(await linkBody(provider)).toMatchObject({ auth_config_id: second })
  })

  test('is refused for an auth config of another toolkit, with the field', async () => {
    const provider = await openProvider(setup)
    const [authConfigId] = await authConfigsOf(provider, 'slack')
    const failing = provider.openLink({ options: { authConfigId } })
    await expect(failing).rejects.toBeInstanceOf(InvalidInputError)
    await expect(failing).rejects.toMatchObject({
      issues: [{ path: ['input', 'composio', 'authConfigId'] }],
    })
  })

  test('is refused for a toolkit without an enabled auth config, and for one that does not exist', async () => {
    const provider = await openProvider(setup)
    const failing = provider.openLink({ connectorKey: 'workday' })
    await expect(failing).rejects.toBeInstanceOf(UnsupportedError)
    await expect(failing).rejects.toThrow('no enabled auth config')
    await expect(provider.openLink({ connectorKey: 'nothing' })).rejects.toBeInstanceOf(NotFoundError)
    expect(await linkBody(provider)).toBeUndefined()
  })

  test('of a denial has the failure, and expires with its account', async () => {
    const provider = await openProvider(setup)
    const { url, link } = await provider.openLink()
    await provider.decide(url, 'deny')
    expect(await provider.adapter.checkLink(link, call)).toMatchObject({
      kind: 'open',
      failedAttempt: { message: 'OAuth callback failed during token exchange' },
    })
    const other = await provider.openLink()
    provider.advance(600)
    expect(await provider.adapter.checkLink(other.link, call)).toEqual({
      kind: 'ended',
      status: 'EXPIRED',
      reason: 'EXPIRED_AT_PROVIDER',
    })
  })

  test('ends when its account is revoked, and fails when it is deleted', async () => {
    const provider = await openProvider(setup)
    const accountOf = ({ providerState }: Awaited<ReturnType<TestProvider['openLink']>>['link']) =>
      (providerState as { readonly accountId: string }).accountId
    const [{ link: revoked }, { link: deleted }] = [await provider.openLink(), await provider.openLink()]
    await send(provider, 'POST', `/connected_accounts/${accountOf(revoked)}/revoke`)
    await send(provider, 'DELETE', `/connected_accounts/${accountOf(deleted)}`)
    const { adapter } = provider
    expect(await adapter.checkLink(revoked, call)).toMatchObject({ kind: 'ended', status: 'REVOKED' })
    expect(await adapter.checkLink(deleted, call)).toEqual(linkDeleted)
    expect(await adapter.recognizesLink?.(revoked, [], call)).toBe(true)
    expect(await adapter.recognizesLink?.(deleted, [], call)).toBe(false)
  })
})

describe('a connection', () => {
  const read = async (provider: TestProvider, remoteId: string) =>
    provider.adapter.getConnection({ remoteId, direction: 'TOOL', connectorKey: 'github' }, call)

  test('has the end user that Composio reports', async () => {
    const provider = await openProvider(setup)
    expect(await createConnection(provider)).toMatchObject({
      endUserId: 'user-1',
      status: 'ACTIVE',
      health: 'OK',
    })
  })

  test('is paused while it is disabled, and needs attention after a revocation or without its auth config', async () => {
    const provider = await openProvider(setup)
    const { remoteId } = await createConnection(provider)
    await send(provider, 'PATCH', `/connected_accounts/${remoteId}/status`, { enabled: false })
    expect(await read(provider, remoteId)).toMatchObject({ status: 'PAUSED' })
    await send(provider, 'PATCH', `/connected_accounts/${remoteId}/status`, { enabled: true })
    const [authConfigId = ''] = await authConfigsOf(provider, 'github')
    await setEnabled(provider, authConfigId, false)
    expect(await read(provider, remoteId)).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'DEGRADED' })
    await send(provider, 'POST', `/connected_accounts/${remoteId}/revoke`)
    expect(await read(provider, remoteId)).toMatchObject({ status: 'NEEDS_ATTENTION', health: 'REVOKED' })
  })

  test('is not finished before its first authorization, nor if that failed or was not done in time', async () => {
    const provider = await openProvider(setup)
    const { url } = await provider.openLink()
    await provider.openLink()
    await provider.decide(url, 'deny')
    expect((await provider.connections()).map(({ authorization }) => authorization)).toEqual([
      'FAILED',
      'OPEN',
    ])
    provider.advance(600)
    expect((await provider.connections()).map(({ authorization }) => authorization)).toEqual([
      'FAILED',
      'FAILED',
    ])
  })

  test('is deleted with its authorization at the application', async () => {
    const provider = await openProvider(setup)
    await provider.adapter.disconnect?.(await createConnection(provider), call)
    const [deletion] = (await provider.requests()).filter(({ method }) => method === 'DELETE')
    expect(deletion?.path).toContain('?revoke_on_delete=true')
  })

  test('is read without the credentials in the response', async () => {
    const provider = await openProvider(setup)
    const connection = await createConnection(provider)
    const { items } = await send(provider, 'GET', '/connected_accounts')
    expect(JSON.stringify(items)).toContain('sandbox-oauth-access-token')
    const read = [connection, await provider.connections(), await provider.connectors()]
    expect(JSON.stringify(read) + provider.logged()).not.toMatch(/sandbox-oauth|client-secret/)
  })
})

describe('a reconnect link', () => {
  test('leaves a working connection unfinished, not pending, until the new authorization has succeeded', async () => {
    const provider = await openProvider(setup)
    const { adapter } = provider
    const connection = await createConnection(provider)
    const { url, link, expiry, instructions } = await provider.reconnect(connection)
    expect(expiry.source).toBe('PROVIDER_DEFAULT')
    expect(instructions).toContain('cannot be used')
    expect(await adapter.getConnection(connection, call)).toMatchObject({ authorization: 'OPEN' })
    await provider.decide(url, 'approve')
    expect(onlyConnection(await adapter.checkLink(link, call))).toEqual(connection)
  })

  test('that was not used leaves a connection that needs a new authorization', async () => {
    const provider = await openProvider(setup)
    const connection = await createConnection(provider)
    await provider.reconnect(connection)
    provider.advance(600)
    expect(await provider.adapter.getConnection(connection, call)).toMatchObject({
      authorization: 'FAILED',
      status: 'NEEDS_ATTENTION',
      health: 'NEEDS_REAUTH',
    })
  })

  test('is refused for keys before anything is sent', async () => {
    const provider = await openProvider(setup)
    const { url, link } = await provider.openLink({ connectorKey: 'stripe' })
    await provider.decide(url, 'approve', { generic_api_key: 'key' })
    const connection = onlyConnection(await provider.adapter.checkLink(link, call))
    await provider.clearRequests()
    await expect(provider.reconnect(connection)).rejects.toBeInstanceOf(UnsupportedError)
    expect((await provider.requests()).filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('of an account that stays active completes only after a return and a change of the account', async () => {
    const provider = await openProvider(setup)
    const connection = await createConnection(provider)
    const { link, providerState } = await provider.reconnect(connection)
    await send(provider, 'PATCH', `/connected_accounts/${connection.remoteId}/status`, { enabled: true })
    const stays = { ...link, providerState: { ...(providerState as object), staysActive: true } }
    const returnedAt = provider.now()
    expect(await provider.adapter.checkLink(stays, call)).toEqual({ kind: 'open' })
    expect(await provider.adapter.checkLink({ ...stays, returnedAt }, call)).toEqual({ kind: 'open' })
    provider.advance(60)
    await send(provider, 'PATCH', `/connected_accounts/${connection.remoteId}/status`, { enabled: true })
    expect(await provider.adapter.checkLink(stays, call)).toEqual({ kind: 'open' })
    expect(await provider.adapter.checkLink({ ...stays, returnedAt }, call)).toMatchObject({
      kind: 'completed',
    })
    await send(provider, 'DELETE', `/connected_accounts/${connection.remoteId}`)
    expect(await provider.adapter.checkLink(stays, call)).toEqual(connectionDeleted)
  })
})

describe('the catalogue', () => {
  test('has the auth scheme of the auth config, and is linkable only with an enabled one', async () => {
    const provider = await openProvider(setup)
    const [github = ''] = await authConfigsOf(provider, 'github')
    await setEnabled(provider, github, false)
    const connectors = new Map((await provider.connectors()).map((one) => [one.key, one]))
    expect(connectors.get('github')).toMatchObject({ auth: 'OAUTH', linkable: false })
    expect(connectors.get('stripe')).toMatchObject({ auth: 'KEYS', linkable: true, categories: ['payments'] })
    expect(connectors.get('workday')).toMatchObject({ auth: 'OAUTH', linkable: false })
    expect(connectors.get('weathermap')).toMatchObject({ auth: 'NONE', linkable: false })
  })

  test('describes what the page asks for', async () => {
    const { adapter } = await openProvider(setup)
    expect(await adapter.fetchConfigSchema?.('freshdesk', call)).toMatchObject({
      properties: { subdomain: { title: 'Subdomain' }, password: { writeOnly: true } },
      required: ['subdomain', 'username', 'password'],
    })
    expect(await adapter.fetchConfigSchema?.('github', call)).toBeNull()
    expect(await adapter.fetchConfigSchema?.('workday', call)).toBeNull()
  })
})
