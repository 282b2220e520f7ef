import { beforeAll, describe, expect, test, vi } from 'vitest'
import { testDatabase } from '../helpers/database.ts'
import { awaitSyncsAndClearRequests, providerRequests, providers } from './open.ts'
import {
  clearFaults,
  connectionReset,
  createAll,
  expectOneLinkPerRequest,
  injectOutage,
  linkOf,
  requestsPreferring,
  startGatewayWithOutage,
  withIdempotencyKey,
} from './outage-scenarios.ts'
import {
  countStoredLinks,
  createLinkWithSelection,
  injectFault,
  planLink,
  planSelection,
  startGatewayWithCatalogue,
} from './select-provider.ts'

beforeAll(() => testDatabase())

describe('while the catalogue of a provider has never been synced', () => {
  test('createConnectLink returns PROVIDER_UNAVAILABLE for a connector that it may offer', async () => {
    const gateway = await startGatewayWithOutage(connectionReset, ['FIVETRAN'])
    const unknown = { code: 'PROVIDER_UNAVAILABLE', provider: 'FIVETRAN', retryable: true }
    expect(await createLinkWithSelection(gateway, { connector: 'no-such-thing' })).toMatchObject(unknown)
    expect(await planLink(gateway, { connector: 'no-such-thing' })).toMatchObject({ code: unknown.code })
    expect(await createLinkWithSelection(gateway, { direction: 'SOURCE' })).toMatchObject(unknown)
    expect(await createLinkWithSelection(gateway, { fivetran: {} })).toMatchObject(unknown)

    await clearFaults(gateway)
    gateway.clock.advance(3)
    expect(await createLinkWithSelection(gateway, { connector: 'no-such-thing' })).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await createLinkWithSelection(gateway, { direction: 'SOURCE' })).toMatchObject({
      selection: { chosen: 'FIVETRAN' },
    })
    expect(await countStoredLinks(gateway)).toBe(1)
  })

  test('createConnectLink returns UNSUPPORTED for what the provider cannot offer', async () => {
    const gateway = await startGatewayWithOutage(connectionReset, ['FIVETRAN'])
    const input = { pipedream: {}, direction: 'DESTINATION' } as const
    expect(await createLinkWithSelection(gateway, input)).toMatchObject({ code: 'UNSUPPORTED' })
  })

  test('selection among the other providers does not wait for its sync', async () => {
    const gateway = await startGatewayWithOutage(connectionReset, ['FIVETRAN'])
    await awaitSyncsAndClearRequests(gateway)
    await clearFaults(gateway)
    await injectFault(gateway, 'FIVETRAN', { times: 1000, kind: 'slow' })
    gateway.clock.advance(3)

    const created = createLinkWithSelection(gateway).then((result) => ({ result }))
    await vi.waitFor(async () => expect(await providerRequests(gateway)).not.toEqual([]))
    const synced = gateway.connect.connectorSyncs.idle().then(() => ({ result: 'all syncs ended first' }))
    expect(await Promise.race([created, synced])).toMatchObject({
      result: { selection: { chosen: 'CENSUS' } },
    })
  })
})

describe('when the response to a successful create request is lost', () => {
  test.each(providers)('the retry goes to %s again and no link is created twice', async (provider) => {
    const gateway = await startGatewayWithOutage()
    await awaitSyncsAndClearRequests(gateway)
    const inputs = withIdempotencyKey(requestsPreferring([provider]))
    await injectFault(gateway, provider, { method: 'POST', times: 1000, kind: 'reset', acts: true })
    await injectFault(gateway, provider, {
      method: 'GET',
      path: '/groups/',
      times: 1000,
      status: 503,
      body: {},
    })
    const results = await createAll(gateway, inputs)
    const unknown = results.filter((result) => !linkOf(result))
    for (const result of unknown) expect(result).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', provider })
    await clearFaults(gateway)
    await expectOneLinkPerRequest(gateway, inputs, results)
    const { db } = gateway.connect
    const links = await db.selectFrom('connectLinks').select('id').where('provider', '=', provider).execute()
    expect(links.length).toBeGreaterThan(0)
  })

  test('every retry goes to the provider of the first attempt when all responses are lost', async () => {
    const gateway = await startGatewayWithCatalogue({ keepCircuitsClosed: true })
    await injectOutage(gateway, providers, {
      ...connectionReset,
      fault: { ...connectionReset.fault, acts: true },
    })
    const inputs = withIdempotencyKey(requestsPreferring([]))
    const lost = await createAll(gateway, inputs)
    expect(lost.filter(linkOf)).toEqual([])
    await clearFaults(gateway)
    const retried = await createAll(gateway, inputs)
    lost.forEach((result, index) => {
      if (result.__typename !== 'ProviderError') throw new Error(JSON.stringify(result))
      expect(linkOf(retried[index] ?? result)?.provider.key).toBe(result.provider)
    })
    expect(await planSelection(gateway)).toMatchObject({ chosen: 'FIVETRAN' })
  })
})
