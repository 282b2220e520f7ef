import { tokenize } from './tokenize.ts'

/** One interpretation of a query. */
export interface QueryVariant {
  /** At least one. */
  readonly tokens: readonly string[]
  /** The tokens without separators, because users put spaces at different places of a name. */
  readonly joined: string
}

/** Stop words: what users type around the name of an application. */
const stopWords = new Set(
  `a an and account accounts add can connect connecting connection connections connector connectors do for how
  i in integrate integration integrations into link linking login me my need of on our please set setup sync
  the this to up use using via want we with you your`.split(/\s+/),
)

/** What users type after a name to say what kind of product it is. It is often part of a name, too. */
const productKinds = new Set(
  'api app application apps crm db database platform software store tool'.split(' '),
)

const abbreviations: ReadonlyMap<string, string> = new Map([
  ['fb', 'facebook'],
  ['ms', 'microsoft'],
  ['goog', 'google'],
  ['sf', 'salesforce'],
])

// Limits the cost of one search.
const maxQueryLength = 500
const maxTokens = 8
const maxTokenLength = 60

/** Returns the interpretations of a query, the most literal one first; none for a blank query. */
export function queryVariants(search: string): readonly QueryVariant[] {
  const tokens = tokenize(search.slice(0, maxQueryLength))
    .slice(0, maxTokens)
    .map((token) => token.slice(0, maxTokenLength))
  const withoutStopWords = tokens.filter((token) => !stopWords.has(token))
  const expanded = withoutStopWords.map((token) => abbreviations.get(token) ?? token)
  const withoutKinds = expanded.filter((token) => !productKinds.has(token))
  const variants = new Map<string, QueryVariant>()
  for (const variant of [tokens, withoutStopWords, expanded, withoutKinds]) {
    const text = variant.join(' ')
    if (text !== '' && !variants.has(text)) variants.set(text, { tokens: variant, joined: variant.join('') })
  }
  return [...variants.values()]
}
