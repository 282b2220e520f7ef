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

const indexed = (connectors: readonly Connector[]) =>
  Promise.all(
    providerKeys.map((key: ProviderKey) =>
      buildSearchIndex(
        key,
        connectors.filter(({ provider }) => provider === key),
      ),
    ),
  )

const found = async (query: ConnectorQuery, connectors: readonly Connector[] = catalogue) =>
  searchConnectors(await indexed(connectors), query).map(
    ({ connector: { provider, key } }) => `${provider} ${key}`,
  )

const keysFound = async (search: string, connectors: readonly Connector[]) =>
  searchConnectors(await indexed(connectors), { search }).map(({ connector: { key } }) => key)

describe('a search for connectors', () => {
  test('ranks the name, then its beginning, then its words, then a category, then the description', async () => {
    const rows = [
      offer('in_words', 'Mail', { description: 'Sends mail like acme' }),
      offer('by_category', 'Chat', { categories: ['Acme'] }),
      offer('part', 'My Acme Tool'),
      offer('middle', 'Acmeology'),
      offer('beginning', 'Acme Cloud'),
      offer('exact', 'ACME'),
      offer('nothing', 'Other', { categories: ['tools'] }),
    ]
    expect(await keysFound('acme', rows)).toEqual([
      'exact',
      'beginning',
      'middle',
      'part',
      'by_category',
      'in_words',
    ])
  })

  test.each(['sales force', 'Sales-Force', 'SALES_FORCE', ' salesforce ', 'connect my Salesforce account'])(
    'does not care how a name is written, nor what is said around it: %j',
    async (search) => {
      expect(await found({ search })).toEqual([
        'PIPEDREAM salesforce_rest_api',
        'FIVETRAN salesforce_sandbox',
        'PIPEDREAM pardot',
      ])
    },
  )

  test('finds keys as well as names', async () => {
    expect(await found({ search: 'google_sheets' })).toEqual(['PIPEDREAM google_sheets'])
    expect(await found({ search: '6f0c8f7e-0000-5000-8000-000000000000' })).toHaveLength(1)
  })

  test('puts a name before a key that is another name, and a plain name before a longer one', async () => {
    const rows = [
      offer('linkedin', 'LinkedIn Ads', { provider: 'CENSUS' }),
      offer('linkedin_v2', 'LinkedIn'),
      offer('linkedin_company_pages', 'LinkedIn Company Pages'),
    ]
    expect(await keysFound('linkedin', rows)).toEqual(['linkedin_v2', 'linkedin', 'linkedin_company_pages'])
  })

  test.each([
    ['gsheets', 'PIPEDREAM google_sheets'],
    ['sfdc', 'PIPEDREAM salesforce_rest_api'],
    ['googel sheets', 'PIPEDREAM google_sheets'],
    ['hubspto', 'CENSUS hubspot'],
    ['salesforce invoices', 'PIPEDREAM salesforce_rest_api'],
  ])('understands %j', async (search, first) => {
    expect((await found({ search }))[0]).toBe(first)
  })

  test('takes a number as it is, never for one beside it', async () => {
    const rows = [offer('one', 'Product Catalog 1041'), offer('two', 'Product Catalog 1042')]
    expect(await keysFound('product catalog 1042', rows)).toEqual(['two'])
    expect(await keysFound('prodct catalog 1042', rows)).toEqual(['two'])
  })

  test('puts a connector of the category after one of the name', async () => {
    expect(await found({ search: 'crm' })).toEqual(['PIPEDREAM zoho_crm', 'PIPEDREAM hubspot'])
  })

  test('finds nothing where nothing matches, and everything by name where nothing is asked', async () => {
    expect(await found({ search: 'qqqqqqqq' })).toEqual([])
    expect(await found({ search: '!!!' })).toEqual([])
    const all = searchConnectors(await indexed(catalogue), { search: '  ' })
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

  test('finds a name that has no letters', async () => {
    expect(await keysFound('+++', [offer('plus', '+++'), offer('other', 'Other')])).toEqual(['plus'])
  })

  test('takes only the providers and the direction that are asked for, from the first row on', async () => {
    expect(await found({ search: 'hubspot', providers: ['CENSUS'] })).toEqual(['CENSUS hubspot'])
    expect(await found({ providers: [] })).toEqual([])
    expect(await found({ direction: 'DESTINATION' })).toEqual(['CENSUS hubspot', 'PIPEDREAM zoho_crm'])
    // As it is spelt it finds another direction alone, so the slip of the hand is forgiven.
    const rows = [offer('tool', 'Acmes'), offer('destination', 'Acme', { directions: ['DESTINATION'] })]
    expect(await found({ search: 'acmes', direction: 'DESTINATION' }, rows)).toEqual([
      'PIPEDREAM destination',
    ])
  })
})

describe('the pages of a search', () => {
  const many = Array.from({ length: 40 }, (_, at) => offer(`app_${at}`, `Acme App ${at}`))

  test.each(['', 'acme', 'acme app 1', 'acmee', 'acme nonsense'])(
    'of %j meet every connector that stays once, whatever comes and goes between them',
    async (search) => {
      const before = searchConnectors(await indexed(many), { search })
      expect(before.length).toBeGreaterThan(9)
      const firstPage = before.slice(0, 5)
      const last = firstPage.at(-1)
      if (last === undefined) throw new Error('there is no first page')
      // The entry at the end of the page goes, and so do some behind it; better and worse matches come.
      const gone = new Set([last, before[6], before[8]].map((match) => match?.connector.key))
      const changed = [
        ...many.filter(({ key }) => !gone.has(key)),
        offer('exact', 'Acme'),
        offer('misspelt', 'Acmee'),
        offer('nonsense', 'Acme Nonsense'),
      ]

      const after = searchConnectors(await indexed(changed), { search }, last.mode)

      const rest = afterCursor(after, last).map(({ connector: { key } }) => key)
      const seen = firstPage.map(({ connector: { key } }) => key)
      expect(rest.filter((key) => seen.includes(key))).toEqual([])
      const stayed = before.map(({ connector: { key } }) => key).filter((key) => !gone.has(key))
      expect(stayed.filter((key) => !seen.includes(key) && !rest.includes(key))).toEqual([])
    },
  )
})
