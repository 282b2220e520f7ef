import { describe, expect, test } from 'vitest'
import type { Connector } from '../../../../src/connect/catalogue/connector.ts'
import {
  afterCursor,
  type ConnectorQuery,
  searchConnectors,
} from '../../../../src/connect/catalogue/search/search-connectors.ts'
import { buildSearchIndex } from '../../../../src/connect/catalogue/search/search-index.ts'
import { type ProviderKey, providerKeys } from '../../../../src/domain/provider-key.ts'
import { connector } from '../../script.ts'

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

const buildIndexes = (connectors: readonly Connector[]) =>
  Promise.all(
    providerKeys.map((key: ProviderKey) =>
      buildSearchIndex(
        key,
        connectors.filter(({ provider }) => provider === key),
      ),
    ),
  )

const resultsOf = async (query: ConnectorQuery, connectors: readonly Connector[] = catalogue) =>
  searchConnectors(await buildIndexes(connectors), query).map(
    ({ connector: { provider, key } }) => `${provider} ${key}`,
  )

const keysOf = async (search: string, connectors: readonly Connector[]) =>
  searchConnectors(await buildIndexes(connectors), { search }).map(({ connector: { key } }) => key)

describe('searchConnectors', () => {
  test('ranks by name, prefix of the name, tokens of the name, category, description', async () => {
    const rows = [
      offer('in_words', 'Mail', { description: 'Sends mail like acme' }),
      offer('by_category', 'Chat', { categories: ['Acme'] }),
      offer('part', 'My Acme Tool'),
      offer('middle', 'Acmeology'),
      offer('beginning', 'Acme Cloud'),
      offer('exact', 'ACME'),
      offer('nothing', 'Other', { categories: ['tools'] }),
    ]
    expect(await keysOf('acme', rows)).toEqual([
      'exact',
      'beginning',
      'middle',
      'part',
      'by_category',
      'in_words',
    ])
  })

  test.each(['sales force', 'Sales-Force', 'SALES_FORCE', ' salesforce ', 'connect my Salesforce account'])(
    'ignores case, separators and stop words: %j',
    async (search) => {
      expect(await resultsOf({ search })).toEqual([
        'PIPEDREAM salesforce_rest_api',
        'FIVETRAN salesforce_sandbox',
        'PIPEDREAM pardot',
      ])
    },
  )

  test('finds connectors by key', async () => {
    expect(await resultsOf({ search: 'google_sheets' })).toEqual(['PIPEDREAM google_sheets'])
    expect(await resultsOf({ search: '6f0c8f7e-0000-5000-8000-000000000000' })).toHaveLength(1)
  })

  test('ranks a matching name before a matching key, and a shorter name before a longer one', async () => {
    const rows = [
      offer('linkedin', 'LinkedIn Ads', { provider: 'CENSUS' }),
      offer('linkedin_v2', 'LinkedIn'),
      offer('linkedin_company_pages', 'LinkedIn Company Pages'),
    ]
    expect(await keysOf('linkedin', rows)).toEqual(['linkedin_v2', 'linkedin', 'linkedin_company_pages'])
  })

  test.each([
    ['gsheets', 'PIPEDREAM google_sheets'],
    ['sfdc', 'PIPEDREAM salesforce_rest_api'],
    ['googel sheets', 'PIPEDREAM google_sheets'],
    ['hubspto', 'CENSUS hubspot'],
    ['salesforce invoices', 'PIPEDREAM salesforce_rest_api'],
  ])('resolves abbreviations, typing errors and additional tokens: %j', async (search, first) => {
    expect((await resultsOf({ search }))[0]).toBe(first)
  })

  test('matches numbers exactly, also in a query with a typing error', async () => {
    const rows = [offer('one', 'Product Catalog 1041'), offer('two', 'Product Catalog 1042')]
    expect(await keysOf('product catalog 1042', rows)).toEqual(['two'])
    expect(await keysOf('prodct catalog 1042', rows)).toEqual(['two'])
  })

  test('ranks a matching name before a matching category', async () => {
    expect(await resultsOf({ search: 'crm' })).toEqual(['PIPEDREAM zoho_crm', 'PIPEDREAM hubspot'])
  })

  test('returns nothing without a match, and all connectors by name for a blank query', async () => {
    expect(await resultsOf({ search: 'qqqqqqqq' })).toEqual([])
    expect(await resultsOf({ search: '!!!' })).toEqual([])
    const all = searchConnectors(await buildIndexes(catalogue), { search: '  ' })
    expect(all.map(({ connector: { name } }) => name)).toEqual([
      'Google Sheets',
      'HubSpot',
      'HubSpot',
      'Notion',
      'Pardot',
      'Salesforce',
      'Salesforce Sandbox',
      'Zoho CRM',
    ])
  })

  test('finds a name without letters or digits', async () => {
    expect(await keysOf('+++', [offer('plus', '+++'), offer('other', 'Other')])).toEqual(['plus'])
  })

  test('applies the filters by provider and direction before it selects the search mode', async () => {
    expect(await resultsOf({ search: 'hubspot', providers: ['CENSUS'] })).toEqual(['CENSUS hubspot'])
    expect(await resultsOf({ providers: [] })).toEqual([])
    expect(await resultsOf({ direction: 'DESTINATION' })).toEqual(['CENSUS hubspot', 'PIPEDREAM zoho_crm'])
    // The exact match has the other direction, so matches with typing errors are returned.
    const rows = [offer('tool', 'Acmes'), offer('destination', 'Acme', { directions: ['DESTINATION'] })]
    expect(await resultsOf({ search: 'acmes', direction: 'DESTINATION' }, rows)).toEqual([
      'PIPEDREAM destination',
    ])
  })
})

describe('afterCursor', () => {
  const many = Array.from({ length: 40 }, (_, at) => offer(`app_${at}`, `Acme App ${at}`))

  test.each(['', 'acme', 'acme app 1', 'acmee', 'acme nonsense'])(
    'skips and repeats no remaining connector when the catalogue changes between two pages: %j',
    async (search) => {
      const before = searchConnectors(await buildIndexes(many), { search })
      expect(before.length).toBeGreaterThan(9)
      const firstPage = before.slice(0, 5)
      const last = firstPage.at(-1)
      if (last === undefined) throw new Error('the first page is empty')
      // The entry at the cursor and some after it are removed; better and worse matches are added.
      const removed = new Set([last, before[6], before[8]].map((match) => match?.connector.key))
      const changed = [
        ...many.filter(({ key }) => !removed.has(key)),
        offer('exact', 'Acme'),
        offer('misspelt', 'Acmee'),
        offer('nonsense', 'Acme Nonsense'),
      ]

      const after = searchConnectors(await buildIndexes(changed), { search }, last.mode)

      const rest = afterCursor(after, last).map(({ connector: { key } }) => key)
      const returned = firstPage.map(({ connector: { key } }) => key)
      expect(rest.filter((key) => returned.includes(key))).toEqual([])
      const remaining = before.map(({ connector: { key } }) => key).filter((key) => !removed.has(key))
      expect(remaining.filter((key) => !returned.includes(key) && !rest.includes(key))).toEqual([])
    },
  )
})
