import { OperationTypeNode } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { newSeed, randomFrom } from '../helpers/random.ts'
import { compareExecutors } from './compare-executors.ts'
import {
  argsOf,
  argumentValues,
  comparisons,
  expectEqual,
  ignoreUnhandledRejections,
  newCounts,
  outcomeOf,
} from './compared-executors.ts'
import { generatedSchema } from './generated-schema.ts'
import { randomOperation } from './random-operation.ts'

const seed = newSeed()
describe.each(Object.entries(comparisons))(
  `%s return the same (TEST_SEED=${seed})`,
  (_, { executorsOf, traits, operationCount }) => {
    test(`${operationCount} operations over generated data`, { timeout: 600_000 }, async () => {
      ignoreUnhandledRejections()
      const copy = generatedSchema(schema, traits)
      const compared = executorsOf(copy)
      const random = randomFrom(seed)
      const counts = newCounts()
      for (let count = 0; count < operationCount; count += 1) {
        const type = count % 5 === 0 ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY
        const operation = randomOperation({ schema: copy, type, random, values: argumentValues })
        const faultsPerThousand = random.pick([0, 0, 10, 50])
        const dataSeed = random.below(2 ** 31)
        const events: string[][] = []
        const comparison = await compareExecutors(compared, argsOf(copy, operation), () => {
          const context = { seed: dataSeed, faultsPerThousand, events: [] }
          events.push(context.events)
          return context
        })
        expectEqual(comparison, operation)
        expect(events[1], operation.text).toEqual(events[0])
        counts[outcomeOf(comparison.expected)] += 1
      }
      // Control: every kind of outcome is compared often.
      for (const [outcome, count] of Object.entries(counts))
        expect(count, outcome).toBeGreaterThan(operationCount / 200)
    })
  },
)
