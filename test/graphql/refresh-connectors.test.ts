import { expect, test } from 'vitest'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { answerTo, forgetRequests, requestsTo } from './open.ts'

const document = `mutation ($providers: [ProviderKey!]) {
  refreshConnectors(providers: $providers) {
    ... on RefreshConnectorsPayload { syncStatus { provider state syncedAt error } }
    ... on Error { code }
    ... on UnsupportedError { provider }
  }
}`

const refresh = async (gateway: TestGateway, providers?: readonly string[]) =>
  (await answerTo(gateway, document, { providers })).data?.refreshConnectors

/** Which providers have been asked for their catalogues. */
const asked = async (gateway: TestGateway) => [
  ...new Set((await requestsTo(gateway)).map(({ path }) => path.split('/')[1])),
]

test('the catalogues that are named are read now, and all when none is', async () => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  await answerTo(gateway, '{ connectors(first: 1) { totalCount } }')
  expect(await asked(gateway)).toEqual([])

  expect(await refresh(gateway, ['CENSUS'])).toMatchObject({
    syncStatus: [{ provider: 'CENSUS', state: 'FRESH', error: null }],
  })
  expect(await asked(gateway)).toEqual(['census'])
  await refresh(gateway)
  expect((await asked(gateway)).toSorted()).toEqual(['census', 'fivetran', 'pipedream', 'xpander'])
})

test('one that cannot be read is served as it was, and the answer says so', async () => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  const count = async () =>
    (await answerTo(gateway, '{ connectors(first: 1, providers: [PIPEDREAM]) { totalCount } }')).data
  const before = await count()
  await gateway.control('POST', 'faults', { provider: 'PIPEDREAM', times: 1000, status: 503 })

  expect(await refresh(gateway, ['PIPEDREAM'])).toMatchObject({
    syncStatus: [{ state: 'STALE', error: expect.stringMatching(/^PROVIDER_UNAVAILABLE/) }],
  })
  expect(await count()).toEqual(before)
})

test('a provider without credentials has none, and end users cannot ask', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect(await refresh(gateway, ['XPANDER'])).toEqual({
    code: 'PROVIDER_NOT_CONFIGURED',
    provider: 'XPANDER',
  })
  expect(await refresh(gateway)).toEqual({ syncStatus: [] })
  const { codes } = await (await asEndUser(gateway, 'ada')).ask(document, {})
  expect(codes).toEqual(['FORBIDDEN'])
})
