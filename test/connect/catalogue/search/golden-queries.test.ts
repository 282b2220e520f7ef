import { beforeAll, describe, expect, test } from 'vitest'
import { searchConnectors } from '../../../../src/connect/catalogue/search/search-connectors.ts'
import type { SearchIndex } from '../../../../src/connect/catalogue/search/search-index.ts'
import { goldenQueries, type LabelledQuery } from '../../../fixtures/golden-queries.ts'
import { indexAll, readSandboxConnectors } from '../sandbox-connectors.ts'

let indexes: readonly SearchIndex[]

beforeAll(async () => {
  indexes = await indexAll(await readSandboxConnectors())
})

/** Returns the names of the first rows, in lower case. */
const firstNames = (search: string, rows: number): readonly string[] =>
  searchConnectors(indexes, { search })
    .slice(0, rows)
    .map(({ connector }) => connector.name.toLowerCase())

const isFound = (rows: number) => (query: LabelledQuery) =>
  firstNames(query.query, rows).some((name) => query.best.includes(name))

/** Returns the queries without a right name in the first rows, with the actual names for the report. */
const misses = (queries: readonly LabelledQuery[], rows: number) =>
  queries
    .filter((query) => !isFound(rows)(query))
    .map(({ query }) => ({ query, actual: firstNames(query, rows) }))

describe('searchConnectors with the golden queries', () => {
  test('returns the right connector in the first row for 95 % of them', () => {
    const missed = misses(goldenQueries, 1)
    console.info(
      `golden queries, first row: ${goldenQueries.length - missed.length} of ${goldenQueries.length}`,
    )
    for (const miss of missed) console.info(miss)
    expect(missed.length / goldenQueries.length).toBeLessThanOrEqual(0.05)
  })

  test('returns it in the first five rows for all of them', () => {
    expect(misses(goldenQueries, 5)).toEqual([])
  })
})
