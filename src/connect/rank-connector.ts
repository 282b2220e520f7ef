import { type IndexedConnector, shortestMisspelt } from './connector-index.ts'
import { misspelling } from './misspelling.ts'
import type { Reading } from './search-words.ts'

// Best first. A rank is made of the search and the connector alone: what else is in the catalogue, or comes and goes
// while somebody turns the pages, never moves an entry.
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
const most = 99

/** Whether the names say what was typed, and not only what is told about the connector. */
export const isByName = (rank: number): boolean => rank < tier.misspelt * stepOfTier

/** The same with slips of the hand. */
export const isNearName = (rank: number): boolean => rank < tier.category * stepOfTier

/** How well a connector that has been found answers the search; the less the better. */
export function rankConnector(entry: IndexedConnector, readings: readonly Reading[]): number {
  let best = Number.POSITIVE_INFINITY
  for (const [at, reading] of readings.entries()) {
    const found = tierOf(entry, reading)
    const distance = found === tier.misspelt ? (distanceOf(entry, reading) ?? most) : 0
    best = Math.min(best, found * stepOfTier + at * stepOfReading + distance * stepOfDistance)
  }
  // Of two that match alike the plainer name is meant.
  return best + Math.min(entry.name.length, stepOfDistance - 1)
}

/** The same where only some of the words were found: more of them first, then names with the fewest others. */
export function rankBySome(entry: IndexedConnector, { words }: Reading): number | undefined {
  const found = words.filter((word) => hasWord(entry, word) || wordDistance(entry, word) !== undefined)
  if (found.length === 0) return undefined
  const isNamed = (own: string) =>
    found.some((word) => own.startsWith(word) || misspelling(word, own) !== undefined)
  const unnamed = entry.nameWords.filter((own) => !isNamed(own)).join('')
  return (
    (tier.someWords + words.length - found.length) * stepOfTier +
    Math.min(unnamed.length, most) * stepOfDistance +
    Math.min(entry.name.length, stepOfDistance - 1)
  )
}

function tierOf(entry: IndexedConnector, { words, joined }: Reading): number {
  const { name, nameWords, key, otherNames } = entry
  if (name === joined) return tier.name
  if (otherNames.includes(joined)) return tier.otherName
  if (key === joined) return tier.key
  if (name.startsWith(joined))
    return endsAWord(nameWords, joined.length) ? tier.beginningWords : tier.beginning
  if (key.startsWith(joined) || otherNames.some((other) => other.startsWith(joined)))
    return tier.otherBeginning
  if (words.every((word) => nameWords.includes(word))) return tier.nameWords
  if (words.every((word) => hasWord(entry, word))) return tier.words
  if (distanceOf(entry, { words, joined }) !== undefined) return tier.misspelt
  return entry.categories.includes(joined) ? tier.category : tier.about
}

function endsAWord(words: readonly string[], length: number): boolean {
  let end = 0
  for (const word of words) {
    end += word.length
    if (end >= length) break
  }
  return end === length
}

function hasWord(entry: IndexedConnector, word: string): boolean {
  if (entry.words.has(word)) return true
  for (const own of entry.words) if (own.startsWith(word)) return true
  return false
}

/** How far the whole, or each of the words, is from a name; the nearer of the two. */
function distanceOf(entry: IndexedConnector, { words, joined }: Reading): number | undefined {
  const whole = nearest(joined, [entry.name, entry.key, ...entry.otherNames])
  if (words.length === 1 && whole !== undefined) return whole
  let sum = 0
  for (const word of words) {
    const distance = hasWord(entry, word) ? 0 : wordDistance(entry, word)
    if (distance === undefined) return whole
    sum += distance
  }
  return Math.min(sum, whole ?? most, most)
}

const wordDistance = (entry: IndexedConnector, word: string) => nearest(word, entry.words)

function nearest(typed: string, words: Iterable<string>): number | undefined {
  if (typed.length < shortestMisspelt) return undefined
  let best: number | undefined
  for (const word of words) {
    const distance = misspelling(typed, word)
    if (distance !== undefined && (best === undefined || distance < best)) best = distance
  }
  return best
}
