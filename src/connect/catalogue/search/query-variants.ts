import { tokenize } from './tokenize.ts'

/** One reading of what was typed. */
export interface QueryVariant {
  readonly words: readonly string[]
  /** The words as one, because people divide names where they like. */
  readonly joined: string
}

/** What people say around a name. */
const around = new Set(
  `a an and account accounts add can connect connecting connection connections connector connectors do for how
  i in integrate integration integrations into link linking login me my need of on our please set setup sync
  the this to up use using via want we with you your`.split(/\s+/),
)

/** What people say after a name about the kind of thing it is. Often it is a part of the name. */
const kinds = new Set('api app application apps crm db database platform software store tool'.split(' '))

const longForms: ReadonlyMap<string, string> = new Map([
  ['fb', 'facebook'],
  ['ms', 'microsoft'],
  ['goog', 'google'],
  ['sf', 'salesforce'],
])

// A search is a few words; a page of text is not, and would cost more than anybody can be meant to want.
const mostWords = 8
const longestWord = 60

/** How a search can be meant, the most literal way first; none: it says nothing. */
export function queryVariants(search: string): readonly QueryVariant[] {
  const words = tokenize(search.slice(0, 500))
    .slice(0, mostWords)
    .map((word) => word.slice(0, longestWord))
  const bare = words.filter((word) => !around.has(word))
  const written = bare.map((word) => longForms.get(word) ?? word)
  const named = written.filter((word) => !kinds.has(word))
  const readings = new Map<string, QueryVariant>()
  for (const reading of [words, bare, written, named]) {
    const text = reading.join(' ')
    if (text !== '' && !readings.has(text)) readings.set(text, { words: reading, joined: reading.join('') })
  }
  return [...readings.values()]
}
