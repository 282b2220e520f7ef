import { type GraphQLError, getOperationAST, getVariableValues, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { cleanMessage } from '../../src/server/error-message.ts'
import { inputPositions } from './input-positions.ts'
import { postGraphQL, startWithoutProviders } from './raw-request.ts'

const secret = 'hunter2hunter2'
const digits = '98765432109876'

/** Literals of each kind that contain the secret. */
const literals = [
  `"${secret}"`,
  `"""${secret}"""`,
  secret,
  digits,
  `${digits}.5`,
  `["${secret}"]`,
  `{ a: "${secret}" }`,
  `[{ a: ["${secret}"] }]`,
]
const values: readonly unknown[] = [
  secret,
  Number(digits),
  0.1 + Number(digits),
  [secret],
  { a: secret },
  [[secret]],
]

const contains = (text: string) => text.includes(secret) || text.includes(digits.slice(0, 10))

/** The GraphQL errors of a response, also if it is a stream; the results of fields are not of interest here. */
async function errorsOf(
  gateway: Awaited<ReturnType<typeof startWithoutProviders>>,
  request: object,
): Promise<string> {
  const { text } = await postGraphQL(gateway, JSON.stringify(request))
  const json = /^\{/.test(text) ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}')
  return JSON.stringify(JSON.parse(json).errors ?? [])
}

/** The errors that graphql-js reports for a request before anything is resolved. */
function libraryErrors(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): readonly GraphQLError[] {
  const document = parse(query)
  const invalid = validate(schema, document)
  for (const { extensions } of invalid) Object.assign(extensions, { code: 'GRAPHQL_VALIDATION_FAILED' })
  const operation = getOperationAST(document)
  if (invalid.length > 0 || operation == null) return invalid
  return getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors ?? []
}

interface Case {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

/** Cleans the errors of all cases, and sends every fortieth over HTTP. */
async function examine(cases: readonly Case[]) {
  const gateway = await startWithoutProviders()
  const invalid = cases
    .map((one) => ({ ...one, errors: libraryErrors(one.query, one.variables) }))
    .filter(({ errors }) => errors.length > 0)
  const leaks: Case[] = invalid.filter(({ errors }) =>
    errors.some((error) => contains(cleanMessage(error, false))),
  )
  for (const { query, variables } of invalid.filter((_, index) => index % 40 === 0)) {
    const errors = await errorsOf(gateway, { query, variables })
    expect(errors).not.toBe('[]')
    if (contains(errors)) leaks.push({ query, variables: variables ?? {} })
  }
  return {
    invalid: invalid.length,
    echoes: invalid.filter(({ errors }) => contains(errors.join())).length,
    leaks,
  }
}

describe('a value of the request is not repeated in an error', () => {
  test('wherever it is as a literal', async () => {
    const cases = inputPositions.flatMap(({ documentWith }) =>
      literals.map((literal) => ({ query: documentWith(literal) })),
    )
    const { invalid, echoes, leaks } = await examine(cases)
    expect(leaks).toEqual([])
    // The control: the library's errors contain it.
    expect(echoes).toBeGreaterThan(300)
    expect([inputPositions.length > 50, invalid > 300]).toEqual([true, true])
  })

  test('wherever it is in a variable, or as its default', async () => {
    const cases = inputPositions.flatMap(({ type, documentWith }) => [
      ...values.map((v) => ({ query: documentWith('$v', `($v: ${type})`), variables: { v } })),
      ...literals.map((literal) => ({
        query: documentWith('$v', `($v: ${String(type).replace(/!$/, '')} = ${literal})`),
      })),
    ])
    const { invalid, echoes, leaks } = await examine(cases)
    expect(leaks).toEqual([])
    expect([echoes > 300, invalid > 300]).toEqual([true, true])
  })

  test('in a variable inside an argument whose type accepts any value', async () => {
    const gateway = await startWithoutProviders()
    const query = `mutation ($v: String) { createConnectLink(provider: XPANDER, input: { connector: "x", xpander: { security: { a: $v, b: "${secret}" } } }) { __typename } }`
    for (const v of [secret, { a: secret }, [secret]])
      expect(contains(await errorsOf(gateway, { query, variables: { v } }))).toBe(false)
  })

  test.each([
    `{ provider(key: FIVETRAN) { name } "${secret}" }`,
    `{ provider(key: "${secret}) { name } }`,
    `{ provider(key: """${secret}) { name } }`,
    `{ provider(key: ${digits}x) { name } }`,
    `{ provider(key: "\\q${secret}") { name } }`,
    `{ provider(key: "\\u{${digits}}") { name } }`,
    `"${secret}"`,
    `{ viewer { kind @include(if: "${secret}") } }`,
    `{ viewer { kind @include(if: ${secret}) } }`,
    `query ($v: Boolean = "${secret}") { viewer { kind @include(if: $v) } }`,
    `query ($v: Int = $${secret}) { viewer { kind } }`,
    `{ connectors(search: "a", search: "${secret}") { totalCount } }`,
    `{ a: connectors(search: "${secret}") { totalCount } a: connectors(search: "b") { totalCount } }`,
    `{ connectors(first: 1, first: "${secret}") { totalCount } }`,
    `{ connectors(unknown: "${secret}") { totalCount } }`,
    `{ connectors { totalCount(x: "${secret}") } }`,
  ])('in the document %s', async (query) => {
    const gateway = await startWithoutProviders()
    // Twice: the errors of a document are cached.
    const errors = [await errorsOf(gateway, { query }), await errorsOf(gateway, { query })]
    expect(errors[0]).not.toBe('[]')
    expect(errors[1]).toBe(errors[0])
    // Names are repeated.
    expect(contains(errors.join().replaceAll(`$${secret}`, ''))).toBe(false)
  })
})

describe('the message is still useful:', () => {
  test.each([
    ['{ connections(first: "x") { totalCount } }', 'Int cannot represent the value.'],
    [
      '{ provider(key: FIVETRAM) { name } }',
      'Value does not exist in "ProviderKey" enum. Did you mean the enum value "FIVETRAN" or "PIPEDREAM"?',
    ],
    ['{ provider(key: "FIVETRAN") { name } }', 'Enum "ProviderKey" cannot represent non-enum value.'],
    ['{ connections(filter: 5) { totalCount } }', 'Expected value of type "ConnectionFilter".'],
    ['{ viewer { kind(x: 1) } }', 'Unknown argument "x" on field "Viewer.kind".'],
    ['{ viwer { kind } }', 'Cannot query field "viwer" on type "Query". Did you mean "viewer"?'],
    ['{ viewer { kind ', 'Syntax Error: Expected Name.'],
    ['{ viewer ! }', 'Syntax Error: Expected Name.'],
    ['"x"', 'Syntax Error: Unexpected <EOF>.'],
    ['{ viewer { kind } } "x" 5', 'Syntax Error: Unexpected Int.'],
    ['{ viewer(a: "x) }', 'Syntax Error: The document is malformed.'],
  ])('%s', async (query, message) => {
    const gateway = await startWithoutProviders()
    for (let repetition = 0; repetition < 2; repetition += 1) {
      const { text } = await postGraphQL(gateway, JSON.stringify({ query }))
      expect(JSON.parse(text).errors[0].message).toBe(message)
    }
  })
})
