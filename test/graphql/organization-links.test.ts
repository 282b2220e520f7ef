import { graphql } from 'graphql'
import { describe, expect, test, vi } from 'vitest'
import { createLink } from '../../src/connect/create-link/create-link.ts'
import type { ConnectLinkInput } from '../../src/connect/create-link/validate-input.ts'
import { linkUrl } from '../../src/connect/links/link-url.ts'
import { permissions } from '../../src/domain/permissions.ts'
import type { ProviderKey } from '../../src/domain/provider-key.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import { createGraphQLContext } from '../../src/graphql/context.ts'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { schema } from '../../src/graphql/schema.ts'
import { backgroundWork } from '../../src/http/http-types.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { approveAndReturn, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { everyRow } from './every-row.ts'
import { postQuery, providerRequests, waitForStatus, xpanderKey } from './open.ts'
import {
  accountOf,
  createAccount,
  createAccountOrThrow,
  credentials,
  listAccounts,
  removeAccount,
  rotateAccount,
} from './provider-accounts.ts'

const signal = new AbortController().signal
const apiKey: Viewer = {
  kind: 'API_KEY',
  id: 'key-1',
  name: null,
  scopes: permissions,
  endUser: null,
  organizationAccess: null,
  limits: null,
  expiresAt: null,
}

/** Creates a link for an end user of the organization. */
async function linkFor(
  { connect }: TestGateway,
  organizationId: string | null,
  provider: ProviderKey | null,
  input: Partial<ConnectLinkInput> = {},
) {
  const organization = organizationId === null ? null : { id: organizationId }
  const connector = provider === null ? 'hubspot' : providerFixtures[provider].connectorKey
  const { connectLink } = await createLink(connect, apiKey, {
    request: {
      provider,
      preferProviders: null,
      input: { connector, options: {}, ...input, endUser: { id: 'ada', organization } },
    },
    signal,
  })
  return { ...connectLink, url: linkUrl(connectLink, connect) ?? '' }
}

/** Completes the link and returns its connection. */
async function complete(gateway: TestGateway, { id, url }: { readonly id: string; readonly url: string }) {
  await approveAndReturn(url)
  const { connection } = await waitForStatus(gateway, encodeGlobalId('ConnectLink', id), /COMPLETED/)
  if (!connection) throw new Error('the link has no connection')
  return connection
}

const connectionStatus = async (gateway: TestGateway, id: string) =>
  (await postQuery(gateway, 'query ($id: ID!) { node(id: $id) { ... on Connection { status } } }', { id }))
    .data?.node

const accountKeyOf = ({ connect }: TestGateway, provider: ProviderKey, organizationId?: string) =>
  connect.providers.getConfigured(provider, organizationId).accountKey

describe('links of an organization with an account of its own', () => {
  test.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM'] as const)(
    'are created and completed there, and those of others at the account of the environment: %s',
    async (provider) => {
      const gateway = await startTestGateway()
      const settings = credentials[provider]('acme')
      await createAccountOrThrow(gateway, { provider, settings })
      const own = await linkFor(gateway, 'acme', provider)
      expect(own.accountKey).toBe(accountKeyOf(gateway, provider, 'acme'))
      for (const other of ['globex', null]) {
        const link = await linkFor(gateway, other, provider)
        expect(link.accountKey).toBe(accountKeyOf(gateway, provider))
      }
      expect(own.accountKey).not.toBe(accountKeyOf(gateway, provider))
      const { id } = await complete(gateway, own)
      expect(await connectionStatus(gateway, id)).toEqual({ status: 'ACTIVE' })
      const { adapter } = gateway.connect.providers.getConfigured(provider)
      for await (const { items } of adapter.listConnections([], backgroundWork(signal)))
        expect(items.filter(({ status }) => status === 'ACTIVE')).toEqual([])
    },
  )

  test('without a provider, the gateway selects among its accounts', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX_PORT: '0' } })
    await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings: credentials.FIVETRAN('acme') })
    await gateway.connect.connectorSyncs.ensureFresh(30_000, {
      accounts: gateway.connect.providers.usedBy('acme'),
    })
    const own = await linkFor(gateway, 'acme', null)
    expect(own.accountKey).toBe(accountKeyOf(gateway, own.provider, 'acme'))
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      path: 'sandbox_group_acme',
      times: 100,
      status: 503,
    })
    const sync = gateway.connect.connectionSyncs
    for (let count = 0; count < 3; count++)
      await sync.sync(gateway.connect.providers.getConfigured('FIVETRAN', 'acme'))
    expect((await linkFor(gateway, 'acme', null)).provider).not.toBe('FIVETRAN')
    expect((await linkFor(gateway, 'globex', null)).provider).toBe('FIVETRAN')
  })

  test('under one idempotency key never go to two accounts', async () => {
    const gateway = await startTestGateway()
    const input = { idempotencyKey: 'once' }
    const first = await linkFor(gateway, 'acme', 'CENSUS', input)
    expect((await linkFor(gateway, 'acme', 'CENSUS', input)).id).toBe(first.id)
    await createAccountOrThrow(gateway, { provider: 'CENSUS', settings: credentials.CENSUS('acme') })
    await expect(linkFor(gateway, 'acme', 'CENSUS', input)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })
})

