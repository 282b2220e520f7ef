import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { countStatements } from './count-statements.ts'
import { answerTo, createLink, forgetRequests, issuesOf, madeLink, requestsTo } from './open.ts'
import { choose, fail, plan } from './select-provider.ts'

const details = '/fivetran/v1/metadata/connector-types/'
const down = { path: details, times: 1_000, status: 503, body: {} }

async function opened(): Promise<TestGateway> {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  return gateway
}

const shape = z.object({
  connector: z.object({
    configSchema: z.object({
      properties: z.looseObject({
        config: z.object({ properties: z.record(z.string(), z.unknown()) }).optional(),
      }),
    }),
  }),
})

/** What a service wants to be told. */
async function inputsOf(gateway: TestGateway, key = 'postgres') {
  const { data, codes } = await answerTo(
    gateway,
    `query ($key: String!) { connector(provider: FIVETRAN, key: $key) { configSchema } }`,
    { key },
  )
  expect(codes).toEqual([])
  return shape.parse(data).connector.configSchema.properties
}

/** What was asked of the providers. */
const asked = async (gateway: TestGateway) =>
  (await requestsTo(gateway)).map(({ method, path }) => `${method} ${path}`)

describe('what a service wants to be told', () => {
  test('is read when somebody asks, once', async () => {
    const gateway = await opened()
    const { config } = await inputsOf(gateway)
    expect(config?.properties).toMatchObject({
      port: { type: 'integer', title: 'Port' },
      password: { type: 'string', writeOnly: true },
    })
    expect(config?.properties).not.toHaveProperty('public_key')
    expect(await inputsOf(gateway)).toMatchObject({ schema: { title: 'Schema prefix' }, config: {} })
    expect(await asked(gateway)).toEqual([`GET ${details}postgres`])
  })

  test('costs nothing in a list that does not ask for it', async () => {
    const gateway = await opened()
    await answerTo(gateway, '{ connectors(providers: [FIVETRAN], first: 100) { nodes { key auth } } }')
    expect(await asked(gateway)).toEqual([])
  })

  test('costs a list that asks for it one call each, and afterwards one statement', async () => {
    const gateway = await opened()
    const list = (first: number, fields = 'configSchema') =>
      answerTo(gateway, `{ connectors(providers: [FIVETRAN], first: ${first}) { nodes { ${fields} } } }`)
    expect((await list(30)).codes).toEqual([])
    const calls = await asked(gateway)
    expect(new Set(calls).size).toBe(30)
    expect(calls).toHaveLength(30)

    const statementsOf = countStatements()
    const without = await statementsOf(() => list(30, 'key'))
    expect(await statementsOf(() => list(30))).toBe(without + 1)
    expect(await asked(gateway)).toEqual(calls)
  })

  test('is the names alone while Fivetran does not answer, and that is no error', async () => {
    const gateway = await opened()
    await fail(gateway, 'FIVETRAN', down)
    expect(Object.keys(await inputsOf(gateway))).toEqual(['schema'])
    await gateway.control('DELETE', 'faults')
    gateway.clock.advance(11)
    expect((await inputsOf(gateway)).config?.properties).toHaveProperty('port')
  })
})

describe('a config', () => {
  const wrong = { port: 'main entrance', update_method: 'BY_HAND' }

  test('of another shape than the service describes is refused with all else that is wrong, and nothing is made', async () => {
    const gateway = await opened()
    const input = { connector: 'postgres', redirectUri: 'x', fivetran: { schema: ' ', config: wrong } }
    expect(await issuesOf(gateway, 'FIVETRAN', input)).toEqual([
      'input.fivetran.config.port',
      'input.fivetran.config.update_method',
      'input.fivetran.schema',
      'input.redirectUri',
    ])
    expect(await asked(gateway)).toEqual([`GET ${details}postgres`])
  })

  test('is checked the same way when the gateway chooses the provider', async () => {
    const gateway = await opened()
    const fivetran = { config: { sync_sensitive_data: 'a bit' } }
    for (const ask of [plan, choose]) {
      expect(await ask(gateway, { connector: 'hubspot', fivetran })).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ path: ['input', 'fivetran', 'config', 'sync_sensitive_data'] }],
      })
    }
    expect(await asked(gateway)).toEqual([`GET ${details}hubspot`])
  })

  test('of the right shape goes to Fivetran, with what the service does not describe', async () => {
    const gateway = await opened()
    const config = { port: 5432, update_method: 'QUERY_BASED', newer_than_the_description: [1] }
    await madeLink(gateway, 'FIVETRAN', { connector: 'postgres', fivetran: { config } })
    const made = (await requestsTo(gateway)).find(({ method }) => method === 'POST')
    expect(made?.body).toMatchObject({ config })
  })

  test('goes unchecked when Fivetran does not say what it wants', async () => {
    const gateway = await opened()
    await fail(gateway, 'FIVETRAN', down)
    const link = await createLink(gateway, 'FIVETRAN', { connector: 'postgres', fivetran: { config: wrong } })
    expect(link.__typename).toBe('CreateConnectLinkPayload')
  })

  test('that is not given, or not by somebody who may, is no reason to ask', async () => {
    const gateway = await opened()
    await madeLink(gateway, 'FIVETRAN', { connector: 'postgres', fivetran: { schema: 'mine' } })
    await issuesOf(gateway, 'FIVETRAN', { connector: 'abacus', fivetran: { config: wrong } })
    const { ask } = await asEndUser(gateway, 'user-1')
    const refused = await ask(
      `mutation ($config: JSONObject!) {
         createConnectLink(provider: FIVETRAN, input: { connector: "postgres", fivetran: { config: $config } }) {
           ... on InvalidInputError { issues { path } } } }`,
      { config: wrong },
    )
    expect(refused.data).toEqual({ createConnectLink: { issues: [{ path: ['input', 'fivetran'] }] } })
    expect((await asked(gateway)).filter((call) => call.includes(details))).toEqual([])
  })
})
