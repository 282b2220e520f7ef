import type { ProviderKey } from '../../../domain/provider-key.ts'
import type { Connector } from '../connector.ts'
import { acceptsErrors, acceptsErrorsJoined } from './edit-distance.ts'
import { inSteps } from './in-steps.ts'
import type { QueryVariant } from './query-variants.ts'
import { type SearchDocument, toSearchDocument } from './search-document.ts'
import { buildTermIndex, type TermIndex } from './term-index.ts'

/**
 * The search index of one provider. The methods return candidates in the order of `entries`. They include false
 * positives: the ranking decides which candidates match.
 */
export interface SearchIndex {
  readonly provider: ProviderKey
  /** Sorted by name. */
  readonly entries: readonly SearchDocument[]
  /** Includes all entries that contain every token of a variant, or a token that starts with it. */
  find(variants: readonly QueryVariant[]): readonly SearchDocument[]
  /** Includes also the entries whose names match with typing errors. */
  findMisspelt(variants: readonly QueryVariant[]): readonly SearchDocument[]
  /** Includes all entries that contain any token of the variant, also with typing errors. */
  findAny(variant: QueryVariant): readonly SearchDocument[]
}

const connectorsPerStep = 50

// Levenshtein distance of a candidate: two swapped characters are two edits. How many errors match is decided by the
// ranking, except that it never gets candidates with more edits, such as two swaps in one token.
const maxEdits = 2

interface IndexParts {
  readonly entries: readonly SearchDocument[]
  /** Tokens of names, keys, aliases, categories and descriptions. */
  readonly tokens: TermIndex
  /** Joined names, keys and aliases. */
  readonly names: TermIndex
  /** Number of entries with the token in a name, key or alias. */
  readonly frequency: ReadonlyMap<string, number>
}

/** Builds the index in small steps that yield to the event loop. */
export async function buildSearchIndex(
  provider: ProviderKey,
  connectors: Iterable<Connector>,
): Promise<SearchIndex> {
  const entries: SearchDocument[] = []
  const frequency = new Map<string, number>()
  await inSteps([...connectors], connectorsPerStep, (connector) => {
    const entry = toSearchDocument(connector)
    entries.push(entry)
    for (const token of entry.tokens) frequency.set(token, (frequency.get(token) ?? 0) + 1)
  })
  entries.sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
  const tokens = await buildTermIndex(entries, (entry) => [...entry.tokens, ...entry.aboutText.split(' ')])
  const names = await buildTermIndex(entries, ({ name, key, aliases }) => [name, key, ...aliases])
  return { provider, entries, ...createFinders({ entries, tokens, names, frequency }) }
}

function createFinders(parts: IndexParts): Pick<SearchIndex, 'find' | 'findMisspelt' | 'findAny'> {
  const { entries, tokens, names, frequency } = parts
  // Only the rarest token of a variant is looked up; the ranking checks the others.
  function rarest(variant: QueryVariant, ifUnknown: (token: string) => number): string {
    const count = (token: string) => frequency.get(token) ?? ifUnknown(token)
    return variant.tokens.reduce((a, b) => (count(b) < count(a) ? b : a))
  }
  // An unknown token that may be misspelt can stand for many others: a known token gives fewer candidates.
  const frequencyIfMisspelt = (unknown: string) => (acceptsErrors(unknown) ? entries.length : 0)
  function markAsTyped(variants: readonly QueryVariant[], marks: Uint8Array): void {
    for (const variant of variants) {
      const token = rarest(variant, () => 0)
      tokens.markPrefix(token, marks)
      names.markPrefix(variant.joined, marks)
    }
  }
  function markMisspelt(token: string, marks: Uint8Array): void {
    tokens.markPrefix(token, marks)
    if (acceptsErrors(token)) tokens.markFuzzy(token, maxEdits, marks)
  }
  function select(mark: (marks: Uint8Array) => void): readonly SearchDocument[] {
    const marks = new Uint8Array(entries.length)
    mark(marks)
    return entries.filter((_, position) => marks[position] === 1)
  }
  return {
    find: (variants) => select((marks) => markAsTyped(variants, marks)),
    findMisspelt: (variants) =>
      select((marks) => {
        markAsTyped(variants, marks)
        const rarestTokens = variants.map((variant) => rarest(variant, frequencyIfMisspelt))
        for (const token of new Set(rarestTokens)) markMisspelt(token, marks)
        for (const { joined } of variants) {
          if (acceptsErrorsJoined(joined)) names.markFuzzy(joined, maxEdits, marks)
        }
      }),
    findAny: (variant) =>
      select((marks) => {
        for (const token of variant.tokens) markMisspelt(token, marks)
      }),
  }
}
