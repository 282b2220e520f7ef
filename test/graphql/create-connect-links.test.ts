import { describe, expect, test, vi } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import {
  createdLink,
  createLinks,
  createLinksMutation,
  inputPath,
  linkInput,
  storedLinks,
} from './create-many.ts'
import { expectNoSecrets } from './faults.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests, providers } from './open.ts'

async function countPosts(gateway: TestGateway): Promise<number> {
  return (await providerRequests(gateway)).filter(({ method }) => method === 'POST').length
}

describe('createConnectLinks', () => {
  test('returns one result per input in order, with errors next to links, for all providers', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const inputs = providers.flatMap((provider, index) => [
      linkInput(provider, { endUser: { id: `user-${index}` } }),
      linkInput(provider, { connector: 'no-such-connector' }),
      linkInput(provider, { tags: [{ key: '', value: 'x' }] }),
    ])
    const expected = providers.flatMap((provider, index) => [
      createdLink(provider, `user-${index}`),
      { __typename: 'NotFoundError', code: 'NOT_FOUND' },
      { __typename: 'InvalidInputError', issues: [{ path: inputPath(index * 3 + 2, 'tags', '0', 'key') }] },
    ])
    expect(await createLinks(gateway, inputs)).toMatchObject(expected)
    expect((await storedLinks(gateway)).map(({ provider }) => provider).sort()).toEqual([...providers].sort())
  })

  test('reports the input index in the path of a warning', async () => {
    const inputs = [linkInput('PIPEDREAM'), linkInput('FIVETRAN', { fivetran: { table: 'leads' } })]
    expect(await createLinks(await startTestGateway(), inputs)).toMatchObject([
      { warnings: [] },
      { warnings: [{ path: inputPath(1, 'fivetran', 'table') }] },
    ])
  })

  test('replays a repeated idempotency key within a call, and returns a conflict for another input', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const keyed = linkInput('PIPEDREAM', { idempotencyKey: 'order-7' })
    const inputs = [keyed, linkInput('CENSUS', { idempotencyKey: 'order-7' }), keyed]
    const expected = [
      createdLink('PIPEDREAM'),
      { code: 'IDEMPOTENCY_CONFLICT' },
      createdLink('PIPEDREAM', 'user-1', true),
    ]
    expect(await createLinks(gateway, inputs)).toMatchObject(expected)
    expect(await storedLinks(gateway)).toHaveLength(1)
    expect(await createLinks(gateway, [keyed])).toMatchObject([createdLink('PIPEDREAM', 'user-1', true)])
  })

  test('selects the provider of inputs without one', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const inputs = [
      linkInput(null, { preferProviders: ['CENSUS'] }),
      linkInput('PIPEDREAM', { idempotencyKey: 'order-7' }),
      linkInput('PIPEDREAM', { preferProviders: ['CENSUS'] }),
      linkInput(null, { connector: 'no-such-application' }),
    ]
    expect(await createLinks(gateway, inputs)).toMatchObject([
      { connectLink: { provider: { key: 'CENSUS' } }, selection: { chosen: 'CENSUS' } },
      { ...createdLink('PIPEDREAM'), selection: null },
      { issues: [{ path: inputPath(2, 'preferProviders') }] },
      { code: 'NOT_FOUND' },
    ])
    expect(await storedLinks(gateway)).toHaveLength(2)
  })

  test('applies the limits of the session to each input', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada', { providers: ['PIPEDREAM'] })
    const github = { connector: 'github' }
    const inputs = [
      { provider: 'PIPEDREAM', input: github },
      { provider: 'CENSUS', input: { connector: 'hubspot' } },
      { provider: 'PIPEDREAM', input: { ...github, endUser: { id: 'bob' } } },
    ]
    const { data } = await ada.query(createLinksMutation, { inputs })
    expect(data?.createConnectLinks).toMatchObject([
      createdLink('PIPEDREAM', 'ada'),
      { issues: [{ path: ['inputs', '1', 'provider'] }] },
      createdLink('PIPEDREAM', 'ada'),
    ])
    expect(await storedLinks(gateway)).toHaveLength(2)
  })

  test.each([0, 101])('rejects %i inputs and creates nothing at the provider', async (count) => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const inputs = Array.from({ length: count }, () => linkInput('PIPEDREAM'))
    const { data, codes } = await postQuery(gateway, createLinksMutation, { inputs })
    expect({ data, codes }).toEqual({ data: null, codes: ['BAD_USER_INPUT'] })
    expect(await countPosts(gateway)).toBe(0)
  })

  test('accepts 100 inputs', async () => {
    const gateway = await startTestGateway()
    const users = Array.from({ length: 100 }, (_, index) => `user-${index}`)
    const inputs = users.map((id) => linkInput('PIPEDREAM', { endUser: { id } }))
    expect(await createLinks(gateway, inputs)).toMatchObject(users.map((id) => createdLink('PIPEDREAM', id)))
  })

  test('returns UnsupportedError for each provider that is not configured', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const results = await createLinks(
      gateway,
      providers.map((provider) => linkInput(provider)),
    )
    const unsupported = { __typename: 'UnsupportedError', code: 'PROVIDER_NOT_CONFIGURED' }
    expect(results).toMatchObject(providers.map((provider) => ({ ...unsupported, provider })))
  })

  test('returns a GraphQL error if one input fails unexpectedly; a repeated call replays the others', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    vi.spyOn(gateway.connect.catalogue, 'of').mockImplementationOnce(() => {
      throw new Error('LEAKED')
    })
    const inputs = ['first', 'second'].map((idempotencyKey) => linkInput('PIPEDREAM', { idempotencyKey }))
    const { text, data, codes } = await postQuery(gateway, createLinksMutation, { inputs })
    expect({ data, codes }).toEqual({ data: null, codes: ['INTERNAL_SERVER_ERROR'] })
    expectNoSecrets(text)
    expect(await storedLinks(gateway)).toHaveLength(1)
    expect(await createLinks(gateway, inputs)).toMatchObject([
      createdLink('PIPEDREAM'),
      createdLink('PIPEDREAM', 'user-1', true),
    ])
    expect(await storedLinks(gateway)).toHaveLength(2)
  })
})

test.each(providers)('while %s is down, createConnectLinks fails only for its links', async (provider) => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const [method, path] = providerFixtures[provider].requests.create
  await gateway.control('POST', 'faults', {
    provider,
    method,
    path,
    times: 1000,
    status: 503,
    body: 'LEAKED',
  })
  const requested = [...providers, ...providers]
  const inputs = requested.map((one) => linkInput(one))
  const down = { __typename: 'ProviderError', code: 'PROVIDER_UNAVAILABLE', provider }
  const { text, data } = await postQuery(gateway, createLinksMutation, { inputs })
  expect(data?.createConnectLinks).toMatchObject(
    requested.map((one) => (one === provider ? down : createdLink(one))),
  )
  expectNoSecrets(text)
  expect(await storedLinks(gateway)).toHaveLength(2 * (providers.length - 1))
})
