import { expect, test } from 'vitest'
import { censusDestinations, censusSources } from '../../src/sandbox/vendors/census/types.ts'
import { composioToolkits } from '../../src/sandbox/vendors/composio/toolkit-list.ts'
import { fivetranServices } from '../../src/sandbox/vendors/fivetran/services.ts'
import { nangoIntegrations } from '../../src/sandbox/vendors/nango/integrations.ts'
import { pipedreamApps } from '../../src/sandbox/vendors/pipedream/app-list.ts'
import { stableUuid, xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'

function countBy<T>(rows: readonly T[], keyOf: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + 1
  return counts
}

test.each([
  ['Fivetran services', fivetranServices.map(({ key, name }) => [key, name] as const)],
  ['Census destinations', censusDestinations.map((one) => [one.serviceName, one.label] as const)],
  ['Census sources', censusSources.map((one) => [one.serviceName, one.label] as const)],
  ['Pipedream apps', pipedreamApps.map(({ slug, name }) => [slug, name] as const)],
  ['Composio toolkits', composioToolkits.map(({ slug, name }) => [slug, name] as const)],
  ['xpander connectors', xpanderConnectors.map(({ id, name }) => [id, name] as const)],
  ['Nango integrations', nangoIntegrations.map(({ key, name }) => [key, name] as const)],
])('%s have unique keys, and unique names without surrounding white space', (_, rows) => {
  expect(new Set(rows.map(([key]) => key)).size).toBe(rows.length)
  expect(new Set(rows.map(([, name]) => name)).size).toBe(rows.length)
  expect(rows.filter(([key, name]) => key === '' || name === '' || name !== name.trim())).toEqual([])
})

test('Fivetran has every service of the API, with its naming family and whether it uses OAuth', () => {
  expect(fivetranServices).toHaveLength(773)
  expect(countBy(fivetranServices, ({ family }) => family)).toEqual({
    schema: 654,
    schema_table: 57,
    schema_prefix: 49,
    schema_table_group: 13,
  })
  expect(fivetranServices.filter(({ oauth }) => oauth)).toHaveLength(141)
  const find = (key: string) => fivetranServices.find((service) => service.key === key)
  expect(find('hubspot')).toMatchObject({ name: 'HubSpot', family: 'schema', oauth: true, type: 'Marketing' })
  expect(find('postgres')).toMatchObject({ name: 'PostgreSQL', family: 'schema_prefix', type: 'Database' })
  expect(find('google_sheets')).toMatchObject({ name: 'Google Sheets', family: 'schema_table', type: 'File' })
  expect(find('s3')).toMatchObject({ name: 'Amazon S3', family: 'schema_table_group', oauth: false })
})

test('Census has destinations and sources, with support of connect links and the authentication method', () => {
  const find = (name: string) => censusDestinations.find(({ serviceName }) => serviceName === name)
  expect(find('hubspot')).toMatchObject({
    label: 'HubSpot',
    authMethod: 'oauth',
    creatableViaConnectLink: true,
  })
  expect(find('active_campaign')).toMatchObject({ documentationSlug: 'activecampaign' })
  expect(find('custom_api')).toMatchObject({ creatableViaConnectLink: false })
  expect(censusDestinations.length).toBeGreaterThan(150)
  expect(censusSources.map(({ serviceName }) => serviceName)).toContain('snowflake')
  expect([...censusDestinations, ...censusSources].map(({ serviceName }) => serviceName)).not.toContain(
    'test',
  )
})

test('Pipedream has at least 90 apps of all three authentication types, sorted by featured weight', () => {
  expect(pipedreamApps.length).toBeGreaterThanOrEqual(90)
  expect(Object.keys(countBy(pipedreamApps, ({ authType }) => authType)).sort()).toEqual([
    'keys',
    'none',
    'oauth',
  ])
  const weights = pipedreamApps.map(({ featuredWeight }) => featuredWeight)
  expect(weights).toEqual(weights.toSorted((a, b) => b - a))
})

test('xpander has at least 64 connectors with deterministic UUIDs, one of them not ready', () => {
  expect(xpanderConnectors.length).toBeGreaterThanOrEqual(64)
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  expect(xpanderConnectors.filter(({ id }) => !uuid.test(id))).toEqual([])
  const slack = xpanderConnectors.find(({ name }) => name === 'Slack')
  expect(slack?.id).toBe(stableUuid('xpander connector Slack'))
  expect(xpanderConnectors.filter(({ status }) => status !== 'ready')).toHaveLength(1)
})
