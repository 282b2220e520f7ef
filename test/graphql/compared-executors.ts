import { setImmediate as nextTurn } from 'node:timers/promises'
import { execute, type GraphQLSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { expect, onTestFinished } from 'vitest'
import { createCompiledExecutor } from '../../src/graphql/compiled-executor.ts'
import type {
  ComparableError,
  ComparableResult,
  ComparedExecutors,
  Comparison,
  Execute,
} from './compare-executors.ts'
import type { SchemaTraits } from './generated-schema.ts'
import type { RandomOperation } from './random-operation.ts'
import { unknownIds } from './two-users.ts'

interface ComparisonOfExecutors {
  readonly operationCount: number
  executorsOf(schema: GraphQLSchema): ComparedExecutors
  /** What a generated schema has; by default everything. */
  readonly traits?: SchemaTraits
}

/** Executors of a schema by name, with the one that they are compared with. */
export const comparisons: Readonly<Record<string, ComparisonOfExecutors>> = {
  "graphql-js and Yoga's executor": {
    operationCount: 5_000,
    executorsOf: (schema) => ({
      reference: execute as Execute,
      tested: yogaExecutor(schema),
      normalize: withoutYogaTraits,
    }),
  },
  'graphql-js and compiled queries': {
    // Of which two thirds are compiled.
    operationCount: 15_000,
    executorsOf: () => ({
      reference: execute as Execute,
      // The first execution too is compiled.
      tested: createCompiledExecutor(execute as Execute, 0),
    }),
    // The library does not support them, and the schema of the gateway has none.
    traits: { methods: false, lateTypes: false },
  },
}

/**
 * Yoga's executor gives variables that cannot be coerced an HTTP status, and values that cannot be serialized an original
 * error of another class, so that their messages are masked.
 */
const withoutYogaTraits = (error: ComparableError): ComparableError => ({
  ...error,
  extensions: error.path === 'null' ? null : error.extensions,
  original: error.original?.replace(/^GraphQLError: /, 'Error: ') ?? null,
})

/** The executor that Yoga uses by default. */
function yogaExecutor(schema: GraphQLSchema): Execute {
  const yoga = createYoga({ schema, maskedErrors: false, logging: false })
  return (args) => yoga.getEnveloped({}).execute(args)
}

/** For arguments of random operations: mostly nothing that exists. */
export const argumentValues = {
  ID: ['', 'not an ID', unknownIds.link, unknownIds.connection],
  String: ['', 'text', 'no such cursor', 'slack'],
  Int: [1, 2, 3, 5, 20, 0, -1, 1000],
}

/** How many operations had which outcome. */
export const newCounts = () => ({ complete: 0, partial: 0, failed: 0, refused: 0 })

export const argsOf = (schema: GraphQLSchema, { document, variables, operationName }: RandomOperation) => ({
  schema,
  document,
  operationName,
  variableValues: variables,
})

export function expectEqual(
  { expected, actual, isEqual }: Comparison,
  { text, variables }: RandomOperation,
): void {
  // Only for the message: the comparison allows what the specification leaves open.
  if (!isEqual) expect(actual, `${text}\n${JSON.stringify(variables)}`).toEqual(expected)
  expect(isEqual, `${text}\n${JSON.stringify(variables)}`).toBe(true)
}

export function outcomeOf({ data, errors }: ComparableResult) {
  if (data === undefined) return 'refused'
  if (data === 'null') return 'failed'
  return errors.length > 0 ? 'partial' : 'complete'
}

/**
 * Executors do not handle all rejections in lists of which an earlier entry has failed. The listeners are replaced, since
 * those of the test runner would report an error.
 */
export function ignoreUnhandledRejections(): void {
  const event = 'unhandledRejection'
  const listeners = process.listeners(event)
  process.removeAllListeners(event)
  process.on(event, () => undefined)
  onTestFinished(async () => {
    await nextTurn() // rejections of the last operation
    process.removeAllListeners(event)
    for (const listener of listeners) process.on(event, listener)
  })
}
