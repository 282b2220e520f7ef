import { editDistance } from './edit-distance.ts'
import type { QueryVariant } from './query-variants.ts'
import type { SearchDocument } from './search-document.ts'
import { canBeMisspelt, canBeMisspeltWhole } from './search-index.ts'

// Best first. A rank is made of the search and the connector alone: whatever else is in the catalogue, or comes and
// goes while somebody turns the pages, moves no entry.
const tier = {
  name: 0,
  otherName: 1,
  key: 2,
  beginningWords: 3,
  beginning: 4,
  otherBeginning: 5,
  nameWords: 6,
  words: 7,
  misspelt: 8,
  category: 9,
  about: 10,
  someWords: 11,
} as const

const stepOfTier = 1e7
const stepOfReading = 1e6
const stepOfDistance = 1e4
const farthest = 99

/** Whether the names say what was typed, and not only what is told about the connector. */
export const isByName = (rank: number): boolean => rank < tier.misspelt * stepOfTier

export interface Ranking {
  readonly readings: readonly QueryVariant[]
  /** Whether slips of the hand are forgiven. */
  readonly forgiving: boolean
}

/** How well a connector answers the search, the less the better; `undefined`: not at all. */
export function rankConnector(entry: SearchDocument, { readings, forgiving }: Ranking): number | undefined {
  let best = Number.POSITIVE_INFINITY
  for (const [at, reading] of readings.entries()) {
    const match = matchOf(entry, reading, forgiving)
    if (match === undefined) continue
    best = Math.min(best, match.tier * stepOfTier + at * stepOfReading + match.distance * stepOfDistance)
    if (match.tier === tier.name) break
  }
  return best === Number.POSITIVE_INFINITY ? undefined : best + nameLength(entry)
}

/** The same where some of the words are enough: more of them first, then names with the fewest others. */
export function rankBySome(entry: SearchDocument, { words }: QueryVariant): number | undefined {
  const found = words.filter((word) => hasWord(entry, word) || isNear(word, entry.words))
  if (found.length === 0) return undefined
  const isNamed = (own: string) => found.some((word) => own.startsWith(word) || isNear(word, [own]))
  const unnamed = entry.nameWords.filter((own) => !isNamed(own)).join('')
  return (
    (tier.someWords + words.length - found.length) * stepOfTier +
    Math.min(unnamed.length, farthest) * stepOfDistance +
    nameLength(entry)
  )
}

/** Of two that match alike the one with the plainer name is meant. */
const nameLength = ({ name }: SearchDocument) => Math.min(name.length, stepOfDistance - 1)

interface Match {
  readonly tier: number
  readonly distance: number
}

const at = (found: number, distance = 0): Match => ({ tier: found, distance })

function matchOf(entry: SearchDocument, reading: QueryVariant, forgiving: boolean): Match | undefined {
  const { words, joined } = reading
  const { name, key, otherNames } = entry
  if (name === joined) return at(tier.name)
  // What is called by an abbreviation has the full name first: "ga4" is Google Analytics 4 before Google Analytics.
  if (otherNames.includes(joined)) return at(tier.otherName, name === entry.ownName ? 0 : 1)
  if (key === joined) return at(tier.key)
  if (name.startsWith(joined))
    return at(endsAWord(entry.nameWords, joined.length) ? tier.beginningWords : tier.beginning)
  if (key.startsWith(joined) || otherNames.some((other) => other.startsWith(joined)))
    return at(tier.otherBeginning)
  if (words.every((word) => hasWord(entry, word)))
    return at(words.every((word) => entry.nameWords.includes(word)) ? tier.nameWords : tier.words)
  const distance = forgiving ? distanceOf(entry, reading) : undefined
  if (distance !== undefined) return at(tier.misspelt, distance)
  if (entry.categories.includes(joined)) return at(tier.category)
  const isSaid = (word: string) => hasWord(entry, word) || entry.aboutText.includes(` ${word}`)
  return words.every(isSaid) ? at(tier.about) : undefined
}

function endsAWord(words: readonly string[], length: number): boolean {
  let end = 0
  for (const word of words) {
    end += word.length
    if (end >= length) break
  }
  return end === length
}

/** Whether a word of its names is that one or begins with it. */
const hasWord = ({ namesText }: SearchDocument, word: string) => namesText.includes(` ${word}`)

/** How far the whole, or all of the words together, are from its names; the nearer of the two. */
function distanceOf(entry: SearchDocument, { words, joined }: QueryVariant): number | undefined {
  const whole = canBeMisspeltWhole(joined)
    ? nearest(joined, [entry.name, entry.key, ...entry.otherNames])
    : undefined
  const others = words.filter((word) => !hasWord(entry, word))
  if (!others.every(canBeMisspelt)) return whole
  let sum = 0
  for (const word of others) {
    const distance = nearest(word, entry.words)
    if (distance === undefined) return whole
    sum += distance
  }
  return Math.min(sum, whole ?? farthest, farthest)
}

const isNear = (typed: string, words: readonly string[]) =>
  canBeMisspelt(typed) && nearest(typed, words) !== undefined

function nearest(typed: string, words: readonly string[]): number | undefined {
  let best: number | undefined
  for (const word of words) {
    const distance = editDistance(typed, word)
    if (distance !== undefined && distance < (best ?? Number.POSITIVE_INFINITY)) best = distance
  }
  return best
}
