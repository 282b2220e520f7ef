import MiniSearch, { type Options } from 'minisearch'
import type { ProviderKey } from '../../../domain/provider-key.ts'
import type { Connector } from '../connector.ts'
import type { QueryVariant } from './query-variants.ts'
import { type SearchDocument, toSearchDocument } from './search-document.ts'

/** One provider's connectors, ready to be searched. What is found is by name, and may be too much: ranking decides. */
export interface SearchIndex {
  readonly provider: ProviderKey
  /** By name. */
  readonly entries: readonly SearchDocument[]
  /** At least those with all words of one of the readings, or words that begin with them. */
  find(readings: readonly QueryVariant[]): readonly SearchDocument[]
  /** The same, and those whose names have slips of the hand. */
  findMisspelt(readings: readonly QueryVariant[]): readonly SearchDocument[]
  /** At least those with any word of the reading, slips of the hand included. */
  findAny(reading: QueryVariant): readonly SearchDocument[]
}

/** Builds the index in small steps; the caller goes on with the old one until it is there. */
export async function buildSearchIndex(
  provider: ProviderKey,
  connectors: Iterable<Connector>,
): Promise<SearchIndex> {
  const entries: SearchDocument[] = []
  await inSteps([...connectors], (connector) => entries.push(toSearchDocument(connector)))
  entries.sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))

  const words = new MiniSearch<Terms>(termsAsTheyAre)
  const wholes = new MiniSearch<Terms>(termsAsTheyAre)
  const beginnings: Beginning[] = []
  const frequency = new Map<string, number>()
  await inSteps(entries, (entry, id) => {
    words.add({ id, terms: entry.namesText + entry.aboutText })
    const names = [...new Set([entry.name, entry.key, ...entry.otherNames])]
    wholes.add({ id, terms: names.join(' ') })
    beginnings.push(...names.map((text) => ({ text, id })))
    for (const word of entry.words) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  })
  beginnings.sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))

  // One word of each reading is looked up, the rarest; whether an entry has the others too is quick to see.
  const rarest = (readings: readonly QueryVariant[], ifUnknown: (word: string) => number) => {
    const count = (word: string) => frequency.get(word) ?? ifUnknown(word)
    return readings.map((reading) => reading.words.reduce((a, b) => (count(b) < count(a) ? b : a)))
  }
  function asTyped(readings: readonly QueryVariant[], mark: Mark): void {
    lookUp(words, { terms: rarest(readings, () => 0), mark })
    for (const reading of readings) lookUpBeginning(beginnings, reading.joined, mark)
  }
  function entriesOf(find: (mark: Mark) => void): readonly SearchDocument[] {
    const marks = new Uint8Array(entries.length)
    find((id) => {
      marks[id] = 1
    })
    return entries.filter((_, id) => marks[id] === 1)
  }
  return {
    provider,
    entries,
    find: (readings) => entriesOf((mark) => asTyped(readings, mark)),
    findMisspelt: (readings) =>
      entriesOf((mark) => {
        asTyped(readings, mark)
        const unlikely = rarest(readings, (word) => (canBeMisspelt(word) ? entries.length : 0))
        lookUp(words, { terms: unlikely, mark, canSlip: canBeMisspelt })
        lookUp(wholes, {
          terms: readings.map((reading) => reading.joined),
          mark,
          canSlip: canBeMisspeltWhole,
        })
      }),
    findAny: ({ words: terms }) =>
      entriesOf((mark) => lookUp(words, { terms, mark, canSlip: canBeMisspelt })),
  }
}

// So many take a few milliseconds; what waits for the event loop gets its turn in between.
const step = 50

async function inSteps<Item>(items: readonly Item[], work: (item: Item, at: number) => void): Promise<void> {
  for (const [at, item] of items.entries()) {
    work(item, at)
    if (at % step === step - 1) await new Promise((resolve) => setImmediate(resolve))
  }
}

interface Terms {
  readonly id: number
  readonly terms: string
}

const termsAsTheyAre: Options<Terms> = {
  fields: ['terms'],
  tokenize: (text) => text.trim().split(' '),
  processTerm: (term) => term,
}

// Two slips: an exchange of neighbours counts as two here. How many a word bears is for the ranking to say.
const mostSlips = 2

/** Shorter words have too many neighbours, and every number is next to another one. */
export const canBeMisspelt = (word: string): boolean => word.length >= 4 && !/^\d+$/.test(word)

/** The same of words that were joined: somebody who types a number in a name puts a blank before it. */
export const canBeMisspeltWhole = (text: string): boolean => text.length >= 4 && !/\d/.test(text)

/** Notes that an entry was found. */
type Mark = (id: number) => void

interface LookUp {
  readonly terms: readonly string[]
  readonly mark: Mark
  /** Whether a term may be misspelt; without it none is. */
  canSlip?(term: string): boolean
}

/** Marks all that have one of the terms or a word that begins with it. */
function lookUp(engine: MiniSearch<Terms>, { terms, mark, canSlip }: LookUp): void {
  engine.search({
    queries: [...new Set(terms)],
    prefix: true,
    fuzzy: (term) => (canSlip?.(term) ? mostSlips : false),
    // The engine's score follows from all that it holds, and would change while pages are turned: it is not wanted.
    boostDocument(id: number) {
      mark(id)
      return 0
    },
  })
}

/** A joined name. Their beginnings are looked up without the engine, which takes each longer name for another term. */
interface Beginning {
  readonly text: string
  readonly id: number
}

/** Marks those of the sorted names that begin so. */
function lookUpBeginning(sorted: readonly Beginning[], beginning: string, mark: Mark): void {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle]?.text ?? '') < beginning) low = middle + 1
    else high = middle
  }
  for (let at = low; ; at++) {
    const name = sorted[at]
    if (!name?.text.startsWith(beginning)) return
    mark(name.id)
  }
}
