import { acceptsErrors, acceptsErrorsJoined, editDistance } from './edit-distance.ts'
import type { QueryVariant } from './query-variants.ts'
import type { SearchDocument } from './search-document.ts'

// Best first. A rank depends on the query and the connector only. So changes of the rest of the catalogue between two
// pages do not move an entry.
const tier = {
  name: 0,
  alias: 1,
  key: 2,
  nameTokenPrefix: 3,
  namePrefix: 4,
  aliasPrefix: 5,
  nameTokens: 6,
  tokens: 7,
  misspelt: 8,
  category: 9,
  about: 10,
  someTokens: 11,
} as const

const tierWeight = 1e7
const variantWeight = 1e6
const distanceWeight = 1e4
const maxDistance = 99

/** Whether the names match as typed; false for matches with typing errors or in categories and descriptions only. */
export const isNameMatch = (rank: number): boolean => rank < tier.misspelt * tierWeight

export interface RankingOptions {
  readonly variants: readonly QueryVariant[]
  /** Whether typing errors are accepted. */
  readonly allowErrors: boolean
}

/** Returns the rank of a connector, lower is better; `undefined`: it does not match. */
export function rankConnector(
  entry: SearchDocument,
  { variants, allowErrors }: RankingOptions,
): number | undefined {
  let best = Number.POSITIVE_INFINITY
  for (const [position, variant] of variants.entries()) {
    const match = findMatch(entry, variant, allowErrors)
    if (match === undefined) continue
    const rank = match.tier * tierWeight + position * variantWeight + match.distance * distanceWeight
    best = Math.min(best, rank)
    if (match.tier === tier.name) break
  }
  return best === Number.POSITIVE_INFINITY ? undefined : best + nameLength(entry)
}

/**
 * Returns the rank where a part of the tokens is enough: by the number of tokens that do not match, then by the length
 * of the rest of the name. `undefined`: none matches.
 */
export function rankByAnyToken(entry: SearchDocument, { tokens }: QueryVariant): number | undefined {
  const found = tokens.filter((token) => hasToken(entry, token) || isNear(token, entry.tokens))
  if (found.length === 0) return undefined
  const isFound = (own: string) => found.some((token) => own.startsWith(token) || isNear(token, [own]))
  const rest = entry.nameTokens.filter((own) => !isFound(own)).join('')
  return (
    (tier.someTokens + tokens.length - found.length) * tierWeight +
    Math.min(rest.length, maxDistance) * distanceWeight +
    nameLength(entry)
  )
}

/** Tie-breaker: of two equal matches the one with the shorter name is better. */
const nameLength = ({ name }: SearchDocument) => Math.min(name.length, distanceWeight - 1)

interface Match {
  readonly tier: number
  readonly distance: number
}

const matchAt = (matched: number, distance = 0): Match => ({ tier: matched, distance })

function findMatch(entry: SearchDocument, variant: QueryVariant, allowErrors: boolean): Match | undefined {
  const { tokens, joined } = variant
  const { name, key, aliases } = entry
  if (name === joined) return matchAt(tier.name)
  // For an abbreviation the full name is first: "ga4" finds Google Analytics 4 before Google Analytics.
  if (aliases.includes(joined)) return matchAt(tier.alias, name === entry.applicationName ? 0 : 1)
  if (key === joined) return matchAt(tier.key)
  if (name.startsWith(joined))
    return matchAt(endsAtToken(entry.nameTokens, joined.length) ? tier.nameTokenPrefix : tier.namePrefix)
  if (key.startsWith(joined) || aliases.some((alias) => alias.startsWith(joined)))
    return matchAt(tier.aliasPrefix)
  if (tokens.every((token) => hasToken(entry, token)))
    return matchAt(tokens.every((token) => entry.nameTokens.includes(token)) ? tier.nameTokens : tier.tokens)
  const distance = allowErrors ? distanceOf(entry, variant) : undefined
  if (distance !== undefined) return matchAt(tier.misspelt, distance)
  if (entry.categories.includes(joined)) return matchAt(tier.category)
  const hasTokenAnywhere = (token: string) => hasToken(entry, token) || entry.aboutText.includes(` ${token}`)
  return tokens.every(hasTokenAnywhere) ? matchAt(tier.about) : undefined
}

/** Whether the first `length` characters of the joined tokens end at the end of a token. */
function endsAtToken(tokens: readonly string[], length: number): boolean {
  let end = 0
  for (const token of tokens) {
    end += token.length
    if (end >= length) break
  }
  return end === length
}

/** Whether a token of its names is equal to `token` or starts with it. */
const hasToken = ({ namesText }: SearchDocument, token: string) => namesText.includes(` ${token}`)

/** Returns the distance from the names: of the joined query, or the sum for its tokens; the smaller of the two. */
function distanceOf(entry: SearchDocument, { tokens, joined }: QueryVariant): number | undefined {
  const joinedDistance = acceptsErrorsJoined(joined)
    ? nearest(joined, [entry.name, entry.key, ...entry.aliases])
    : undefined
  const others = tokens.filter((token) => !hasToken(entry, token))
  if (!others.every(acceptsErrors)) return joinedDistance
  let sum = 0
  for (const token of others) {
    const distance = nearest(token, entry.tokens)
    if (distance === undefined) return joinedDistance
    sum += distance
  }
  return Math.min(sum, joinedDistance ?? maxDistance, maxDistance)
}

const isNear = (typed: string, texts: readonly string[]) =>
  acceptsErrors(typed) && nearest(typed, texts) !== undefined

/** Returns the smallest distance of `typed` from one of the texts; `undefined`: all are above the limit. */
function nearest(typed: string, texts: readonly string[]): number | undefined {
  let best: number | undefined
  for (const text of texts) {
    const distance = editDistance(typed, text)
    if (distance !== undefined && distance < (best ?? Number.POSITIVE_INFINITY)) best = distance
  }
  return best
}
