import { describe, expect, test } from 'vitest'
import type { Application } from '../../../src/connect/catalogue/applications.ts'
import type { Connector } from '../../../src/connect/catalogue/connector.ts'
import {
  rankOffers,
  reasonForChoosing,
  reasonForRejecting,
  type SelectionCriteria,
} from '../../../src/connect/create-link/rank-offers.ts'
import { type ProviderKey, providerKeys } from '../../../src/domain/provider-key.ts'
import { connector } from '../script.ts'

const offer = (provider: ProviderKey, changes: Partial<Connector> = {}): Connector => ({
  ...connector('acme'),
  provider,
  ...changes,
})

const acme = (...offers: readonly Connector[]): Application => ({ slug: 'acme', name: 'Acme', offers })

/** In the order of the providers, but not all of them: the expected orders do not depend on how many there are. */
const offering = ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'] as const
const offeredByFour = acme(...offering.map((key) => offer(key)))

const criteria = (changes: Partial<SelectionCriteria> = {}): SelectionCriteria => ({
  configured: new Set(providerKeys),
  unsynced: new Set(),
  healthOf: () => 'UP',
  direction: null,
  preferProviders: [],
  requiredProvider: null,
  ...changes,
})

const health = (states: Partial<Record<ProviderKey, 'DEGRADED' | 'DOWN'>>): Partial<SelectionCriteria> => ({
  healthOf: (key) => states[key] ?? 'UP',
})

describe('rankOffers', () => {
  const orders: readonly (readonly [string, Partial<SelectionCriteria>, readonly ProviderKey[]])[] = [
    ['uses the order of the providers by default', {}, ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER']],
    [
      'puts preferred providers first',
      { preferProviders: ['XPANDER', 'CENSUS', 'XPANDER'] },
      ['XPANDER', 'CENSUS', 'FIVETRAN', 'PIPEDREAM'],
    ],
    [
      'ranks by health first',
      health({ FIVETRAN: 'DOWN', PIPEDREAM: 'DEGRADED' }),
      ['CENSUS', 'XPANDER', 'PIPEDREAM', 'FIVETRAN'],
    ],
    [
      'ranks health before a preference',
      { ...health({ XPANDER: 'DEGRADED' }), preferProviders: ['XPANDER', 'PIPEDREAM'] },
      ['PIPEDREAM', 'FIVETRAN', 'CENSUS', 'XPANDER'],
    ],
    [
      'keeps all candidates if all providers are down',
      { ...health({ FIVETRAN: 'DOWN', CENSUS: 'DOWN', PIPEDREAM: 'DOWN', XPANDER: 'DOWN' }) },
      ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'],
    ],
    ['selects only configured providers', { configured: new Set(['PIPEDREAM']) }, ['PIPEDREAM']],
    ['selects only the provider whose options are given', { requiredProvider: 'XPANDER' }, ['XPANDER']],
  ]
  test.each(orders)('%s', (_, changes, order) => {
    const reversed = acme(...offeredByFour.offers.toReversed())
    for (const application of [offeredByFour, reversed]) {
      const { candidates, rejected } = rankOffers(application, criteria(changes))
      expect(candidates.map(({ provider }) => provider)).toEqual(order)
      expect(rejected.map(({ provider }) => provider).sort()).toEqual(
        offering.filter((key) => !order.includes(key)).sort(),
      )
    }
  })

  test('uses the order of providerKeys for offers of all providers', () => {
    const { candidates } = rankOffers(acme(...providerKeys.map((key) => offer(key)).toReversed()), criteria())
    expect(candidates.map(({ provider }) => provider)).toEqual(providerKeys)
  })

  test('rejects offers of another direction or without links, with a reason each', () => {
    const application = acme(
      offer('FIVETRAN'),
      offer('CENSUS', { directions: ['SOURCE', 'DESTINATION'] }),
      offer('PIPEDREAM', { directions: ['DESTINATION'], linkable: false }),
    )
    const { candidates, rejected } = rankOffers(
      application,
      criteria({ direction: 'DESTINATION', preferProviders: ['XPANDER'] }),
    )
    expect(candidates.map(({ provider }) => provider)).toEqual(['CENSUS'])
    expect(rejected).toEqual([
      { provider: 'FIVETRAN', reason: 'Its "acme" is not of direction DESTINATION.' },
      { provider: 'PIPEDREAM', reason: 'It offers no connect link for "acme".' },
      { provider: 'XPANDER', reason: 'It does not offer Acme.' },
    ])
  })

  test('rejects providers that are not synced yet with that reason, preferred or not', () => {
    const changes = {
      unsynced: new Set(['CENSUS', 'XPANDER'] as const),
      preferProviders: ['XPANDER'],
    } as const
    expect(rankOffers(acme(offer('FIVETRAN'), offer('PIPEDREAM')), criteria(changes)).rejected).toEqual([
      { provider: 'XPANDER', reason: 'Its catalogue has not been synced yet.' },
      { provider: 'CENSUS', reason: 'Its catalogue has not been synced yet.' },
    ])
  })

  test('ranks offers of one provider by their keys', () => {
    const application = acme(offer('CENSUS', { key: 'b' }), offer('CENSUS', { key: 'a' }))
    expect(rankOffers(application, criteria()).candidates.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  test('reasons name the criterion that decided', () => {
    const [first, second] = [offer('FIVETRAN'), offer('CENSUS')]
    const isDown = criteria(health({ FIVETRAN: 'DOWN' }))
    const preferred = criteria({ preferProviders: ['CENSUS'] })
    expect(reasonForChoosing(first, undefined, criteria())).toMatch(/no other offer/i)
    expect(reasonForChoosing(first, second, criteria())).toMatch(/first in the order/)
    expect(reasonForChoosing(second, first, isDown)).toMatch(/answers better/)
    expect(reasonForChoosing(second, first, preferred)).toMatch(/is preferred/)
    expect(reasonForRejecting(second, first, criteria())).toMatch(/later in the order/)
    expect(reasonForRejecting(first, second, isDown)).toMatch(/is DOWN/)
    expect(reasonForRejecting(first, second, preferred)).toMatch(/preferred less/)
    expect(reasonForRejecting(offer('CENSUS', { key: 'b' }), second, criteria())).toMatch(
      /"acme" comes before its "b"/,
    )
  })
})
