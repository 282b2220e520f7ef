import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../helpers/database.ts'
import { providers } from './open.ts'
import {
  choose,
  countAtProviders,
  countLinks,
  fail,
  openChoosing,
  planned,
  refusedOnce,
} from './select-provider.ts'

beforeAll(() => testDatabase())

describe('a call without a provider, under an idempotency key', () => {
  const keyed = { idempotencyKey: 'order-1' }

  test('a repeated call gets the same link and the same selection', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', refusedOnce)
    const first = await choose(gateway, { ...keyed, preferProviders: ['FIVETRAN', 'PIPEDREAM'] })
    const again = await choose(gateway, { ...keyed, preferProviders: ['FIVETRAN', 'PIPEDREAM'] })
    if (first.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(first))
    expect(again).toMatchObject({
      replayed: true,
      selection: first.selection,
      connectLink: { id: first.connectLink.id },
    })
    expect(await choose(gateway, keyed)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    expect(await countLinks(gateway)).toBe(1)
  })

  test('what is null is left out: the call is the same', async () => {
    const gateway = await openChoosing()
    expect(await choose(gateway, keyed)).toMatchObject({ replayed: false })
    expect(await choose(gateway, { ...keyed, direction: null, fivetran: null })).toMatchObject({
      replayed: true,
    })
  })

  test('a call after one of unknown outcome goes to the same provider, although another would be chosen', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', { method: 'POST', times: 1, kind: 'reset', acts: true })
    await fail(gateway, 'FIVETRAN', { method: 'GET', times: 1, status: 503, body: {} })
    expect(await choose(gateway, keyed)).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(await planned(gateway)).not.toMatchObject({ chosen: 'FIVETRAN' })

    expect(await choose(gateway, keyed)).toMatchObject({
      replayed: false,
      connectLink: { provider: { key: 'FIVETRAN' } },
      selection: { chosen: 'FIVETRAN', reason: expect.stringMatching(/earlier call/) },
    })
    expect(await countLinks(gateway)).toBe(1)
    expect(await countAtProviders(gateway)).toBe(1)
  })

  test('a refusal after an unknown outcome sends nobody elsewhere', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', { method: 'POST', times: 1, kind: 'reset' })
    await choose(gateway, keyed)
    await fail(gateway, 'FIVETRAN', { times: 1, status: 429, body: {} })
    expect(await choose(gateway, keyed)).toMatchObject({
      code: 'PROVIDER_RATE_LIMITED',
      provider: 'FIVETRAN',
    })
    expect(await countLinks(gateway)).toBe(0)
    expect(await choose(gateway, keyed)).toMatchObject({ connectLink: { provider: { key: 'FIVETRAN' } } })
  })

  test('a call whose second choice gave no answer is repeated there, although the first is well again', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', refusedOnce)
    await fail(gateway, 'CENSUS', { method: 'POST', times: 1, kind: 'reset' })
    const ask = () => choose(gateway, { ...keyed, preferProviders: ['FIVETRAN', 'CENSUS'] })
    expect(await ask()).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', provider: 'CENSUS' })

    expect(await planned(gateway)).toMatchObject({ chosen: 'FIVETRAN' })
    expect(await ask()).toMatchObject({ connectLink: { provider: { key: 'CENSUS' } } })
    expect(await countLinks(gateway)).toBe(1)
  })

  test('a call that was refused everywhere frees the key', async () => {
    const gateway = await openChoosing()
    for (const provider of providers) await fail(gateway, provider, { times: 10, status: 401, body: {} })
    expect(await choose(gateway, keyed)).toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
    await gateway.control('DELETE', 'faults')
    expect(await choose(gateway, { ...keyed, preferProviders: ['PIPEDREAM'] })).toMatchObject({
      replayed: false,
    })
  })
})
