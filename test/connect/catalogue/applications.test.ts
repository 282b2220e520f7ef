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

const namedConnectors = (...names: readonly string[]) =>
  names.map((name, at) => toConnector({ provider: 'PIPEDREAM', key: `key_${at}`, name }))

describe('groupApplications with the labelled offers', () => {
  const slugOf = (offer: LabelledOffer) => {
    const one = toConnector(offer)
    return group([one]).of(one).slug
  }
  const isMerged = ({ a, b }: OfferPair) => slugOf(a) === slugOf(b)

  test('merges pairs of the same application with a precision of 99 % and a recall of 90 % or more', () => {
    const truePositives = sameApplication.filter(isMerged)
    const falsePositives = lookAlikes.filter(isMerged)
    const precision = truePositives.length / (truePositives.length + falsePositives.length)
    const recall = truePositives.length / sameApplication.length
    console.info(
      `labelled pairs: precision ${precision.toFixed(3)} ` +
        `(${falsePositives.length} of ${lookAlikes.length} look-alikes merged), ` +
        `recall ${recall.toFixed(3)} (${truePositives.length} of ${sameApplication.length})`,
    )
    for (const { a, b } of falsePositives) console.info(`merged: ${a.name} = ${b.name}`)
    for (const pair of sameApplication)
      if (!isMerged(pair)) console.info(`not merged: ${pair.a.name} = ${pair.b.name}`)
    expect(precision).toBeGreaterThanOrEqual(0.99)
    expect(recall).toBeGreaterThanOrEqual(0.9)
  })
})

describe('Applications', () => {
  test('groups the connectors of all providers, in the order of the providers', () => {
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

  test('finds an application by any spelling of its slug, which does not depend on the order of the connectors', () => {
    for (const names of [
      ['Acme Desk', 'AcmeDesk'],
      ['AcmeDesk', 'Acme Desk'],
    ]) {
      const applications = group(namedConnectors(...names))
      expect(applications.find('acmedesk')).toMatchObject({ slug: 'acme-desk', name: 'Acme Desk' })
      expect(applications.find('acme-desk')).toBe(applications.find('acmedesk'))
    }
  })

  test.each([
    ['Acme', 'Acme (Beta)'],
    ['Acme', 'ACME [legacy]'],
    ['Acme Desk', 'Acme-Desk (API key)'],
    ['Bigin', 'Bigin by Zoho CRM'],
  ])('identifies %j and %j as the same application', (a, b) => {
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
  ])('identifies %j and %j as different applications', (a, b) => {
    expect(identify({ name: a }).id).not.toBe(identify({ name: b }).id)
  })

  test('returns a URL-safe slug for any name', () => {
    const applications = group(namedConnectors('钉钉', 'Été & Co', '+++'))
    const slugs = namedConnectors('钉钉', 'Été & Co', '+++').map((one) => applications.of(one).slug)
    expect(slugs[1]).toBe('ete-co')
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(new Set(slugs).size).toBe(3)
  })

  test('returns an application for a connector that is no longer in the catalogue', () => {
    const [old, other] = namedConnectors('Acme', 'Other')
    if (old === undefined || other === undefined) throw new Error('expected two connectors')
    expect(group([other]).of(old)).toMatchObject({ slug: 'acme', offers: [old] })
    const [replacement] = namedConnectors('ACME')
    if (replacement === undefined) throw new Error('expected one connector')
    expect(group([replacement]).of(old).offers).toEqual([replacement])
  })

  test('returns exactly one application with a unique slug for each connector of the sandbox catalogue', async () => {
    const all = [...(await readSandboxConnectors()).values()].flat()
    const applications = group(all)
    const found = new Set(all.map((one) => applications.of(one)))
    expect([...found].flatMap(({ offers }) => offers)).toHaveLength(all.length)
    expect(new Set([...found].map(({ slug }) => slug)).size).toBe(found.size)
    for (const application of found) expect(applications.find(application.slug)).toBe(application)
  })
})
