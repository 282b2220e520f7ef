import { inSteps } from './in-steps.ts'
import { canBeWithinEdits, charMask, isWithinEdits } from './levenshtein.ts'

/** Inverted index: the distinct terms of a list of documents, each with the positions of the documents that have it. */
export interface TermIndex {
  /** Sets `marks[position]` to 1 for each document with a term that starts with `prefix`. */
  markPrefix(prefix: string, marks: Uint8Array): void
  /** Sets `marks[position]` to 1 for each document with a term within `edits` of `text` (Levenshtein distance). */
  markFuzzy(text: string, edits: number, marks: Uint8Array): void
}

interface Vocabulary {
  /** Sorted by UTF-16 code units. */
  readonly terms: readonly string[]
  /** `charMask` of each term. */
  readonly masks: Int32Array
  /** Indexes in `terms` by length of the term. */
  readonly byLength: ReadonlyMap<number, readonly number[]>
  /** All posting lists, in the order of `terms`. */
  readonly postings: Uint32Array
  /** Where the posting list of each term ends in `postings` (exclusive); that of the next term starts there. */
  readonly ends: Uint32Array
}

// A step takes about a millisecond.
const documentsPerStep = 50
const termsPerStep = 1000

/** Builds the index in small steps. `termsOf` can return duplicates; empty terms are not indexed. */
export async function buildTermIndex<Document>(
  documents: readonly Document[],
  termsOf: (document: Document) => readonly string[],
): Promise<TermIndex> {
  const positionsByTerm = new Map<string, number[]>()
  await inSteps(documents, documentsPerStep, (document, position) => {
    for (const term of termsOf(document)) {
      const positions = positionsByTerm.get(term)
      if (positions === undefined) positionsByTerm.set(term, [position])
      else if (positions.at(-1) !== position) positions.push(position)
    }
  })
  positionsByTerm.delete('')
  return createTermIndex(await toVocabulary(positionsByTerm))
}

async function toVocabulary(positionsByTerm: ReadonlyMap<string, readonly number[]>): Promise<Vocabulary> {
  const terms = [...positionsByTerm.keys()].sort()
  let size = 0
  for (const positions of positionsByTerm.values()) size += positions.length
  const masks = new Int32Array(terms.length)
  const byLength = new Map<number, number[]>()
  const postings = new Uint32Array(size)
  const ends = new Uint32Array(terms.length)
  let end = 0
  await inSteps(terms, termsPerStep, (term, at) => {
    masks[at] = charMask(term)
    const sameLength = byLength.get(term.length)
    if (sameLength) sameLength.push(at)
    else byLength.set(term.length, [at])
    const positions = positionsByTerm.get(term) ?? []
    postings.set(positions, end)
    end += positions.length
    ends[at] = end
  })
  return { terms, masks, byLength, postings, ends }
}

function createTermIndex({ terms, masks, byLength, postings, ends }: Vocabulary): TermIndex {
  function markPostings(at: number, marks: Uint8Array): void {
    const end = ends[at] ?? 0
    for (let next = ends[at - 1] ?? 0; next < end; next++) marks[postings[next] ?? 0] = 1
  }
  return {
    markPrefix(prefix, marks) {
      for (let at = lowerBound(terms, prefix); terms[at]?.startsWith(prefix); at++) markPostings(at, marks)
    },
    markFuzzy(text, edits, marks) {
      const mask = charMask(text)
      for (let length = text.length - edits; length <= text.length + edits; length++) {
        for (const at of byLength.get(length) ?? []) {
          if (!canBeWithinEdits(edits, mask, masks[at] ?? 0)) continue
          if (isWithinEdits(edits, text, terms[at] ?? '')) markPostings(at, marks)
        }
      }
    },
  }
}

/** Binary search: the index of the first sorted term that is not less than `text`. */
function lowerBound(terms: readonly string[], text: string): number {
  let low = 0
  let high = terms.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((terms[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}
