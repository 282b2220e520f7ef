import { isWithinEditsOrSwaps } from './levenshtein.ts'

/** Costs of the typing errors. An omitted letter and two swapped ones are more frequent than a wrong letter. */
const costs = { omitted: 10, swapped: 10, repeated: 11, added: 13, wrong: 13 } as const

/** Number of accepted errors in a typed text. */
const maxErrors = (length: number): number => (length < 8 ? 1 : 2)

/**
 * Returns the cost of the typing errors between `typed` and `expected`: the optimal string alignment distance with a
 * cost for each kind of error. `undefined`: above the limit, which is one error, or two from eight typed characters on.
 */
export function editDistance(typed: string, expected: string): number | undefined {
  const errors = maxErrors(typed.length)
  // Faster than the cost. Each error costs at least 10, the limit is 13 for each accepted error: one more exceeds it.
  if (!isWithinEditsOrSwaps(errors, typed, expected)) return undefined
  const cost = errorCost(typed, expected)
  return cost <= errors * costs.wrong ? cost : undefined
}

// Memory for three rows of the distance matrix, shared by all calls: a search compares thousands of names.
const sharedRows = new Uint32Array(3 * 256)

function errorCost(typed: string, expected: string): number {
  const width = expected.length + 1
  const rows = 3 * width <= sharedRows.length ? sharedRows : new Uint32Array(3 * width)
  let beforePrevious = 2 * width
  let previous = 0
  let current = width
  for (let at = 0; at < width; at++) rows[at] = at * costs.omitted
  for (let row = 1; row <= typed.length; row++) {
    const char = typed.charCodeAt(row - 1)
    const charBefore = typed.charCodeAt(row - 2)
    const added = char === charBefore ? costs.repeated : costs.added
    rows[current] = (rows[previous] ?? 0) + added
    for (let at = 1; at < width; at++) {
      const isSame = char === expected.charCodeAt(at - 1)
      const isSwapped = char === expected.charCodeAt(at - 2) && charBefore === expected.charCodeAt(at - 1)
      rows[current + at] = Math.min(
        (rows[previous + at - 1] ?? 0) + (isSame ? 0 : costs.wrong),
        (rows[previous + at] ?? 0) + added,
        (rows[current + at - 1] ?? 0) + costs.omitted,
        isSwapped ? (rows[beforePrevious + at - 2] ?? 0) + costs.swapped : Number.POSITIVE_INFINITY,
      )
    }
    ;[beforePrevious, previous, current] = [previous, current, beforePrevious]
  }
  return rows[previous + expected.length] ?? 0
}

/** Whether errors in a token are accepted: shorter ones are similar to too many others, and so is every number. */
export const acceptsErrors = (token: string): boolean => token.length >= 4 && !/^\d+$/.test(token)

/** The same for joined tokens. None with a digit: users separate a number in a name by a space. */
export const acceptsErrorsJoined = (joined: string): boolean => joined.length >= 4 && !/\d/.test(joined)
