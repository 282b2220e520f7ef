import { describe, expect, test } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests } from './open.ts'
import {
  accountOf,
  createAccount,
  createAccountOrThrow,
  credentials,
  issuesOf,
  listAccounts,
  removeAccount,
  rotateAccount,
} from './provider-accounts.ts'

const fivetran = credentials.FIVETRAN('acme')

test.each(providerKeys)('an account of %s is created after a read with its credentials', async (provider) => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const settings = credentials[provider]('acme')
  const providerAccount = accountOf(await createAccount(gateway, { provider, settings }))
  expect(providerAccount).toMatchObject({
    organizationId: 'acme',
    name: `acme at ${provider}`,
    status: 'UP',
    settingNames: Object.keys(settings)
      .map((name) => `${provider}_${name}`)
      .toSorted(),
    provider: { key: provider },
  })
  const [read] = (await providerRequests(gateway)).filter(({ path }) => !path.includes('oauth'))
  expect(read?.method).toBe('GET')
  const { data } = await postQuery(gateway, 'query ($id: ID!) { node(id: $id) { id } }', providerAccount)
  expect(data?.node).toEqual({ id: providerAccount.id })
})

describe('createProviderAccount refuses', () => {
  test.each(providerKeys)('credentials that %s does not accept', async (provider) => {
    const gateway = await startTestGateway()
    const valid = credentials[provider]('acme')
    const secret = ['API_KEY', 'SECRET_KEY', 'CLIENT_SECRET'].find((name) => name in valid) ?? ''
    const result = await createAccount(gateway, { provider, settings: { ...valid, [secret]: 'wrong-Zx81' } })
    expect(result).toMatchObject({ __typename: 'ProviderError', code: 'PROVIDER_UNAUTHORIZED' })
    expect(await listAccounts(gateway)).toMatchObject({ totalCount: 0 })
    expect(JSON.stringify(result) + gateway.logged()).not.toContain('wrong-Zx81')
    // The health is that of stored accounts only.
    const { data } = await postQuery(gateway, '{ providers { status } }')
    expect(JSON.stringify(data)).not.toMatch(/DEGRADED|DOWN/)
  })

  test('settings that the provider does not have, lack or repeat, with an issue each and without their values', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const settings = {
      API_KEY: 'value-1 with-space',
      FIVETRAN_API_KEY: 'value-2',
      FIVETRAN_BASE_URL: 'https://evil.example.com',
      PATH: 'value-4',
      GROUP_ID: '..',
    }
    const result = await createAccount(gateway, { provider: 'FIVETRAN', settings })
    expect(issuesOf(result).map(({ path }) => path.join('.'))).toEqual([
      'input.settings.0.value',
      'input.settings.1.name',
      'input.settings.2.name',
      'input.settings.3.name',
      'input.settings.4.value',
    ])
    expect(JSON.stringify(result)).not.toMatch(/value-|evil/)
    const incomplete = await createAccount(gateway, { provider: 'FIVETRAN', settings: { API_KEY: 'x' } })
    expect(issuesOf(incomplete)).toEqual([
      { path: ['input', 'settings'], message: 'FIVETRAN_API_SECRET is required' },
      { path: ['input', 'settings'], message: 'FIVETRAN_GROUP_ID is required' },
    ])
    const version = { ...credentials.CENSUS('acme'), API_VERSION: '3' }
    expect(issuesOf(await createAccount(gateway, { provider: 'CENSUS', settings: version }))).toEqual([
      { path: ['input', 'settings', '2', 'value'], message: 'must be one of 1, 2' },
    ])
    expect(await providerRequests(gateway)).toEqual([])
  })

  test('a blank organization, a second account of an organization, and an account that is in use', async () => {
    const gateway = await startTestGateway()
    const blank = await createAccount(gateway, {
      provider: 'FIVETRAN',
      organizationId: ' ',
      settings: fivetran,
    })
    expect(issuesOf(blank)).toMatchObject([{ path: ['input', 'organizationId'] }])
    await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings: fivetran })
    const conflict = { __typename: 'ConflictError', code: 'INVALID_STATE' }
    const second = { provider: 'FIVETRAN', settings: credentials.FIVETRAN('second') } as const
    expect(await createAccount(gateway, second)).toMatchObject(conflict)
    const ofOther = { provider: 'FIVETRAN', organizationId: 'other', settings: fivetran } as const
    expect(await createAccount(gateway, ofOther)).toMatchObject(conflict)
    const ofEnvironment = {
      provider: 'XPANDER',
      settings: { API_KEY: 'sandbox-key' },
    } as const
    expect(await createAccount(gateway, ofEnvironment)).toMatchObject(conflict)
  })

  test('sessions, as the other fields do', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada')
    const id = await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings: fivetran })
    for (const document of [
      'mutation { createProviderAccount(input: {provider: FIVETRAN, organizationId: "a", name: "a", settings: []}) { __typename } }',
      `mutation { rotateProviderAccount(id: "${id}", settings: []) { __typename } }`,
      `mutation { removeProviderAccount(id: "${id}") { __typename } }`,
      '{ providerAccounts { nodes { id } } }',
    ])
      expect((await ada.query(document)).codes).toEqual(['FORBIDDEN'])
    const { data } = await ada.query(`{ node(id: "${id}") { id } }`)
    expect(data).toEqual({ node: null })
  })
})

