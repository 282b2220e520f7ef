import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../helpers/database.ts'
import { providers } from './open.ts'
import {
  countRemoteConnections,
  countStoredLinks,
  createLinkWithSelection,
  injectFault,
  planSelection,
  rateLimitedOnce,
  startGatewayWithCatalogue,
} from './select-provider.ts'

beforeAll(() => testDatabase())

describe('createConnectLink without a provider, with an idempotency key', () => {
  const keyed = { idempotencyKey: 'order-1' }

  test('replays the link and the selection for a repeated call', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', rateLimitedOnce)
    const first = await createLinkWithSelection(gateway, {
      ...keyed,
      preferProviders: ['FIVETRAN', 'PIPEDREAM'],
    })
    const repeated = await createLinkWithSelection(gateway, {
      ...keyed,
      preferProviders: ['FIVETRAN', 'PIPEDREAM'],
    })
    if (first.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(first))
    expect(repeated).toMatchObject({
      replayed: true,
      selection: first.selection,
      connectLink: { id: first.connectLink.id },
    })
    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    expect(await countStoredLinks(gateway)).toBe(1)
  })

  test('treats null like an absent field: the call is a repetition', async () => {
    const gateway = await startGatewayWithCatalogue()
    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({ replayed: false })
    expect(
      await createLinkWithSelection(gateway, { ...keyed, direction: null, fivetran: null }),
    ).toMatchObject({
      replayed: true,
    })
  })

  test('retries at the same provider after an unknown outcome, although another would be selected', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', { method: 'POST', times: 1, kind: 'reset', acts: true })
    await injectFault(gateway, 'FIVETRAN', { method: 'GET', times: 2, status: 503, body: {} })
    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await planSelection(gateway)).not.toMatchObject({ chosen: 'FIVETRAN' })

    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({
      replayed: false,
      connectLink: { provider: { key: 'FIVETRAN' } },
      selection: { chosen: 'FIVETRAN', reason: expect.stringMatching(/earlier call/) },
    })
    expect(await countStoredLinks(gateway)).toBe(1)
    expect(await countRemoteConnections(gateway)).toBe(1)
  })

  test('does not fall back to another provider when a retry after an unknown outcome is rejected', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', { method: 'POST', times: 1, kind: 'reset' })
    await createLinkWithSelection(gateway, keyed)
    await injectFault(gateway, 'FIVETRAN', { times: 1, status: 429, body: {} })
    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({
      code: 'PROVIDER_RATE_LIMITED',
      provider: 'FIVETRAN',
    })
    expect(await countStoredLinks(gateway)).toBe(0)
    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({
      connectLink: { provider: { key: 'FIVETRAN' } },
    })
  })

  test('retries at the second candidate after its response was lost, although the first has recovered', async () => {
    const gateway = await startGatewayWithCatalogue()
    await injectFault(gateway, 'FIVETRAN', rateLimitedOnce)
    await injectFault(gateway, 'CENSUS', { method: 'POST', times: 1, kind: 'reset' })
    const create = () =>
      createLinkWithSelection(gateway, { ...keyed, preferProviders: ['FIVETRAN', 'CENSUS'] })
    expect(await create()).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', provider: 'CENSUS' })

    expect(await planSelection(gateway)).toMatchObject({ chosen: 'FIVETRAN' })
    expect(await create()).toMatchObject({ connectLink: { provider: { key: 'CENSUS' } } })
    expect(await countStoredLinks(gateway)).toBe(1)
  })

  test('releases the key after all providers rejected the call', async () => {
    const gateway = await startGatewayWithCatalogue()
    for (const provider of providers)
      await injectFault(gateway, provider, { times: 10, status: 401, body: {} })
    expect(await createLinkWithSelection(gateway, keyed)).toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
    await gateway.control('DELETE', 'faults')
    expect(
      await createLinkWithSelection(gateway, { ...keyed, preferProviders: ['PIPEDREAM'] }),
    ).toMatchObject({
      replayed: false,
    })
  })
})
