import { describe, expect, test, vi } from 'vitest'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { at, create, document, entry, linksIn, made } from './create-many.ts'
import { calls, expectNoSecrets } from './faults.ts'
import { answerTo, forgetRequests, providers, requestsTo } from './open.ts'

async function postsTo(gateway: TestGateway): Promise<number> {
  return (await requestsTo(gateway)).filter(({ method }) => method === 'POST').length
}

describe('many links at once', () => {
  test('are answered in order, the bad ones among the good ones, over all providers', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const inputs = providers.flatMap((provider, index) => [
      entry(provider, { endUser: { id: `user-${index}` } }),
      entry(provider, { connector: 'no-such-connector' }),
      entry(provider, { tags: [{ key: '', value: 'x' }] }),
    ])
    const expected = providers.flatMap((provider, index) => [
      made(provider, `user-${index}`),
      { __typename: 'NotFoundError', code: 'NOT_FOUND' },
      { __typename: 'InvalidInputError', issues: [{ path: at(index * 3 + 2, 'tags', '0', 'key') }] },
    ])
    expect(await create(gateway, inputs)).toMatchObject(expected)
    expect((await linksIn(gateway)).map(({ provider }) => provider).sort()).toEqual([...providers].sort())
  })

  test('say where in the list an option is that could not be honoured', async () => {
    const inputs = [entry('PIPEDREAM'), entry('FIVETRAN', { fivetran: { table: 'leads' } })]
    expect(await create(await startTestGateway(), inputs)).toMatchObject([
      { warnings: [] },
      { warnings: [{ path: at(1, 'fivetran', 'table') }] },
    ])
  })

  test('share what an idempotency key promises: the second is replayed, and another input is a conflict', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const keyed = entry('PIPEDREAM', { idempotencyKey: 'order-7' })
    const inputs = [keyed, entry('CENSUS', { idempotencyKey: 'order-7' }), keyed]
    const expected = [made('PIPEDREAM'), { code: 'IDEMPOTENCY_CONFLICT' }, made('PIPEDREAM', 'user-1', true)]
    expect(await create(gateway, inputs)).toMatchObject(expected)
    expect(await linksIn(gateway)).toHaveLength(1)
    expect(await create(gateway, [keyed])).toMatchObject([made('PIPEDREAM', 'user-1', true)])
  })

  test('may leave the provider open', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const inputs = [
      entry(null, { preferProviders: ['CENSUS'] }),
      entry('PIPEDREAM', { idempotencyKey: 'order-7' }),
      entry('PIPEDREAM', { preferProviders: ['CENSUS'] }),
      entry(null, { connector: 'no-such-application' }),
    ]
    expect(await create(gateway, inputs)).toMatchObject([
      { connectLink: { provider: { key: 'CENSUS' } }, selection: { chosen: 'CENSUS' } },
      { ...made('PIPEDREAM'), selection: null },
      { issues: [{ path: at(2, 'preferProviders') }] },
      { code: 'NOT_FOUND' },
    ])
    expect(await linksIn(gateway)).toHaveLength(2)
  })

  test('are bound by the session of the end user, each for itself', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada', { providers: ['PIPEDREAM'] })
    const own = { connector: 'github' }
    const inputs = [
      { provider: 'PIPEDREAM', input: own },
      { provider: 'CENSUS', input: { connector: 'hubspot' } },
      { provider: 'PIPEDREAM', input: { ...own, endUser: { id: 'bob' } } },
    ]
    const { data } = await ada.ask(document, { inputs })
    expect(data?.createConnectLinks).toMatchObject([
      made('PIPEDREAM', 'ada'),
      { issues: [{ path: ['inputs', '1', 'provider'] }] },
      made('PIPEDREAM', 'ada'),
    ])
    expect(await linksIn(gateway)).toHaveLength(2)
  })

  test.each([0, 101])('are refused when they are %i, and nothing is sent', async (count) => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const inputs = Array.from({ length: count }, () => entry('PIPEDREAM'))
    const { data, codes } = await answerTo(gateway, document, { inputs })
    expect({ data, codes }).toEqual({ data: null, codes: ['BAD_USER_INPUT'] })
    expect(await postsTo(gateway)).toBe(0)
  })

  test('may be a hundred', async () => {
    const gateway = await startTestGateway()
    const users = Array.from({ length: 100 }, (_, index) => `user-${index}`)
    const inputs = users.map((id) => entry('PIPEDREAM', { endUser: { id } }))
    expect(await create(gateway, inputs)).toMatchObject(users.map((id) => made('PIPEDREAM', id)))
  })

  test('tell each of the provider that is not configured', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const answers = await create(
      gateway,
      providers.map((provider) => entry(provider)),
    )
    const refusal = { __typename: 'UnsupportedError', code: 'PROVIDER_NOT_CONFIGURED' }
    expect(answers).toMatchObject(providers.map((provider) => ({ ...refusal, provider })))
  })

  test('are an error of the whole request when one goes wrong in no known way, and the same call finds the others', async () => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    vi.spyOn(gateway.connect.catalogue, 'get').mockImplementationOnce(() => {
      throw new Error('LEAKED')
    })
    const inputs = ['first', 'second'].map((idempotencyKey) => entry('PIPEDREAM', { idempotencyKey }))
    const { text, data, codes } = await answerTo(gateway, document, { inputs })
    expect({ data, codes }).toEqual({ data: null, codes: ['INTERNAL_SERVER_ERROR'] })
    expectNoSecrets(text)
    expect(await linksIn(gateway)).toHaveLength(1)
    expect(await create(gateway, inputs)).toMatchObject([
      made('PIPEDREAM'),
      made('PIPEDREAM', 'user-1', true),
    ])
    expect(await linksIn(gateway)).toHaveLength(2)
  })
})

test.each(providers)('while %s is down, only its own links fail', async (provider) => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  const [method, path] = calls.creating[provider]
  await gateway.control('POST', 'faults', {
    provider,
    method,
    path,
    times: 1000,
    status: 503,
    body: 'LEAKED',
  })
  const named = [...providers, ...providers]
  const inputs = named.map((one) => entry(one))
  const down = { __typename: 'ProviderError', code: 'PROVIDER_UNAVAILABLE', provider }
  const { text, data } = await answerTo(gateway, document, { inputs })
  expect(data?.createConnectLinks).toMatchObject(named.map((one) => (one === provider ? down : made(one))))
  expectNoSecrets(text)
  expect(await linksIn(gateway)).toHaveLength(6)
})