test('no variable that an organization may set is a URL', () => {
  for (const { ownVariables, variables } of Object.values(definitionByKey)) {
    expect(variables).toEqual(expect.arrayContaining([...ownVariables]))
    expect(ownVariables.filter((name) => name.endsWith('_URL'))).toEqual([])
  }
})

test('accounts are listed in pages, by organization and by provider', async () => {
  const gateway = await startTestGateway()
  for (const provider of ['FIVETRAN', 'CENSUS'] as const) {
    gateway.clock.advance(1)
    await createAccountOrThrow(gateway, { provider, settings: credentials[provider]('acme') })
  }
  gateway.clock.advance(1)
  const settings = credentials.FIVETRAN('other')
  await createAccountOrThrow(gateway, { provider: 'FIVETRAN', organizationId: 'other', settings })
  const all = await listAccounts(gateway)
  expect(all).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } })
  expect(all.nodes).toMatchObject([{ organizationId: 'other' }, { organizationId: 'acme' }])
  expect(await listAccounts(gateway, { organizationId: 'acme' })).toMatchObject({ totalCount: 2 })
  expect(await listAccounts(gateway, { provider: 'FIVETRAN' })).toMatchObject({ totalCount: 2 })
  const { data } = await postQuery(
    gateway,
    'query ($after: String) { providerAccounts(after: $after) { nodes { organizationId provider { key } } } }',
    { after: all.pageInfo.endCursor },
  )
  expect(data?.providerAccounts).toEqual({
    nodes: [{ organizationId: 'acme', provider: { key: 'FIVETRAN' } }],
  })
})

describe('rotateProviderAccount', () => {
  test('replaces the given settings and keeps the others', async () => {
    const gateway = await startTestGateway()
    const settings = credentials.XPANDER('acme')
    const id = await createAccountOrThrow(gateway, { provider: 'XPANDER', settings })
    gateway.clock.advance(60)
    const providerAccount = accountOf(await rotateAccount(gateway, id, { API_FAMILY: 'tools' }))
    expect(providerAccount.settingNames).toEqual(['XPANDER_API_FAMILY', 'XPANDER_API_KEY'])
    expect(providerAccount.updatedAt > providerAccount.createdAt).toBe(true)
    expect(providerAccount.verifiedAt).toBe(providerAccount.updatedAt)
  })

  test('refuses other accounts, wrong credentials and unknown ids, and changes nothing then', async () => {
    const gateway = await startTestGateway()
    const id = await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings: fivetran })
    expect(await rotateAccount(gateway, id, credentials.FIVETRAN('other'))).toMatchObject({
      __typename: 'ConflictError',
    })
    expect(await rotateAccount(gateway, id, { API_SECRET: 'wrong' })).toMatchObject({
      code: 'PROVIDER_UNAUTHORIZED',
    })
    expect(
      issuesOf(await rotateAccount(gateway, id, { BASE_URL: 'https://evil.example.com' })),
    ).toMatchObject([{ path: ['settings', '0', 'name'] }])
    expect(await rotateAccount(gateway, 'none', {})).toMatchObject({ __typename: 'NotFoundError' })
    expect(await listAccounts(gateway)).toMatchObject({ nodes: [{ status: 'UP' }] })
  })
})

test('removeProviderAccount deletes the account once', async () => {
  const gateway = await startTestGateway()
  const id = await createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings: fivetran })
  expect(await removeAccount(gateway, id)).toMatchObject({
    providerAccount: { id, status: 'NOT_CONFIGURED' },
  })
  expect(await removeAccount(gateway, id)).toMatchObject({ __typename: 'NotFoundError' })
  expect(await listAccounts(gateway)).toMatchObject({ totalCount: 0 })
  expect(gateway.connect.providers.accounts).toEqual(gateway.connect.providers.configured)
})
