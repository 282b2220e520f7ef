import { describe, expect, test } from 'vitest'
import type { Connector } from '../../src/connect/catalogue.ts'
import { type ConnectorQuery, searchConnectors } from '../../src/connect/search-connectors.ts'
import { connector } from './open.ts'

const offer = (key: string, name: string, changes: Partial<Connector> = {}): Connector => ({
  ...connector(key),
  name,
  provider: 'PIPEDREAM',
  ...changes,
})

const catalogue = [
  offer('salesforce_rest_api', 'Salesforce'),
  offer('salesforce_sandbox', 'Salesforce Sandbox', { provider: 'FIVETRAN', directions: ['SOURCE'] }),
  offer('pardot', 'Pardot', { description: 'Marketing automation by Salesforce' }),
  offer('hubspot', 'HubSpot', { categories: ['CRM'] }),
  offer('hubspot', 'HubSpot', { provider: 'CENSUS', directions: ['DESTINATION'] }),
  offer('zoho_crm', 'Zoho CRM', { directions: ['SOURCE', 'DESTINATION'] }),
  offer('google_sheets', 'Google Sheets'),
  offer('6f0c8f7e-0000-5000-8000-000000000000', 'Notion', { provider: 'XPANDER' }),
]

const found = (query: ConnectorQuery) =>
  searchConnectors(catalogue, query).map(({ connector: { provider, key } }) => `${provider} ${key}`)

describe('a search for connectors', () => {
  test('ranks the name itself, then its beginning, then a part of it, then a category, then the description', () => {
    const rows = [
      offer('in_words', 'Mail', { description: 'Sends mail like acme' }),
      offer('by_category', 'Chat', { categories: ['Acme'] }),
      offer('part', 'My Acme Tool'),
      offer('beginning', 'Acme Cloud'),
      offer('exact', 'ACME'),
      offer('nothing', 'Other', { categories: ['acme tools'] }),
    ]
    const keys = searchConnectors(rows, { search: 'acme' }).map(({ connector: { key } }) => key)
    expect(keys).toEqual(['exact', 'beginning', 'part', 'by_category', 'in_words'])
  })

  test.each(['sales force', 'Sales-Force', 'SALES_FORCE', ' salesforce '])(
    'does not care how a name is written: %j',
    (search) => {
      expect(found({ search })).toEqual([
        'PIPEDREAM salesforce_rest_api',
        'FIVETRAN salesforce_sandbox',
        'PIPEDREAM pardot',
      ])
    },
  )

  test('finds keys as well as names', () => {
    expect(found({ search: 'google_sheets' })).toEqual(['PIPEDREAM google_sheets'])
    expect(found({ search: '6f0c8f7e-0000-5000-8000-000000000000' })).toHaveLength(1)
  })

  test('puts a connector of the category after one of the name', () => {
    expect(found({ search: 'crm' })).toEqual(['PIPEDREAM zoho_crm', 'PIPEDREAM hubspot'])
  })

  test('finds nothing where nothing matches, and everything by name where nothing is asked', () => {
    expect(found({ search: 'no such thing' })).toEqual([])
    const names = searchConnectors(catalogue, { search: '  ' }).map(({ connector: { name } }) => name)
    expect(names).toEqual([
      'Google Sheets',
      'HubSpot',
      'HubSpot',
      'Notion',
      'Pardot',
      'Salesforce',
      'Salesforce Sandbox',
      'Zoho CRM',
    ])
    expect(found({})).toHaveLength(catalogue.length)
  })

  test('takes only the providers and the direction that are asked for', () => {
    expect(found({ search: 'hubspot', providers: ['CENSUS'] })).toEqual(['CENSUS hubspot'])
    expect(found({ providers: [] })).toEqual([])
    expect(found({ direction: 'DESTINATION' })).toEqual(['CENSUS hubspot', 'PIPEDREAM zoho_crm'])
  })

  test('gives each row a position that sorts as the list does, so that a page can begin anywhere', () => {
    const positions = searchConnectors(catalogue, { search: 'o' }).map(({ position }) => position)
    expect(positions.length).toBeGreaterThan(3)
    expect(positions.toSorted()).toEqual(positions)
    expect(new Set(positions).size).toBe(positions.length)
  })
})
