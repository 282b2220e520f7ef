import { describe, expect, test } from 'vitest'
import { askGraphQL, startDoor } from './raw-request.ts'

const ask = async (body: unknown, headers: Record<string, string> = {}) =>
  askGraphQL(await startDoor(), typeof body === 'string' ? body : JSON.stringify(body), headers)

const query = '{ viewer { kind } }'
const modern = { accept: 'application/graphql-response+json' }

describe('a request that is no GraphQL request is answered 400:', () => {
  test.each<[name: string, body: unknown]>([
    ['an empty body', ''],
    ['JSON that breaks off', '{"query": "{ viewer'],
    ['null', 'null'],
    ['a number', '5'],
    ['a query that is no text', { query: 5 }],
    ['variables that are no object', { query, variables: 'x' }],
    ['variables that are a list', { query, variables: [] }],
    ['extensions that are no object', { query, extensions: 'x' }],
    ['a key that GraphQL does not know', { query, foo: 1 }],
    ['a batch', [{ query }, { query }]],
  ])('%s', async (_, body) => {
    for (const headers of [{}, modern])
      expect(await ask(body, headers)).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test.each([
    ['an operation that is not there', { query: `query A ${query}`, operationName: 'B' }],
    ['two operations and no name', { query: `query A ${query} query B ${query}` }],
    ['an operation name that is no text', { query, operationName: 5 }],
    ['no query', {}],
    ['no operation at all', { query: 'fragment V on Viewer { kind }' }],
  ])('%s', async (_, body) => {
    const refused = await ask(body, modern)
    expect(refused.status).toBe(400)
    expect(refused.text).not.toContain('API_KEY')
  })

  test('and none of the body comes back', async () => {
    const { text } = await ask('{"query": "mutation", "variables": {"password": "hunter2')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain('password')
  })
})

test('the operation that is named is the one that runs', async () => {
  const both = 'query A { viewer { kind } } query B { viewer { name } }'
  const { text } = await ask({ query: both, operationName: 'B' })
  expect(JSON.parse(text)).toEqual({ data: { viewer: { name: 'GATEWAY_API_KEY' } } })
})

test('the answer has the fields in the order in which they were asked for', async () => {
  const { text } = await ask({ query: '{ connectLinks { totalCount } viewer { kind } }' })
  expect(text).toBe('{"data":{"connectLinks":{"totalCount":0},"viewer":{"kind":"API_KEY"}}}')
})

describe('a document that cannot be run is refused:', () => {
  test.each([
    ['one that breaks off', 'GRAPHQL_PARSE_FAILED', '{'],
    ['an unknown field', 'GRAPHQL_VALIDATION_FAILED', '{ viwer { kind } }'],
    ['an unknown enum value', 'GRAPHQL_VALIDATION_FAILED', '{ provider(key: FIVETRAM) { name } }'],
    [
      'one directive twenty times',
      'GRAPHQL_VALIDATION_FAILED',
      `{ viewer { kind ${'@include(if: true) '.repeat(20)} } }`,
    ],
    [
      'fragments in a circle',
      'GRAPHQL_VALIDATION_FAILED',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    ],
  ])('%s', async (_, code, document) => {
    expect(await ask({ query: document }, modern)).toMatchObject({ status: 400, code })
    expect(await ask({ query: document })).toMatchObject({ status: 200, code })
  })
})

describe('a variable that does not fit is refused with BAD_USER_INPUT:', () => {
  const withInt = 'query ($n: Int) { connections(first: $n) { totalCount } }'
  const withKey = 'query ($key: ProviderKey!) { provider(key: $key) { name } }'
  const withInput =
    'mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: FIVETRAN, input: $input) { __typename } }'

  test.each<[name: string, query: string, variables: object]>([
    ['a text for a number', withInt, { n: 'x' }],
    ['a number of more than 32 bits', withInt, { n: 2147483648 }],
    ['a fraction', withInt, { n: 1.5 }],
    ['an enum value that does not exist', withKey, { key: 'FIVETRAM' }],
    ['nothing where something is required', withKey, {}],
    ['null where something is required', withKey, { key: null }],
    ['an input field that does not exist', withInput, { input: { connector: 'x', conector: 'x' } }],
    ['an input without a required field', withInput, { input: {} }],
    ['a URL that is a number', withInput, { input: { connector: 'x', redirectUri: 5 } }],
    ['a JSON object that is a list', withInput, { input: { connector: 'x', fivetran: { config: [1] } } }],
  ])('%s', async (_, document, variables) => {
    for (const headers of [{}, modern]) {
      const refused = await ask({ query: document, variables }, headers)
      expect(refused).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' })
    }
  })

  test('a value written into the document is refused as well', async () => {
    const refused = await ask({ query: '{ connections(first: 99999999999) { totalCount } }' }, modern)
    expect(refused).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' })
  })

  test('variables named like parts of every object change nothing', async () => {
    const { text } = await ask(
      `{"query": "${query}", "variables": {"__proto__": {"polluted": true}, "constructor": 1}}`,
    )
    expect(JSON.parse(text)).toEqual({ data: { viewer: { kind: 'API_KEY' } } })
    expect('polluted' in {}).toBe(false)
  })
})

describe('a document at its limit passes, one beyond it is refused:', () => {
  const levels = ['provider', 'connectors', 'nodes']
  /** `provider { connectors { nodes { provider { …` with that many levels. */
  const deep = (depth: number) => {
    const fields = Array.from({ length: depth - 1 }, (_, level) => levels[level % 3] ?? '')
    const leaf = fields.at(-1) === 'connectors' ? 'totalCount' : 'key'
    return fields.reduceRight((inside, field) => `${field} { ${inside} }`, leaf)
  }
  const nested = (depth: number) => `{ ${deep(depth).replace('provider', 'provider(key: FIVETRAN)')} }`
  const kinds = (count: number) => Array.from({ length: count }, (_, n) => `k${n}: kind`).join(' ')
  /** All but sixteen of the tokens are entries of one list. */
  const words = (count: number) =>
    `{ connections(filter: { providers: [${'CENSUS '.repeat(count - 16)}] }) { totalCount } }`
  const inFragment = (depth: number) =>
    `{ provider(key: FIVETRAN) { ...P } } fragment P on Provider { ${deep(depth).replace(/^provider \{ (.*) \}$/, '$1')} }`

  test.each([
    ['depth', 'DEPTH_LIMIT', nested(12), nested(13)],
    ['depth in fragments', 'DEPTH_LIMIT', inFragment(12), inFragment(13)],
    ['aliases', 'ALIAS_LIMIT', `{ viewer { ${kinds(15)} } }`, `{ viewer { ${kinds(16)} } }`],
    [
      'aliases in fragments, as often as they are used',
      'ALIAS_LIMIT',
      `{ a: viewer { ...K } viewer { ...K } } fragment K on Viewer { ${kinds(7)} }`,
      `{ a: viewer { ...K } viewer { ...K } } fragment K on Viewer { ${kinds(8)} }`,
    ],
    ['tokens', 'TOKEN_LIMIT', words(1500), words(1501)],
  ])('%s', async (_, code, within, beyond) => {
    expect(await ask({ query: within }, modern)).toMatchObject({ status: 200, code: undefined })
    expect(await ask({ query: beyond }, modern)).toMatchObject({ status: 400, code })
  })

  test('fragments that multiply are counted without being written out', async () => {
    const doubling = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    )
    const document = `{ ...F0 } ${doubling.join(' ')} fragment F60 on Query { a: viewer { kind } }`
    expect(await ask({ query: document }, modern)).toMatchObject({ status: 400, code: 'ALIAS_LIMIT' })
  })
})
