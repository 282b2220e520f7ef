import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { countStatements } from './count-statements.ts'
import {
  awaitSyncsAndClearRequests,
  createLink,
  createLinkOrThrow,
  issuePaths,
  postQuery,
  providerRequests,
} from './open.ts'
import { createLinkWithSelection, injectFault, planLink } from './select-provider.ts'

const metadataPath = '/fivetran/v1/metadata/connector-types/'
const metadataDown = { path: metadataPath, times: 1_000, status: 503, body: {} }

async function startSyncedGateway(): Promise<TestGateway> {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  return gateway
}

const connectorShape = z.object({
  connector: z.object({
    configSchema: z.object({
      properties: z.looseObject({
        config: z.object({ properties: z.record(z.string(), z.unknown()) }).optional(),
      }),
    }),
  }),
})

/** Returns the properties of the service's config schema. */
async function readConfigProperties(gateway: TestGateway, key = 'postgres') {
  const { data, codes } = await postQuery(
    gateway,
    `query ($key: String!) { connector(provider: FIVETRAN, key: $key) { configSchema } }`,
    { key },
  )
  expect(codes).toEqual([])
  return connectorShape.parse(data).connector.configSchema.properties
}

/** The provider requests as `METHOD path`. */
const requestLines = async (gateway: TestGateway) =>
  (await providerRequests(gateway)).map(({ method, path }) => `${method} ${path}`)

describe('Connector.configSchema', () => {
  test('is fetched on first use and then cached', async () => {
    const gateway = await startSyncedGateway()
    const { config } = await readConfigProperties(gateway)
    expect(config?.properties).toMatchObject({
      port: { type: 'integer', title: 'Port' },
      password: { type: 'string', writeOnly: true },
    })
    expect(config?.properties).not.toHaveProperty('public_key')
    expect(await readConfigProperties(gateway)).toMatchObject({
      schema: { title: 'Schema prefix' },
      config: {},
    })
    expect(await requestLines(gateway)).toEqual([`GET ${metadataPath}postgres`])
  })

  test('is not fetched for a list that does not select it', async () => {
    const gateway = await startSyncedGateway()
    await postQuery(gateway, '{ connectors(providers: [FIVETRAN], first: 100) { nodes { key auth } } }')
    expect(await requestLines(gateway)).toEqual([])
  })

  test('is fetched with one request per connector of a list, and read with one statement afterwards', async () => {
    const gateway = await startSyncedGateway()
    const list = (first: number, fields = 'configSchema') =>
      postQuery(gateway, `{ connectors(providers: [FIVETRAN], first: ${first}) { nodes { ${fields} } } }`)
    expect((await list(30)).codes).toEqual([])
    const calls = await requestLines(gateway)
    expect(new Set(calls).size).toBe(30)
    expect(calls).toHaveLength(30)

    const statementsOf = countStatements()
    const without = await statementsOf(() => list(30, 'key'))
    expect(await statementsOf(() => list(30))).toBe(without + 1)
    expect(await requestLines(gateway)).toEqual(calls)
  })

  test('contains only the destination names while Fivetran is down, without an error', async () => {
    const gateway = await startSyncedGateway()
    await injectFault(gateway, 'FIVETRAN', metadataDown)
    expect(Object.keys(await readConfigProperties(gateway))).toEqual(['schema'])
    await gateway.control('DELETE', 'faults')
    gateway.clock.advance(11)
    expect((await readConfigProperties(gateway)).config?.properties).toHaveProperty('port')
  })
})

describe('fivetran.config', () => {
  const invalidConfig = { port: 'not a number', update_method: 'NOT_A_METHOD' }

  test('is rejected when it violates the schema, together with all other issues, and nothing is created', async () => {
    const gateway = await startSyncedGateway()
    const input = {
      connector: 'postgres',
      redirectUri: 'x',
      fivetran: { schema: ' ', config: invalidConfig },
    }
    expect(await issuePaths(gateway, 'FIVETRAN', input)).toEqual([
      'input.fivetran.config.port',
      'input.fivetran.config.update_method',
      'input.fivetran.schema',
      'input.redirectUri',
    ])
    expect(await requestLines(gateway)).toEqual([`GET ${metadataPath}postgres`])
  })

  test('is validated in the same way when the gateway selects the provider', async () => {
    const gateway = await startSyncedGateway()
    const fivetran = { config: { sync_sensitive_data: 'not a boolean' } }
    for (const send of [planLink, createLinkWithSelection]) {
      expect(await send(gateway, { connector: 'hubspot', fivetran })).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ path: ['input', 'fivetran', 'config', 'sync_sensitive_data'] }],
      })
    }
    expect(await requestLines(gateway)).toEqual([`GET ${metadataPath}hubspot`])
  })

  test('is sent to Fivetran when it is valid, including fields that the schema does not contain', async () => {
    const gateway = await startSyncedGateway()
    const config = { port: 5432, update_method: 'QUERY_BASED', field_not_in_the_schema: [1] }
    await createLinkOrThrow(gateway, 'FIVETRAN', { connector: 'postgres', fivetran: { config } })
    const created = (await providerRequests(gateway)).find(({ method }) => method === 'POST')
    expect(created?.body).toMatchObject({ config })
  })

  test('is not validated when Fivetran does not return the schema', async () => {
    const gateway = await startSyncedGateway()
    await injectFault(gateway, 'FIVETRAN', metadataDown)
    const link = await createLink(gateway, 'FIVETRAN', {
      connector: 'postgres',
      fivetran: { config: invalidConfig },
    })
    expect(link.__typename).toBe('CreateConnectLinkPayload')
  })

  test('causes no schema request if it is absent, not allowed, or for an unknown connector', async () => {
    const gateway = await startSyncedGateway()
    await createLinkOrThrow(gateway, 'FIVETRAN', {
      connector: 'postgres',
      fivetran: { schema: 'valid_schema' },
    })
    await issuePaths(gateway, 'FIVETRAN', { connector: 'abacus', fivetran: { config: invalidConfig } })
    const { query: ask } = await asEndUser(gateway, 'user-1')
    const response = await ask(
      `mutation ($config: JSONObject!) {
         createConnectLink(provider: FIVETRAN, input: { connector: "postgres", fivetran: { config: $config } }) {
           ... on InvalidInputError { issues { path } } } }`,
      { config: invalidConfig },
    )
    expect(response.data).toEqual({ createConnectLink: { issues: [{ path: ['input', 'fivetran'] }] } })
    expect((await requestLines(gateway)).filter((call) => call.includes(metadataPath))).toEqual([])
  })
})
