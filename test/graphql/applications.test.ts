import { describe, expect, test } from 'vitest'
import {
  ApplicationDocument,
  ApplicationsDocument,
  type ApplicationsQueryVariables,
  PlanConnectLinkDocument,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests } from './open.ts'

const applicationsOf = async ({ send }: TestGateway, variables: ApplicationsQueryVariables = {}) =>
  (await send(ApplicationsDocument, variables)).applications

/** Providers write the names of categories differently: in lower case, or as one word. */
const categoryKey = (name: string) => name.toLowerCase().replaceAll(/\W/g, '')

/** Reads all pages of 100. */
async function readAll(gateway: TestGateway, filter: ApplicationsQueryVariables = {}) {
  const nodes: Awaited<ReturnType<typeof applicationsOf>>['nodes'][number][] = []
  let after: string | null = null
  for (;;) {
    const variables: ApplicationsQueryVariables = { ...filter, first: 100, after }
    const page = await applicationsOf(gateway, variables)
    nodes.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return { nodes, total: page.totalCount }
    after = page.pageInfo.endCursor
  }
}

/** Where `createConnectLink` would create a link for the application; `null`: nowhere without a direction. */
async function plannedOffer({ send }: TestGateway, connector: string) {
  const input = { connector, endUser: { id: 'ada' } }
  const { planConnectLink: plan } = await send(PlanConnectLinkDocument, { input })
  return 'selection' in plan ? { provider: plan.selection.chosen, key: plan.selection.connectorKey } : null
}

describe('applications', () => {
  test('are listed once each, by name, with search, filters and what their offers have', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const { nodes, total } = await readAll(gateway)
    expect(nodes).toHaveLength(total)
    expect(new Set(nodes.map(({ slug }) => slug)).size).toBe(total)
    const names = nodes.map(({ name }) => name.toLowerCase())
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : Number(a > b))))

    const found = await readAll(gateway, { search: 'gsheets' })
    expect(found.nodes[0]).toMatchObject({ slug: 'google-sheets', linkable: true })
    const searched = await readAll(gateway, { search: 'google' })
    expect(searched.nodes).toHaveLength(searched.total)
    expect(new Set(searched.nodes.map(({ slug }) => slug)).size).toBe(searched.total)

    const categories = new Set(nodes.flatMap((node) => node.categories))
    const [category = ''] = categories
    const inCategory = await readAll(gateway, { category: category.toUpperCase() })
    expect(inCategory.nodes.map(({ slug }) => slug)).toEqual(
      nodes
        .filter((node) => node.categories.some((one) => categoryKey(one) === categoryKey(category)))
        .map(({ slug }) => slug),
    )
    const linkable = await readAll(gateway, { linkableOnly: true })
    expect(linkable.nodes.map(({ slug }) => slug)).toEqual(
      nodes.filter((node) => node.linkable).map(({ slug }) => slug),
    )
    expect(linkable.total).toBeLessThan(total)

    // The best offer is the one that a link without a provider gets.
    const excluded = nodes.filter((node) => !node.linkable).slice(0, 3)
    expect(excluded).not.toEqual([])
    const sample = [...nodes.filter((_, index) => index % 20 === 0), ...excluded]
    for (const { slug, linkable: isLinkable, bestOffer } of sample) {
      expect(isLinkable).toBe(bestOffer !== null)
      const expected =
        bestOffer?.directions.length === 1 ? { provider: bestOffer.provider.key, key: bestOffer.key } : null
      expect({ slug, offer: await plannedOffer(gateway, slug) }).toEqual({ slug, offer: expected })
    }
    expect(await providerRequests(gateway)).toEqual([])
  })

  test('can be read by slug and by ID, with a logo that the sandbox serves', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const { application } = await gateway.send(ApplicationDocument, { slug: 'hubspot' })
    expect(application).toMatchObject({ slug: 'hubspot', name: 'HubSpot', linkable: true })
    const { id, logoUrl } = application ?? {}
    const logo = await fetch(logoUrl ?? '')
    expect(logo.headers.get('content-type')).toBe('image/svg+xml')
    expect(await logo.text()).toContain('>H</text>')
    expect(logoUrl?.startsWith(`${gateway.url}/sandbox/`)).toBe(true)
    const node = await postQuery(
      gateway,
      'query ($id: ID!) { node(id: $id) { ... on Application { slug } } }',
      {
        id,
      },
    )
    expect(node.data).toEqual({ node: { slug: 'hubspot' } })
    expect(await gateway.send(ApplicationDocument, { slug: 'no-such-application' })).toEqual({
      application: null,
    })
    const search = `{ connectors(search: "hubspot", first: 20) { nodes { name logoUrl provider { key } } } }`
    const { data } = await postQuery(gateway, search, {})
    const { nodes } = (data as { connectors: { nodes: { name: string; logoUrl: string | null }[] } })
      .connectors
    const named = nodes.filter(({ name }) => name === 'HubSpot')
    expect(named.length).toBeGreaterThan(2)
    for (const node of named)
      expect(node.logoUrl).toMatch(
        /\/sandbox\/(fivetran\/icons|(pipedream|composio)\/logos|nango\/images\/template-logos)\//,
      )
  })

  test('in a session are linkable within its limits', async () => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const { query } = await asEndUser(gateway, 'ada', {
      connectors: ['hubspot', 'slack'],
      providers: ['XPANDER', 'PIPEDREAM'],
    })
    const { text } = await query(
      '{ applications(linkableOnly: true) { nodes { slug bestOffer { provider { key } } bySource: bestOffer(direction: SOURCE) { key } } } }',
    )
    expect(JSON.parse(text)).toEqual({
      data: {
        applications: {
          nodes: ['hubspot', 'slack'].map((slug) => ({
            slug,
            bestOffer: { provider: { key: 'PIPEDREAM' } },
            bySource: null,
          })),
        },
      },
    })
  })
})

test('connectors are filtered by authorization, category and whether they are linkable', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const count = async (filter: string) => {
    const { data } = await postQuery(
      gateway,
      `{ connectors${filter} { totalCount nodes { auth categories linkable } } }`,
      {},
    )
    return (
      data as {
        connectors: { totalCount: number; nodes: { auth: string; categories: string[]; linkable: boolean }[] }
      }
    ).connectors
  }
  const all = (await count('(first: 1)')).totalCount
  const oauth = await count('(auth: OAUTH, first: 100)')
  expect(new Set(oauth.nodes.map(({ auth }) => auth))).toEqual(new Set(['OAUTH']))
  const parts = await Promise.all(
    ['OAUTH', 'KEYS', 'NONE', 'UNKNOWN'].map(
      async (auth) => (await count(`(auth: ${auth}, first: 1)`)).totalCount,
    ),
  )
  expect(parts.reduce((sum, part) => sum + part)).toBe(all)
  const linkable = await count('(linkable: true, first: 100)')
  const others = await count('(linkable: false, first: 100)')
  expect(linkable.totalCount + others.totalCount).toBe(all)
  expect(others.nodes.every((node) => !node.linkable)).toBe(true)
  const category = await count('(category: "communication", search: "slack", first: 100)')
  expect(category.nodes.length).toBeGreaterThan(0)
  for (const { categories } of category.nodes) expect(categories.map(categoryKey)).toContain('communication')
})