test('an end user whom the account of an organization names belongs to that organization', async () => {
  const gateway = await startTestGateway()
  const settings = credentials.PIPEDREAM('acme')
  const own = await linkFor(gateway, null, 'PIPEDREAM')
  await createAccountOrThrow(gateway, { provider: 'PIPEDREAM', settings })
  const link = await linkFor(gateway, 'acme', 'PIPEDREAM')
  await approveAndReturn(link.url)
  const { connect } = gateway
  await connect.db.deleteFrom('connectLinks').where('id', '<>', own.id).execute()
  await connect.db.deleteFrom('connections').execute()
  await connect.connectionSyncs.sync(connect.providers.getConfigured('PIPEDREAM', 'acme'))
  const rows = await connect.db.selectFrom('connections').selectAll().execute()
  expect(rows).toMatchObject([
    { accountKey: link.accountKey, endUserId: 'ada', organizationId: 'acme', ownerEvidence: 'PROVIDER' },
  ])
})

describe('health', () => {
  const session: Viewer = {
    ...apiKey,
    kind: 'END_USER',
    endUser: { id: 'ada', name: null, email: null, organization: { id: 'acme', name: null } },
  }
  const client = { requestId: 'request-1', address: '127.0.0.1', userAgent: null }

  const statusFor = async ({ connect }: TestGateway, viewer: Viewer) => {
    const contextValue = createGraphQLContext(connect, {
      viewer,
      client,
      request: { signal },
      isAuthenticated: async () => true,
    })
    const source = '{ provider(key: FIVETRAN) { status } }'
    return (await graphql({ schema, source, contextValue })).data?.provider
  }

  test('of one account that is down does not show for the other', async () => {
    const gateway = await startTestGateway()
    await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings: credentials.FIVETRAN('acme') })
    const { providers, connectionSyncs } = gateway.connect
    await gateway.control('POST', 'faults', {
      provider: 'fivetran',
      path: 'sandbox_group_acme',
      times: 100,
      status: 503,
    })
    for (let count = 0; count < 3; count++) {
      await connectionSyncs.sync(providers.getConfigured('FIVETRAN', 'acme'))
      await connectionSyncs.sync(providers.getConfigured('FIVETRAN'))
    }
    expect(await listAccounts(gateway)).toMatchObject({ nodes: [{ status: 'DOWN' }] })
    expect(await statusFor(gateway, session)).toEqual({ status: 'DOWN' })
    expect(await statusFor(gateway, apiKey)).toEqual({ status: 'UP' })
    expect(
      await statusFor(gateway, {
        ...session,
        endUser: { id: 'ada', name: null, email: null, organization: null },
      }),
    ).toEqual({
      status: 'UP',
    })
  })
})

describe('rotated credentials', () => {
  const input = {
    connector: xpanderKey('Algolia'),
    options: { XPANDER: { security: { apiKey: 'key-of-the-user' } } },
  }

  test('keep links and connections if they are another key of the account', async () => {
    const gateway = await startTestGateway()
    const accountId = await createAccountOrThrow(gateway, {
      provider: 'XPANDER',
      settings: credentials.XPANDER('acme'),
    })
    const link = await linkFor(gateway, 'acme', 'XPANDER', input)
    expect(link.status).toBe('COMPLETED')
    const accountKey = accountKeyOf(gateway, 'XPANDER', 'acme')
    const rotated = await rotateAccount(gateway, accountId, { API_KEY: 'sandbox-key_acme.2' })
    expect(rotated).toMatchObject({ providerAccount: { id: accountId } })
    expect(accountKeyOf(gateway, 'XPANDER', 'acme')).toBe(accountKey)
    await gateway.control('DELETE', 'requests')
    await gateway.connect.connectionSyncs.sync(gateway.connect.providers.getConfigured('XPANDER', 'acme'))
    const rows = await gateway.connect.db.selectFrom('connections').selectAll().execute()
    expect(rows).toMatchObject([{ id: link.connectionId, accountKey, status: 'ACTIVE' }])
    expect(await providerRequests(gateway)).not.toEqual([])
    // The former key is free again; the new one is not.
    const another = { provider: 'XPANDER', organizationId: 'globex' } as const
    const taken = await createAccount(gateway, { ...another, settings: { API_KEY: 'sandbox-key_acme.2' } })
    expect(taken).toMatchObject({ __typename: 'ConflictError' })
  })

  test('are refused if they show none of the known connections', async () => {
    const gateway = await startTestGateway()
    const settings = credentials.XPANDER('acme')
    const accountId = await createAccountOrThrow(gateway, { provider: 'XPANDER', settings })
    // Without a known connection there is nothing to compare.
    await rotateAccount(gateway, accountId, credentials.XPANDER('other'))
    await rotateAccount(gateway, accountId, settings)
    await linkFor(gateway, 'acme', 'XPANDER', input)
    expect(await rotateAccount(gateway, accountId, credentials.XPANDER('other'))).toMatchObject({
      __typename: 'ConflictError',
      code: 'INVALID_STATE',
    })
  })
})

