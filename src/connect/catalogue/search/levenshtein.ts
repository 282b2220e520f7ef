/** Returns the characters of a text as a bit set. Different characters can share a bit. */
export function charMask(text: string): number {
  let mask = 0
  for (let at = 0; at < text.length; at++) mask |= 1 << (text.charCodeAt(at) & 31)
  return mask
}

/** False if texts with these masks are more than `edits` apart: an edit removes at most one character and adds one. */
export const canBeWithinEdits = (edits: number, maskA: number, maskB: number): boolean =>
  bitCount(maskA & ~maskB) <= edits && bitCount(maskB & ~maskA) <= edits

/** Whether the Levenshtein distance, in UTF-16 code units, is at most `edits`. */
export const isWithinEdits = (edits: number, a: string, b: string): boolean =>
  isRestWithin(edits, false, a, 0, b, 0)

/** The same with swaps of two adjacent characters as single edits (optimal string alignment distance). */
export const isWithinEditsOrSwaps = (edits: number, a: string, b: string): boolean =>
  isRestWithin(edits, true, a, 0, b, 0)

/**
 * Compares `a` from `fromA` on with `b` from `fromB` on. Where they differ it tries each kind of edit. With up to two
 * edits this is faster than a distance matrix, because most comparisons end after a few characters. Allocates nothing.
 */
function isRestWithin(
  edits: number,
  swaps: boolean,
  a: string,
  fromA: number,
  b: string,
  fromB: number,
): boolean {
  let i = fromA
  let j = fromB
  if (Math.abs(a.length - i - (b.length - j)) > edits) return false
  while (i < a.length && j < b.length && a.charCodeAt(i) === b.charCodeAt(j)) {
    i += 1
    j += 1
  }
  if (i === a.length || j === b.length) return a.length - i + b.length - j <= edits
  if (edits === 0) return false
  const left = edits - 1
  return (
    isRestWithin(left, swaps, a, i + 1, b, j + 1) ||
    isRestWithin(left, swaps, a, i + 1, b, j) ||
    isRestWithin(left, swaps, a, i, b, j + 1) ||
    (swaps && a[i] === b[j + 1] && a[i + 1] === b[j] && isRestWithin(left, swaps, a, i + 2, b, j + 2))
  )
}

/** Number of bits set in a 32-bit integer. */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
