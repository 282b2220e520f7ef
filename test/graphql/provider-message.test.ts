import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { postQuery, providers, xpanderKey } from './open.ts'
import { createLinkWithSelection, injectFault, startGatewayWithCatalogue } from './select-provider.ts'

const mutation = `mutation ($provider: ProviderKey!, $input: CreateConnectLinkInput!) {
  createConnectLink(provider: $provider, input: $input) {
    __typename ... on Error { code message } ... on ProviderError { providerMessage } } }`

const inputFor = (provider: ProviderKey, input: Partial<CreateConnectLinkInput>) => ({
  connector: providerFixtures[provider].connectorKey,
  endUser: { id: 'user-1' },
  ...input,
})

/** Fails the request that creates a link with this message. */
async function rejectCreation({ control }: TestGateway, provider: ProviderKey, message: unknown) {
  const [method, path] = providerFixtures[provider].requests.create
  const body = { code: 'InvalidInput', message, detail: [{ loc: ['body', 'apiKey'], msg: 'is invalid' }] }
  await control('POST', 'faults', { provider, method, path, status: 400, times: 10, body })
}

const encodings = [
  (text: string) => text,
  (text: string) => JSON.stringify(JSON.stringify({ error: text })),
  encodeURIComponent,
  (text: string) => Buffer.from(text).toString('base64'),
  (text: string) => Buffer.from(JSON.stringify({ key: text })).toString('base64url'),
]
const allForms = (secrets: readonly string[]) =>
  secrets.flatMap((secret) => encodings.map((encode) => encode(secret)))

/** The forms that occur in the text, and those whose base64 does. */
function formsIn(text: string, secrets: readonly string[]): readonly string[] {
  const decoded = [...text.matchAll(/[\w+/-]{8,}/g)].map(([run]) => Buffer.from(run, 'base64').toString())
  const searched = [text, ...decoded].join('\n')
  return allForms(secrets).filter((form) => searched.includes(form))
}

/** Inputs with secrets, and all secrets that the request for them contains, or that only look like some. */
const inputs = [
  [
    'FIVETRAN',
    { fivetran: { config: { api_key: 'swordfish one', nested: { list: ['opensesame'] } } } },
    ['swordfish one', 'opensesame', 'sandbox-key', 'sandbox-secret', 'sandbox-key:sandbox-secret'],
  ],
  [
    'XPANDER',
    {
      connector: xpanderKey('Algolia'),
      xpander: { security: { apiKey: 'swordfish one' }, headers: { 'x-app': 'opensesame' } },
    },
    ['swordfish one', 'opensesame', 'sandbox-key'],
  ],
  [
    'PIPEDREAM',
    {},
    ['ctok_0123456789abcdef0123456789abcdef', 'https://pipedream.com/connect?token=opensesame'],
  ],
  ['CENSUS', {}, ['sandbox-pat', 'secret-token:AbCdEf0123456789']],
] as const satisfies readonly (readonly [ProviderKey, Partial<CreateConnectLinkInput>, readonly string[]])[]

describe.each(inputs)('%s', (provider, input, secrets) => {
  test('an API key gets the message and the field paths; no secret reaches the answer or the log', async () => {
    const gateway = await startTestGateway()
    await rejectCreation(gateway, provider, `This value was refused: ${allForms(secrets).join(' ')}`)
    const { text, data } = await postQuery(gateway, mutation, { provider, input: inputFor(provider, input) })
    expect(data?.createConnectLink).toMatchObject({
      code: 'PROVIDER_REJECTED',
      providerMessage: expect.stringMatching(
        /^This value was refused: .*\[redacted\].*is invalid \(body\.apiKey\)$/,
      ),
    })
    expect(formsIn(text, secrets)).toEqual([])
    expect(formsIn(gateway.logged(), secrets)).toEqual([])
    expect(gateway.logged()).toMatch(/"level":30[^\n]*This value was refused/)
  })
})

test.each(providers)('%s: a session gets no message', async (provider) => {
  const gateway = await startTestGateway()
  await rejectCreation(gateway, provider, 'This value was refused')
  const user = await asEndUser(gateway, 'user-1')
  const { text, data } = await user.query(mutation, { provider, input: inputFor(provider, {}) })
  expect(data?.createConnectLink).toMatchObject({ code: 'PROVIDER_REJECTED', providerMessage: null })
  expect(text).not.toContain('refused')
})

describe('a feature that the plan lacks', () => {
  const body = {
    status: 403,
    message: 'feature not available for the organisation',
    detail: 'upgrade your plan',
  }

  test.each(providers)('is no failure of the provider: %s', async (provider) => {
    const gateway = await startTestGateway()
    const [method, path] = providerFixtures[provider].requests.create
    await injectFault(gateway, provider, { method, path, status: 403, times: 10, body })
    for (let call = 0; call < 3; call++) {
      const { data } = await postQuery(gateway, mutation, { provider, input: inputFor(provider, {}) })
      expect(data?.createConnectLink).toMatchObject({
        code: 'PROVIDER_REJECTED',
        message: expect.stringContaining('feature'),
        providerMessage: expect.stringContaining('feature not available'),
      })
    }
    const { data } = await postQuery(gateway, `{ provider(key: ${provider}) { status } }`)
    expect(data?.provider).toEqual({ status: 'UP' })
  })

  test('lets the selection continue with another provider; rejected input does not', async () => {
    const gateway = await startGatewayWithCatalogue()
    const [method, path] = providerFixtures.FIVETRAN.requests.create
    await injectFault(gateway, 'FIVETRAN', { method, path, status: 403, body })
    expect(await createLinkWithSelection(gateway)).toMatchObject({
      selection: { chosen: 'CENSUS', rejected: [{ provider: 'FIVETRAN' }, {}, {}, {}] },
    })
    await injectFault(gateway, 'FIVETRAN', { method, path, status: 400, body })
    expect(await createLinkWithSelection(gateway)).toMatchObject({
      code: 'PROVIDER_REJECTED',
      provider: 'FIVETRAN',
    })
  })
})
