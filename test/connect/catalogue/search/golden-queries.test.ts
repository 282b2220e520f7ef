import { beforeAll, describe, expect, test } from 'vitest'
import { searchConnectors } from '../../../../src/connect/catalogue/search/search-connectors.ts'
import type { SearchIndex } from '../../../../src/connect/catalogue/search/search-index.ts'
import { goldenQueries, type LabelledQuery } from '../../../fixtures/golden-queries.ts'
import { indexAll, readSandboxConnectors } from '../sandbox-connectors.ts'

let indexes: readonly SearchIndex[]

beforeAll(async () => {
  indexes = await indexAll(await readSandboxConnectors())
})

/** The names of the first rows, lower case. */
const answers = (search: string, rows: number): readonly string[] =>
  searchConnectors(indexes, { search })
    .slice(0, rows)
    .map(({ connector }) => connector.name.toLowerCase())

const isRight = (rows: number) => (query: LabelledQuery) =>
  answers(query.query, rows).some((name) => query.best.includes(name))

/** What went wrong, for whoever reads the report. */
const misses = (queries: readonly LabelledQuery[], rows: number) =>
  queries.filter((query) => !isRight(rows)(query)).map(({ query }) => ({ query, got: answers(query, rows) }))

describe('the golden queries', () => {
  test('have the right connector in the first row for 95 of 100', () => {
    const wrong = misses(goldenQueries, 1)
    console.info(
      `golden queries, first row: ${goldenQueries.length - wrong.length} of ${goldenQueries.length}`,
    )
    for (const miss of wrong) console.info(miss)
    expect(wrong.length / goldenQueries.length).toBeLessThanOrEqual(0.05)
  })

  test('have it in the first five rows always', () => {
    expect(misses(goldenQueries, 5)).toEqual([])
  })
})