test('a removed account leaves its connections as UNKNOWN, and as before if it is created again', async () => {
  const gateway = await startTestGateway()
  const account = { provider: 'CENSUS', settings: credentials.CENSUS('acme') } as const
  const accountId = await createAccountOrThrow(gateway, account)
  const { id } = await complete(gateway, await linkFor(gateway, 'acme', 'CENSUS'))
  await removeAccount(gateway, accountId)
  expect(await connectionStatus(gateway, id)).toEqual({ status: 'UNKNOWN' })
  expect((await linkFor(gateway, 'acme', 'CENSUS')).accountKey).toBe(accountKeyOf(gateway, 'CENSUS'))
  expect(await everyRow()).not.toContain('CENSUS_API_KEY')

  await createAccountOrThrow(gateway, { ...account, organizationId: 'globex' })
  expect(await connectionStatus(gateway, id)).toEqual({ status: 'UNKNOWN' })
  const { nodes } = await listAccounts(gateway)
  await removeAccount(gateway, nodes[0]?.id ?? '')
  await createAccountOrThrow(gateway, account)
  expect(await connectionStatus(gateway, id)).toEqual({ status: 'ACTIVE' })
})

test('credentials are in no row, no log line and no answer', async () => {
  const gateway = await startTestGateway()
  const secrets = [
    ...Object.values(credentials.FIVETRAN('acme')).filter((value) => !value.includes('group')),
    credentials.PIPEDREAM('acme').CLIENT_SECRET,
    credentials.XPANDER('acme').API_KEY,
    'sandbox-pat_acme',
    'wrong-secret-Zx81',
    Buffer.from('sandbox-key_acme:sandbox-secret_acme').toString('base64'),
  ]
  const answers: unknown[] = []
  for (const provider of ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'] as const) {
    const settings = credentials[provider]('acme')
    const secret = 'API_KEY' in settings ? 'API_KEY' : 'CLIENT_SECRET'
    const wrong = { ...settings, [secret]: 'wrong-secret-Zx81' }
    answers.push(await createAccount(gateway, { provider, settings: wrong }))
    const created = await createAccount(gateway, { provider, settings })
    answers.push(
      created,
      await rotateAccount(gateway, accountOf(created).id, { [secret]: 'wrong-secret-Zx81' }),
    )
    await linkFor(gateway, 'acme', provider)
  }
  answers.push(await listAccounts(gateway), (await postQuery(gateway, '{ providers { name status } }')).text)
  const written = `${JSON.stringify(answers)}\n${gateway.logged()}\n${await everyRow()}`
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([])
})

describe('two gateways', () => {
  test('on one database use, rotate and forget the same accounts within seconds', async () => {
    const first = await startTestGateway()
    const second = await startTestGateway({ keepData: true, sandbox: first.sandbox, clock: first.clock })
    const accountId = await createAccountOrThrow(first, {
      provider: 'XPANDER',
      settings: credentials.XPANDER('acme'),
    })
    const environment = accountKeyOf(second, 'XPANDER')
    await vi.waitFor(() => expect(accountKeyOf(second, 'XPANDER', 'acme')).not.toBe(environment), 5_000)
    expect(accountKeyOf(second, 'XPANDER', 'acme')).toBe(accountKeyOf(first, 'XPANDER', 'acme'))
    const before = second.connect.providers.getConfigured('XPANDER', 'acme')

    await rotateAccount(first, accountId, { API_KEY: 'sandbox-key_acme.2' })
    await vi.waitFor(
      () =>
        expect(second.connect.providers.getConfigured('XPANDER', 'acme').adapter).not.toBe(before.adapter),
      5_000,
    )
    await removeAccount(first, accountId)
    await vi.waitFor(() => expect(accountKeyOf(second, 'XPANDER', 'acme')).toBe(environment), 5_000)
  })

  test('an account is there after a restart; one of another base URL is not used', async () => {
    const first = await startTestGateway()
    await createAccountOrThrow(first, { provider: 'CENSUS', settings: credentials.CENSUS('acme') })
    const restarted = await startTestGateway({ keepData: true, sandbox: first.sandbox, clock: first.clock })
    expect(accountKeyOf(restarted, 'CENSUS', 'acme')).toBe(accountKeyOf(first, 'CENSUS', 'acme'))
    const env = {
      CENSUS_API_KEY: 'sandbox-pat',
      CENSUS_GROUP_ID: 'sandbox_group',
      CENSUS_BASE_URL: `${first.sandbox.url.origin}/census`,
    }
    const moved = await startTestGateway({ keepData: true, sandbox: first.sandbox, clock: first.clock, env })
    // Nothing of the organization is created at the account of the environment instead.
    await expect(linkFor(moved, 'acme', 'CENSUS')).rejects.toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED' })
    expect(accountKeyOf(moved, 'CENSUS', 'globex')).toBe(accountKeyOf(moved, 'CENSUS'))
    expect(await listAccounts(moved)).toMatchObject({ nodes: [{ status: 'NOT_CONFIGURED' }] })
    expect(moved.logged()).toContain('a provider account cannot be used')
  })
})
