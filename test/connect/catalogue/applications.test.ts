import { describe, expect, test } from 'vitest'
import {
  type Applications,
  groupApplications,
  identify,
} from '../../../src/connect/catalogue/applications.ts'
import type { Connector } from '../../../src/connect/catalogue/connector.ts'
import {
  type LabelledOffer,
  lookAlikes,
  type OfferPair,
  sameApplication,
} from '../../fixtures/same-application.ts'
import { connector } from '../script.ts'
import { readSandboxConnectors } from './sandbox-connectors.ts'

const toConnector = ({ provider, key, name }: LabelledOffer): Connector => ({
  ...connector(key),
  provider,
  name,
})

const group = (connectors: readonly Connector[]): Applications =>
  groupApplications(connectors.map((one) => ({ connector: one, application: identify(one) })))

const named = (...names: readonly string[]) =>
  names.map((name, at) => toConnector({ provider: 'PIPEDREAM', key: `key_${at}`, name }))

describe('the applications of the labelled offers', () => {
  const slugOf = (offer: LabelledOffer) => {
    const one = toConnector(offer)
    return group([one]).of(one).slug
  }
  const isMerged = ({ a, b }: OfferPair) => slugOf(a) === slugOf(b)

  test('are right about 99 of 100 pairs that they join, and join 9 of 10 that belong together', () => {
    const right = sameApplication.filter(isMerged)
    const wrong = lookAlikes.filter(isMerged)
    const precision = right.length / (right.length + wrong.length)
    const recall = right.length / sameApplication.length
    console.info(
      `labelled pairs: precision ${precision.toFixed(3)} (${wrong.length} of ${lookAlikes.length} look-alikes joined), ` +
        `recall ${recall.toFixed(3)} (${right.length} of ${sameApplication.length})`,
    )
    for (const { a, b } of wrong) console.info(`joined: ${a.name} = ${b.name}`)
    for (const pair of sameApplication)
      if (!isMerged(pair)) console.info(`apart: ${pair.a.name} = ${pair.b.name}`)
    expect(precision).toBeGreaterThanOrEqual(0.99)
    expect(recall).toBeGreaterThanOrEqual(0.9)
  })
})

describe('an application', () => {
  test('gathers the offers of all providers, in the order of the providers', () => {
    const offers = [
      toConnector({ provider: 'PIPEDREAM', key: 'google_analytics', name: 'Google Analytics' }),
      toConnector({ provider: 'FIVETRAN', key: 'google_analytics_4', name: 'Google Analytics 4' }),
      toConnector({ provider: 'CENSUS', key: 'google_analytics_four', name: 'Google Analytics 4' }),
    ]
    const applications = group(offers)
    const application = applications.find('google-analytics-4')
    expect(application).toMatchObject({ slug: 'google-analytics-4', name: 'Google Analytics 4' })
    expect(application?.offers.map(({ provider }) => provider)).toEqual(['FIVETRAN', 'CENSUS', 'PIPEDREAM'])
    for (const offer of offers) expect(applications.of(offer)).toBe(application)
  })

  test('is found by any spelling of its slug, and has one, whoever comes first', () => {
    for (const names of [
      ['Acme Desk', 'AcmeDesk'],
      ['AcmeDesk', 'Acme Desk'],
    ]) {
      const applications = group(named(...names))
      expect(applications.find('acmedesk')).toMatchObject({ slug: 'acme-desk', name: 'Acme Desk' })
      expect(applications.find('acme-desk')).toBe(applications.find('acmedesk'))
    }
  })

  test.each([
    ['Acme', 'Acme (Beta)'],
    ['Acme', 'ACME [legacy]'],
    ['Acme Desk', 'Acme-Desk (API key)'],
    ['Bigin', 'Bigin by Zoho CRM'],
  ])('is the same for %j and %j', (a, b) => {
    expect(identify({ name: a }).id).toBe(identify({ name: b }).id)
  })

  test.each([
    ['Acme', 'Acme Sandbox'],
    ['Acme 1.0', 'Acme 10'],
    ['Acme 1', 'Acme 2'],
    ['Google Ads', 'Ads'],
    ['Acme.io', 'Acme.ai'],
    ['Acme (EU)', 'Acme'],
    ['Zoho CRM', 'Bigin by Zoho CRM'],
  ])('is another one for %j than for %j', (a, b) => {
    expect(identify({ name: a }).id).not.toBe(identify({ name: b }).id)
  })

  test('has a slug that an address can hold, whatever the name', () => {
    const applications = group(named('钉钉', 'Été & Co', '+++'))
    const slugs = named('钉钉', 'Été & Co', '+++').map((one) => applications.of(one).slug)
    expect(slugs[1]).toBe('ete-co')
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(new Set(slugs).size).toBe(3)
  })

  test('is there for a connector that has just left the catalogue too', () => {
    const [old, other] = named('Acme', 'Other')
    if (old === undefined || other === undefined) throw new Error('two were made')
    expect(group([other]).of(old)).toMatchObject({ slug: 'acme', offers: [old] })
    const [renewed] = named('ACME')
    if (renewed === undefined) throw new Error('one was made')
    expect(group([renewed]).of(old).offers).toEqual([renewed])
  })

  test('is exactly one for every connector of the whole catalogue, under one slug', async () => {
    const all = [...(await readSandboxConnectors()).values()].flat()
    const applications = group(all)
    const found = new Set(all.map((one) => applications.of(one)))
    expect([...found].flatMap(({ offers }) => offers)).toHaveLength(all.length)
    expect(new Set([...found].map(({ slug }) => slug)).size).toBe(found.size)
    for (const application of found) expect(applications.find(application.slug)).toBe(application)
  })
})
