import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { fieldCost } from '../../src/graphql/cost.ts'
import { costOf } from '../../src/graphql/operation-cost.ts'
import { schema } from '../../src/graphql/schema.ts'
import { costLimits } from '../../src/server/yoga.ts'
import { asEndUser } from '../graphql/as-end-user.ts'
import { awaitSyncsAndClearRequests, postQuery, providerRequests } from '../graphql/open.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { postGraphQL, withKey } from './raw-request.ts'

/** `connectors` in its provider in `connectors` …: 100 times as many objects at each level. */
const nested = (levels: number): string =>
  `{ connectors(first: 100) { nodes { ${levels === 1 ? 'name' : `provider ${nested(levels - 1)}`} } } }`

const measure = (source: string, variableValues: object = {}, operationName: string | null = null) =>
  costOf({ schema, document: parse(source), operationName, variableValues: { ...variableValues } })

describe('an operation that costs too much', () => {
  test.each([2, 3, 4])('%i nested lists are rejected before anything is resolved', async (levels) => {
    const gateway = await startTestGateway()
    const session = await asEndUser(gateway, 'user-1')
    // An API key may request two levels: 10,000 objects.
    for (const caller of levels === 2 ? [session] : [gateway, session]) {
      const response = await ('query' in caller
        ? caller.query(nested(levels))
        : postQuery(caller, nested(levels)))
      expect(response).toMatchObject({ codes: ['COST_LIMIT'], data: undefined })
      expect(response.text.length).toBeLessThan(400)
    }
  })

  test('aliased mutations reach no provider', async () => {
    const gateway = await startTestGateway()
    const session = await asEndUser(gateway, 'user-1')
    await awaitSyncsAndClearRequests(gateway)
    const inputs = Array.from({ length: 20 }, () => ({
      provider: 'FIVETRAN',
      input: { connector: 'hubspot' },
    }))
    const aliases = Array.from(
      { length: 15 },
      (_, index) => `a${index}: createConnectLinks(inputs: $inputs) { __typename }`,
    )
    const document = `mutation ($inputs: [CreateConnectLinksInput!]!) { ${aliases.join(' ')} }`
    expect(await session.query(document, { inputs })).toMatchObject({ codes: ['COST_LIMIT'] })
    expect((await providerRequests(gateway)).filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('is measured by the operation that is executed, not the first of the document', async () => {
    const gateway = await startTestGateway()
    const document = `query Cheap { viewer { kind } } query Expensive ${nested(3)}`
    const send = (operationName: string) =>
      postGraphQL(gateway, JSON.stringify({ query: document, operationName }), withKey)
    expect(await send('Cheap')).toMatchObject({ status: 200, code: undefined })
    expect(await send('Expensive')).toMatchObject({ code: 'COST_LIMIT' })
  })

  test('a subscription is measured too', async () => {
    const gateway = await startTestGateway()
    const document = `subscription { connectionUpdated { provider ${nested(3)} } }`
    expect(await postQuery(gateway, document)).toMatchObject({ codes: ['COST_LIMIT'] })
  })
})

describe('the cost', () => {
  test('multiplies by page sizes and numbers of IDs, in arguments, variables and defaults', () => {
    expect(measure('{ connectors(first: 7) { nodes { name } } }')).toBe(1 + 7 * (1 + 1))
    expect(measure('query ($n: Int = 7) { connectors(first: $n) { nodes { name } } }')).toBe(15)
    expect(measure('query ($n: Int) { connectors(first: $n) { nodes { name } } }', { n: 7 })).toBe(15)
    expect(measure('{ connectors { nodes { name } } }')).toBe(1 + 20 * 2)
    expect(measure('{ nodes(ids: ["a", "b", "c"]) { id } }')).toBe(1 + 3)
  })

  test('counts a fragment as often as it is used', () => {
    const once = measure('{ viewer { ...V } } fragment V on Viewer { kind name }')
    const twice = measure('{ a: viewer { ...V } b: viewer { ...V } } fragment V on Viewer { kind name }')
    expect([once, twice]).toEqual([3, 6])
  })

  test('of an operation with an argument that cannot be read is an error, not zero', () => {
    const document = `query ($s: String) { connectors(first: 100) { nodes { id } } connector(provider: FIVETRAN, key: $s) { id } }`
    expect(measure(document)).toBeInstanceOf(Error)
  })

  test('of every mutation is that of calls to a provider, except those that call none', () => {
    const local = [
      'assignConnection',
      'cancelConnectLinkAttempt',
      'claimConnectLink',
      'createApiKey',
      'createSession',
      'createWebhookEndpoint',
      'deleteWebhookEndpoint',
      'handOverConnectLink',
      'redeliverWebhook',
      'removeProviderAccount',
      'resumeProvider',
      'revokeApiKey',
      'revokeSessions',
      'rotateApiKey',
      'rotateWebhookSecret',
      'sendTestWebhook',
      'suspendProvider',
      'takeBackConnectLink',
      'updateWebhookEndpoint',
    ]
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
    const undeclared = mutations.filter(({ extensions }) => extensions.complexity === fieldCost)
    expect(undeclared.map(({ name }) => name).sort()).toEqual(local)
  })

  test('of each published operation with its largest page is within the limit of sessions', () => {
    const folder = new URL('../../schema/operations/', import.meta.url)
    const input = { connector: 'hubspot', endUser: { id: 'user-1' } }
    const variables = { first: 100, id: 'x', provider: 'FIVETRAN', input }
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const costs = files
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => [file, measure(readFileSync(new URL(file, folder), 'utf8'), variables)])
    expect(costs.length).toBeGreaterThan(10)
    for (const [file, cost] of costs) expect(cost, String(file)).toBeLessThanOrEqual(costLimits.session)
  })

  test('is shown to API keys, not to sessions and not in production', async () => {
    const gateway = await startTestGateway()
    const { text } = await postQuery(gateway, '{ viewer { kind } }')
    expect(JSON.parse(text)).toEqual({
      data: { viewer: { kind: 'API_KEY' } },
      extensions: { cost: { requested: 2, limit: costLimits.apiKey } },
    })
    const session = await asEndUser(gateway, 'user-1')
    expect(JSON.parse((await session.query('{ viewer { kind } }')).text)).not.toHaveProperty('extensions')
  })
})

describe('the rate limit of a session', () => {
  const query = '{ connectors(first: 100) { nodes { name } } }' // costs 201

  test('counts costs per minute, is sent in headers, and ends with the minute', async () => {
    const gateway = await startTestGateway({ env: { RATE_LIMIT_SESSION: '300' } })
    const { headers } = await asEndUser(gateway, 'ada')
    const bob = await asEndUser(gateway, 'bob')
    const rateHeaders = (response: Response) =>
      ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => response.headers.get(name))

    const first = await gateway.post(query, {}, headers)
    expect(first.status).toBe(200)
    expect(rateHeaders(first)).toEqual(['"cost";q=300;w=60', '"cost";r=99;t=60', null])
    const second = await gateway.post(query, {}, headers)
    expect(second.status).toBe(429)
    expect(rateHeaders(second)).toEqual(['"cost";q=300;w=60', '"cost";r=99;t=60', '60'])
    expect(await second.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 60 } }],
    })
    expect(await bob.query(query)).toMatchObject({ status: 200, codes: [] })
    expect((await gateway.post(query)).headers.get('ratelimit')).toBeNull()
    gateway.clock.advance(60)
    expect((await gateway.post(query, {}, headers)).status).toBe(200)
  })

  test('limits API keys only if it is set for them', async () => {
    const gateway = await startTestGateway({ env: { RATE_LIMIT_API_KEY: '300' } })
    expect((await gateway.post(query)).status).toBe(200)
    expect((await gateway.post(query)).status).toBe(429)
  })

  test('of calls that reach a provider is 60 a minute, for all requests together', async () => {
    const gateway = await startTestGateway()
    const session = await asEndUser(gateway, 'ada')
    await awaitSyncsAndClearRequests(gateway)
    const document = `{ connectors(first: 35, providers: [FIVETRAN]) { nodes { configSchema } } }`
    expect(await session.query(document)).toMatchObject({ status: 200, codes: [] })
    const second = await session.query(document)
    expect(new Set(second.codes)).toEqual(new Set(['RATE_LIMITED']))
    expect(second.codes).toHaveLength(10)
    expect(await postQuery(gateway, document)).toMatchObject({ codes: [] })
  })
})
