import { describe, expect, test } from 'vitest'
import { postGraphQL, sendRequest, startWithoutProviders, withKey } from './raw-request.ts'

const post = async (body: unknown, headers: Record<string, string> = {}) =>
  postGraphQL(await startWithoutProviders(), typeof body === 'string' ? body : JSON.stringify(body), headers)

const query = '{ viewer { kind } }'
const acceptGraphQLResponse = { accept: 'application/graphql-response+json' }

describe('answers 400 to a malformed GraphQL request:', () => {
  test.each<[name: string, body: unknown]>([
    ['an empty body', ''],
    ['truncated JSON', '{"query": "{ viewer'],
    ['null', 'null'],
    ['a number', '5'],
    ['a query that is not a string', { query: 5 }],
    ['variables that are not an object', { query, variables: 'x' }],
    ['variables that are a list', { query, variables: [] }],
    ['extensions that are not an object', { query, extensions: 'x' }],
    ['an unknown key', { query, foo: 1 }],
    ['a batch', [{ query }, { query }]],
  ])('%s', async (_, body) => {
    for (const headers of [{}, acceptGraphQLResponse])
      expect(await post(body, headers)).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test.each([
    ['an unknown operation name', { query: `query A ${query}`, operationName: 'B' }],
    ['two operations without an operation name', { query: `query A ${query} query B ${query}` }],
    ['an operation name that is not a string', { query, operationName: 5 }],
    ['no query', {}],
    ['a document without an operation', { query: 'fragment V on Viewer { kind }' }],
  ])('%s', async (_, body) => {
    const rejected = await post(body, acceptGraphQLResponse)
    expect(rejected.status).toBe(400)
    expect(rejected.text).not.toContain('API_KEY')
  })

  test('does not repeat the body in the response', async () => {
    const { text } = await post('{"query": "mutation", "variables": {"password": "hunter2')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain('password')
  })
})

test.each(['variables', 'extensions'])(
  'answers 400 to %s in a URL or a form that are not JSON, and logs nothing',
  async (name) => {
    const gateway = await startWithoutProviders()
    const parameters = String(new URLSearchParams({ query, [name]: '{"password": hunter2' }))
    const headers = { ...withKey, ...acceptGraphQLResponse, 'x-graphql-yoga-csrf': '1' }
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    for (const response of [
      await sendRequest(`${gateway.url}/graphql?${parameters}`, { headers }),
      await postGraphQL(gateway, parameters, form),
    ]) {
      expect(response).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
      expect(response.text).not.toContain('hunter2')
    }
    expect(gateway.logged()).not.toContain('unexpected error')
  },
)

test('executes the operation with the given operation name', async () => {
  const both = 'query A { viewer { kind } } query B { viewer { name } }'
  const { text } = await post({ query: both, operationName: 'B' })
  expect(JSON.parse(text)).toMatchObject({ data: { viewer: { name: 'GATEWAY_API_KEY' } } })
})

test('returns the fields in the order of the query', async () => {
  const { text } = await post({ query: '{ connectLinks { totalCount } viewer { kind } }' })
  expect(text).toMatch('{"data":{"connectLinks":{"totalCount":0},"viewer":{"kind":"API_KEY"}}')
})

describe('rejects a document that cannot be executed:', () => {
  test.each([
    ['a truncated document', 'GRAPHQL_PARSE_FAILED', '{'],
    ['an unknown field', 'GRAPHQL_VALIDATION_FAILED', '{ viwer { kind } }'],
    ['an unknown enum value', 'GRAPHQL_VALIDATION_FAILED', '{ provider(key: FIVETRAM) { name } }'],
    [
      'twenty repetitions of a directive',
      'GRAPHQL_VALIDATION_FAILED',
      `{ viewer { kind ${'@include(if: true) '.repeat(20)} } }`,
    ],
    [
      'a cycle of fragments',
      'GRAPHQL_VALIDATION_FAILED',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    ],
  ])('%s', async (_, code, document) => {
    expect(await post({ query: document }, acceptGraphQLResponse)).toMatchObject({ status: 400, code })
    expect(await post({ query: document })).toMatchObject({ status: 200, code })
  })
})

describe('rejects an invalid variable with BAD_USER_INPUT:', () => {
  const withInt = 'query ($n: Int) { connections(first: $n) { totalCount } }'
  const withKey = 'query ($key: ProviderKey!) { provider(key: $key) { name } }'
  const withInput =
    'mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: FIVETRAN, input: $input) { __typename } }'

  test.each<[name: string, query: string, variables: object]>([
    ['a string for an integer', withInt, { n: 'x' }],
    ['an integer of more than 32 bits', withInt, { n: 2147483648 }],
    ['a fraction', withInt, { n: 1.5 }],
    ['an unknown enum value', withKey, { key: 'FIVETRAM' }],
    ['a missing required variable', withKey, {}],
    ['null for a required variable', withKey, { key: null }],
    ['an unknown input field', withInput, { input: { connector: 'x', conector: 'x' } }],
    ['an input without a required field', withInput, { input: {} }],
    ['a URL that is a number', withInput, { input: { connector: 'x', redirectUri: 5 } }],
    ['a JSON object that is a list', withInput, { input: { connector: 'x', fivetran: { config: [1] } } }],
  ])('%s', async (_, document, variables) => {
    for (const headers of [{}, acceptGraphQLResponse]) {
      const rejected = await post({ query: document, variables }, headers)
      expect(rejected).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
    }
  })

  test('rejects an invalid literal in the document, too', async () => {
    const rejected = await post(
      { query: '{ connections(first: 99999999999) { totalCount } }' },
      acceptGraphQLResponse,
    )
    expect(rejected).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' })
  })

  test('variables named "__proto__" or "constructor" do not pollute the prototype', async () => {
    const { text } = await post(
      `{"query": "${query}", "variables": {"__proto__": {"polluted": true}, "constructor": 1}}`,
    )
    expect(JSON.parse(text)).toMatchObject({ data: { viewer: { kind: 'API_KEY' } } })
    expect('polluted' in {}).toBe(false)
  })
})

describe('accepts a document at the limit and rejects one above it:', () => {
  const levels = ['provider', 'connectors', 'nodes']
  /** `provider { connectors { nodes { provider { …` with `depth` levels. */
  const deep = (depth: number) => {
    const fields = Array.from({ length: depth - 1 }, (_, level) => levels[level % 3] ?? '')
    const leaf = fields.at(-1) === 'connectors' ? 'totalCount' : 'key'
    return fields.reduceRight(
      (inside, field) => `${field === 'connectors' ? 'connectors(first: 2)' : field} { ${inside} }`,
      leaf,
    )
  }
  const nested = (depth: number) => `{ ${deep(depth).replace('provider', 'provider(key: FIVETRAN)')} }`
  const kinds = (count: number) => Array.from({ length: count }, (_, n) => `k${n}: kind`).join(' ')
  /** A document of `count` tokens; all but sixteen are entries of one list. */
  const tokens = (count: number) =>
    `{ connections(filter: { providers: [${'CENSUS '.repeat(count - 16)}] }) { totalCount } }`
  const inFragment = (depth: number) =>
    `{ provider(key: FIVETRAN) { ...P } } fragment P on Provider { ${deep(depth).replace(/^provider \{ (.*) \}$/, '$1')} }`

  test.each([
    ['depth', 'DEPTH_LIMIT', nested(12), nested(13)],
    ['depth in fragments', 'DEPTH_LIMIT', inFragment(12), inFragment(13)],
    ['aliases', 'ALIAS_LIMIT', `{ viewer { ${kinds(15)} } }`, `{ viewer { ${kinds(16)} } }`],
    [
      'aliases in fragments, counted for each spread',
      'ALIAS_LIMIT',
      `{ a: viewer { ...K } viewer { ...K } } fragment K on Viewer { ${kinds(7)} }`,
      `{ a: viewer { ...K } viewer { ...K } } fragment K on Viewer { ${kinds(8)} }`,
    ],
    ['tokens', 'TOKEN_LIMIT', tokens(1500), tokens(1501)],
  ])('%s', async (_, code, within, beyond) => {
    expect(await post({ query: within }, acceptGraphQLResponse)).toMatchObject({
      status: 200,
      code: undefined,
    })
    expect(await post({ query: beyond }, acceptGraphQLResponse)).toMatchObject({ status: 400, code })
  })

  test('exponentially expanding fragments are measured without expanding them', async () => {
    const doubling = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    )
    const document = `{ ...F0 } ${doubling.join(' ')} fragment F60 on Query { a: viewer { kind } }`
    expect(await post({ query: document }, acceptGraphQLResponse)).toMatchObject({
      status: 400,
      code: 'ALIAS_LIMIT',
    })
  })
})
