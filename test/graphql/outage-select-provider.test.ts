import { beforeAll, describe, expect, test, vi } from 'vitest'
import { testDatabase } from '../helpers/database.ts'
import { forgetRequests, providers, requestsTo } from './open.ts'
import {
  askAll,
  asksPreferring,
  expectOneLinkEach,
  heal,
  keyedOf,
  linkIn,
  openOutage,
  reset,
  takeDown,
} from './outage-scenarios.ts'
import { choose, countLinks, fail, openChoosing, plan, planned } from './select-provider.ts'

beforeAll(() => testDatabase())

describe('while nobody has read what a provider offers', () => {
  test('nothing is said to be missing that it may offer', async () => {
    const gateway = await openOutage(reset, ['FIVETRAN'])
    const unknown = { code: 'PROVIDER_UNAVAILABLE', provider: 'FIVETRAN', retryable: true }
    expect(await choose(gateway, { connector: 'no-such-thing' })).toMatchObject(unknown)
    expect(await plan(gateway, { connector: 'no-such-thing' })).toMatchObject({ code: unknown.code })
    expect(await choose(gateway, { direction: 'SOURCE' })).toMatchObject(unknown)
    expect(await choose(gateway, { fivetran: {} })).toMatchObject(unknown)

    await heal(gateway)
    gateway.clock.advance(3)
    expect(await choose(gateway, { connector: 'no-such-thing' })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await choose(gateway, { direction: 'SOURCE' })).toMatchObject({
      selection: { chosen: 'FIVETRAN' },
    })
    expect(await countLinks(gateway)).toBe(1)
  })

  test('what it cannot offer is refused as ever', async () => {
    const gateway = await openOutage(reset, ['FIVETRAN'])
    const destination = { pipedream: {}, direction: 'DESTINATION' } as const
    expect(await choose(gateway, destination)).toMatchObject({ code: 'UNSUPPORTED' })
  })

  test('and it fails, no choice among the others waits for it', async () => {
    const gateway = await openOutage(reset, ['FIVETRAN'])
    await forgetRequests(gateway)
    await heal(gateway)
    await fail(gateway, 'FIVETRAN', { times: 1000, kind: 'slow' })
    gateway.clock.advance(3)

    const first = choose(gateway).then((answer) => ({ answer }))
    await vi.waitFor(async () => expect(await requestsTo(gateway)).not.toEqual([]))
    const read = gateway.connect.connectorSyncs.idle().then(() => ({ answer: 'not before all was read' }))
    expect(await Promise.race([first, read])).toMatchObject({ answer: { selection: { chosen: 'CENSUS' } } })
  })
})

describe('when answers are lost of calls that made something', () => {
  test.each(providers)('%s is the one that is asked again, and no link is made twice', async (provider) => {
    const gateway = await openOutage()
    await forgetRequests(gateway)
    const asks = keyedOf(asksPreferring([provider]))
    await fail(gateway, provider, { method: 'POST', times: 1000, kind: 'reset', acts: true })
    await fail(gateway, provider, { method: 'GET', path: '/groups/', times: 1000, status: 503, body: {} })
    const answers = await askAll(gateway, asks)
    const unknown = answers.filter((answer) => !linkIn(answer))
    for (const answer of unknown) expect(answer).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', provider })
    await heal(gateway)
    await expectOneLinkEach(gateway, asks, answers)
    const { db } = gateway.connect
    const links = await db.selectFrom('connectLinks').select('id').where('provider', '=', provider).execute()
    expect(links.length).toBeGreaterThan(0)
  })

  test('nobody is sent elsewhere when all of them are lost', async () => {
    const gateway = await openChoosing()
    await takeDown(gateway, providers, { ...reset, fault: { ...reset.fault, acts: true } })
    const asks = keyedOf(asksPreferring([]))
    const lost = await askAll(gateway, asks)
    expect(lost.filter(linkIn)).toEqual([])
    await heal(gateway)
    const again = await askAll(gateway, asks)
    lost.forEach((answer, index) => {
      if (answer.__typename !== 'ProviderError') throw new Error(JSON.stringify(answer))
      expect(linkIn(again[index] ?? answer)?.provider.key).toBe(answer.provider)
    })
    expect(await planned(gateway)).toMatchObject({ chosen: 'FIVETRAN' })
  })
})
