import { describe, expect, test } from 'vitest'
import { buildTermIndex, type TermIndex } from '../../../../src/connect/catalogue/search/term-index.ts'

const documents = [['slack', 'chat'], ['slackbot', 'chat', 'chat', ''], ['black'], ['été', '钉钉'], []]

const build = () => buildTermIndex(documents, (terms) => terms)

const positions = (mark: (marks: Uint8Array) => void): readonly number[] => {
  const marks = new Uint8Array(documents.length)
  mark(marks)
  return [...marks.keys()].filter((position) => marks[position] === 1)
}

const withPrefix = (index: TermIndex, prefix: string) => positions((marks) => index.markPrefix(prefix, marks))

const similarTo = (index: TermIndex, text: string, edits: number) =>
  positions((marks) => index.markFuzzy(text, edits, marks))

describe('TermIndex', () => {
  test.each([
    ['slack', [0, 1]],
    ['slackb', [1]],
    ['chat', [0, 1]],
    ['a', []],
    ['zzz', []],
    ['钉', [3]],
    ['', [0, 1, 2, 3]],
  ])('markPrefix(%j) marks the documents with a term that starts with it', async (prefix, expected) => {
    expect(withPrefix(await build(), prefix)).toEqual(expected)
  })

  test.each([
    ['slack', 0, [0]],
    ['slack', 1, [0, 2]],
    ['slack', 2, [0, 2]],
    ['slakc', 1, []],
    ['slakc', 2, [0]],
    ['hat', 1, [0, 1]],
    ['ete', 2, [3]],
  ])('markFuzzy(%j, %d) marks the documents with a term within the limit', async (text, edits, expected) => {
    expect(similarTo(await build(), text, edits)).toEqual(expected)
  })

  test('keeps existing marks', async () => {
    const index = await build()
    const marks = Uint8Array.of(0, 0, 0, 0, 1)
    index.markPrefix('black', marks)
    expect([...marks]).toEqual([0, 0, 1, 0, 1])
  })

  test('yields to the event loop while it is built', async () => {
    let turns = 0
    const count = () => {
      turns += 1
      immediate = setImmediate(count)
    }
    let immediate = setImmediate(count)
    await buildTermIndex(Array.from({ length: 500 }, String), (term) => [term])
    clearImmediate(immediate)
    expect(turns).toBeGreaterThanOrEqual(9)
  })
})
