import { describe, expect, test } from 'vitest'
import {
  canBeWithinEdits,
  charMask,
  isWithinEdits,
  isWithinEditsOrSwaps,
} from '../../../../src/connect/catalogue/search/levenshtein.ts'

/** Every text of up to `length` characters from "abc". */
const textsUpTo = (length: number): readonly string[] =>
  length === 0
    ? ['']
    : ['', ...textsUpTo(length - 1).flatMap((text) => [...'abc'].map((char) => char + text))]

const texts = [...new Set(textsUpTo(4))]
const pairs = texts.flatMap((a) => texts.map((b) => ({ a, b })))

/** The distance by its recursive definition. */
function distance(a: string, b: string, swaps: boolean): number {
  if (a === '' || b === '') return a.length + b.length
  const [restA, restB] = [a.slice(1), b.slice(1)]
  const isSwap = swaps && a.length > 1 && a[0] === b[1] && a[1] === b[0]
  return Math.min(
    distance(restA, restB, swaps) + Number(a[0] !== b[0]),
    distance(restA, b, swaps) + 1,
    distance(a, restB, swaps) + 1,
    isSwap ? distance(a.slice(2), b.slice(2), swaps) + 1 : Number.POSITIVE_INFINITY,
  )
}

describe.each([0, 1, 2])('with %d edits', (edits) => {
  test('isWithinEdits returns whether the Levenshtein distance is within the limit, for all short texts', () => {
    const wrong = pairs.filter(({ a, b }) => isWithinEdits(edits, a, b) !== distance(a, b, false) <= edits)
    expect(wrong).toEqual([])
  })

  test('isWithinEditsOrSwaps counts a swap of two adjacent characters as one edit', () => {
    const wrong = pairs.filter(
      ({ a, b }) => isWithinEditsOrSwaps(edits, a, b) !== distance(a, b, true) <= edits,
    )
    expect(wrong).toEqual([])
  })

  test('canBeWithinEdits is true for all texts within the limit', () => {
    const near = pairs.filter(({ a, b }) => isWithinEdits(edits, a, b))
    const wrong = near.filter(({ a, b }) => !canBeWithinEdits(edits, charMask(a), charMask(b)))
    expect(wrong).toEqual([])
  })
})

test('canBeWithinEdits is false for texts with too many different characters', () => {
  expect(canBeWithinEdits(2, charMask('hubspot'), charMask('salesforce'))).toBe(false)
})
