import {
  buildSchema,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  parse,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { createCompiledExecutor } from '../../src/graphql/compiled-executor.ts'
import { schema as gatewaySchema } from '../../src/graphql/schema.ts'

const schema = buildSchema(`
  type Query { text(value: Value, by: String): String, failing: String!, item: Item }
  type Mutation { text: String }
  input Value { name: String }
  interface Item { id: ID }
  type Book implements Item { id: ID }
`)
const resolvers: Readonly<Record<string, () => unknown>> = {
  text: () => 'text',
  failing: () => {
    throw new GraphQLError('refused', { extensions: { code: 'FORBIDDEN' } })
  },
  item: async () => ({ id: '1' }),
}
for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
  const resolve = resolvers[field.name]
  if (resolve) field.resolve = resolve
}

/** Executes the text `times` times, and returns the last result and how often it was executed without being compiled. */
async function executed(text: string, { times = 3, variableValues = {} } = {}) {
  let interpreted = 0
  const run = createCompiledExecutor((args) => {
    interpreted += 1
    return execute(args)
  }, 1)
  const args: ExecutionArgs = { schema, document: parse(text), variableValues }
  let result: unknown
  for (let time = 0; time < times; time += 1) result = await run(args)
  return { result: JSON.parse(JSON.stringify(result)), interpreted }
}

test('a query is compiled after the first executions', async () => {
  expect(await executed('{ text }')).toEqual({ result: { data: { text: 'text' } }, interpreted: 1 })
  expect((await executed('query($by: String) { text(by: $by) }')).interpreted).toBe(1)
})

test('the operations of a document are compiled each', async () => {
  const document = parse('query A { text } query B { item { __typename } }')
  const run = createCompiledExecutor(execute, 0)
  const args = { schema, document }
  expect(await run({ ...args, operationName: 'A' })).toEqual({ data: { text: 'text' } })
  expect((await run({ ...args, operationName: 'B' })).errors?.[0]?.message).toContain('Abstract type')
})

test.each([
  ['mutations', 'mutation { text }'],
  ['conditions', 'query($yes: Boolean = true) { text @include(if: $yes) }'],
  ['conditions in fragments', '{ ...F } fragment F on Query { text @skip(if: false) }'],
  ['variables in input objects', 'query($name: String) { text(value: { name: $name }) }'],
  ['default values that are parsed', 'query($by: String = "x") { text(by: $by) }'],
])('%s are not compiled', async (_, text) => {
  expect((await executed(text)).interpreted).toBe(3)
})

describe('errors', () => {
  test('of resolvers have their path, place and extensions', async () => {
    const { result, interpreted } = await executed('{\n  text\n  failing\n}')
    expect(interpreted).toBe(1)
    expect(result).toEqual({
      data: null,
      errors: [
        {
          message: 'refused',
          path: ['failing'],
          locations: [{ line: 3, column: 3 }],
          extensions: { code: 'FORBIDDEN' },
        },
      ],
    })
  })

  test('of variables are those of graphql-js', async () => {
    const text = 'query($by: String) { text(by: $by) }'
    const { result } = await executed(text, { variableValues: { by: 7 } })
    const expected = await execute({ schema, document: parse(text), variableValues: { by: 7 } })
    expect(result).toEqual(JSON.parse(JSON.stringify(expected)))
  })

  test('of abstract types end the query', async () => {
    const type = schema.getType('Item')
    Object.assign(Object(type), {
      resolveType() {
        throw new Error('no type')
      },
    })
    const { result } = await executed('{ item { id } }')
    expect(result).toMatchObject({ data: { item: null }, errors: [{ message: 'no type', path: ['item'] }] })
  })
})

/** Whether an input type contains itself. */
function isRecursive(type: GraphQLInputType, outer: readonly GraphQLInputType[] = []): boolean {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return false
  if (outer.includes(named)) return true
  return Object.values(named.getFields()).some((field) => isRecursive(field.type, [...outer, named]))
}

test('no input type contains itself: compiling a variable of such a type takes minutes', () => {
  const types = Object.values(gatewaySchema.getTypeMap()).filter(isInputObjectType)
  expect(types.length).toBeGreaterThan(10)
  expect(types.filter((type) => isRecursive(type))).toEqual([])
})
