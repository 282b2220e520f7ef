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
const everywhere = acme(...providerKeys.map((key) => offer(key)))

const rules = (changes: Partial<SelectionCriteria> = {}): SelectionCriteria => ({
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

describe('the offers of an application', () => {
  const orders: readonly (readonly [string, Partial<SelectionCriteria>, readonly ProviderKey[]])[] = [
    ['come in the order of the providers', {}, ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER']],
    [
      'come as preferred, the others behind',
      { preferProviders: ['XPANDER', 'CENSUS', 'XPANDER'] },
      ['XPANDER', 'CENSUS', 'FIVETRAN', 'PIPEDREAM'],
    ],
    [
      'come by health first',
      health({ FIVETRAN: 'DOWN', PIPEDREAM: 'DEGRADED' }),
      ['CENSUS', 'XPANDER', 'PIPEDREAM', 'FIVETRAN'],
    ],
    [
      'come by health even against a preference',
      { ...health({ XPANDER: 'DEGRADED' }), preferProviders: ['XPANDER', 'PIPEDREAM'] },
      ['PIPEDREAM', 'FIVETRAN', 'CENSUS', 'XPANDER'],
    ],
    [
      'stay possible when all providers are down',
      { ...health({ FIVETRAN: 'DOWN', CENSUS: 'DOWN', PIPEDREAM: 'DOWN', XPANDER: 'DOWN' }) },
      ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'],
    ],
    ['are those of configured providers', { configured: new Set(['PIPEDREAM']) }, ['PIPEDREAM']],
    ['are those that the options are for', { requiredProvider: 'XPANDER' }, ['XPANDER']],
  ]
  test.each(orders)('%s', (_, changes, order) => {
    const reversed = acme(...everywhere.offers.toReversed())
    for (const application of [everywhere, reversed]) {
      const { candidates, rejected } = rankOffers(application, rules(changes))
      expect(candidates.map(({ provider }) => provider)).toEqual(order)
      expect(rejected.map(({ provider }) => provider).sort()).toEqual(
        providerKeys.filter((key) => !order.includes(key)).sort(),
      )
    }
  })

  test('of another direction or without links are left out, each with its reason', () => {
    const application = acme(
      offer('FIVETRAN'),
      offer('CENSUS', { directions: ['SOURCE', 'DESTINATION'] }),
      offer('PIPEDREAM', { directions: ['DESTINATION'], linkable: false }),
    )
    const { candidates, rejected } = rankOffers(
      application,
      rules({ direction: 'DESTINATION', preferProviders: ['XPANDER'] }),
    )
    expect(candidates.map(({ provider }) => provider)).toEqual(['CENSUS'])
    expect(rejected).toEqual([
      { provider: 'FIVETRAN', reason: 'Its "acme" is not of direction DESTINATION.' },
      { provider: 'PIPEDREAM', reason: 'It offers no connect link for "acme".' },
      { provider: 'XPANDER', reason: 'It does not offer Acme.' },
    ])
  })

  test('say of a provider that nobody could read yet no more than that, preferred or not', () => {
    const changes = {
      unsynced: new Set(['CENSUS', 'XPANDER'] as const),
      preferProviders: ['XPANDER'],
    } as const
    expect(rankOffers(acme(offer('FIVETRAN'), offer('PIPEDREAM')), rules(changes)).rejected).toEqual([
      { provider: 'XPANDER', reason: 'Its catalogue has not been synced yet.' },
      { provider: 'CENSUS', reason: 'Its catalogue has not been synced yet.' },
    ])
  })

  test('of one provider come by their keys', () => {
    const application = acme(offer('CENSUS', { key: 'b' }), offer('CENSUS', { key: 'a' }))
    expect(rankOffers(application, rules()).candidates.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  test('say what decided between them', () => {
    const [first, second] = [offer('FIVETRAN'), offer('CENSUS')]
    const sick = rules(health({ FIVETRAN: 'DOWN' }))
    const preferred = rules({ preferProviders: ['CENSUS'] })
    expect(reasonForChoosing(first, undefined, rules())).toMatch(/no other offer/i)
    expect(reasonForChoosing(first, second, rules())).toMatch(/first in the order/)
    expect(reasonForChoosing(second, first, sick)).toMatch(/answers better/)
    expect(reasonForChoosing(second, first, preferred)).toMatch(/is preferred/)
    expect(reasonForRejecting(second, first, rules())).toMatch(/later in the order/)
    expect(reasonForRejecting(first, second, sick)).toMatch(/is DOWN/)
    expect(reasonForRejecting(first, second, preferred)).toMatch(/preferred less/)
    expect(reasonForRejecting(offer('CENSUS', { key: 'b' }), second, rules())).toMatch(
      /"acme" comes before its "b"/,
    )
  })
})
