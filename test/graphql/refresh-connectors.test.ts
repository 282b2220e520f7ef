import { expect, test } from 'vitest'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests, providers } from './open.ts'

const refreshMutation = `mutation ($providers: [ProviderKey!]) {
  refreshConnectors(providers: $providers) {
    ... on RefreshConnectorsPayload { syncStatus { provider state syncedAt error } }
    ... on Error { code }
    ... on UnsupportedError { provider }
  }
}`

const refresh = async (gateway: TestGateway, providers?: readonly string[]) =>
  (await postQuery(gateway, refreshMutation, { providers })).data?.refreshConnectors

/** The providers that received requests. */
const requestedProviders = async (gateway: TestGateway) => [
  ...new Set((await providerRequests(gateway)).map(({ path }) => path.split('/')[1])),
]

test('refreshConnectors syncs the given catalogues, or all without an argument', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  await postQuery(gateway, '{ connectors(first: 1) { totalCount } }')
  expect(await requestedProviders(gateway)).toEqual([])

  expect(await refresh(gateway, ['CENSUS'])).toMatchObject({
    syncStatus: [{ provider: 'CENSUS', state: 'FRESH', error: null }],
  })
  expect(await requestedProviders(gateway)).toEqual(['census'])
  await refresh(gateway)
  expect((await requestedProviders(gateway)).toSorted()).toEqual(
    providers.map((key) => key.toLowerCase()).toSorted(),
  )
})

test('a catalogue that cannot be synced stays as it was and is reported as STALE', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const count = async () =>
    (await postQuery(gateway, '{ connectors(first: 1, providers: [PIPEDREAM]) { totalCount } }')).data
  const before = await count()
  await gateway.control('POST', 'faults', { provider: 'PIPEDREAM', times: 1000, status: 503 })

  expect(await refresh(gateway, ['PIPEDREAM'])).toMatchObject({
    syncStatus: [{ state: 'STALE', error: expect.stringMatching(/^PROVIDER_UNAVAILABLE/) }],
  })
  expect(await count()).toEqual(before)
})

test('refreshConnectors is unsupported for a provider without credentials and FORBIDDEN for a session', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  expect(await refresh(gateway, ['XPANDER'])).toEqual({
    code: 'PROVIDER_NOT_CONFIGURED',
    provider: 'XPANDER',
  })
  expect(await refresh(gateway)).toEqual({ syncStatus: [] })
  const { codes } = await (await asEndUser(gateway, 'ada')).query(refreshMutation, {})
  expect(codes).toEqual(['FORBIDDEN'])
})
