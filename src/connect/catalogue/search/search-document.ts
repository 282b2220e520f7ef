import { type ApplicationIdentity, identify, plainName } from '../applications.ts'
import type { Connector } from '../connector.ts'
import { joinTokens, tokenize } from './tokenize.ts'

/** A connector with its texts as a search compares them. "Joined" texts have nothing between their words. */
export interface SearchDocument {
  readonly connector: Connector
  readonly application: ApplicationIdentity
  /** Its place among all connectors: by name. */
  readonly sortKey: string
  /** Joined, as are the following. */
  readonly name: string
  readonly key: string
  /** The name that its application has here. */
  readonly ownName: string
  /** All that its application is called elsewhere. */
  readonly otherNames: readonly string[]
  readonly categories: readonly string[]
  readonly nameWords: readonly string[]
  /** Words of the name, the key and the other names. */
  readonly words: readonly string[]
  /** The same as one text, a blank before each: finding " goo" in it is quicker than asking each word. */
  readonly namesText: string
  /** Words of the categories and the description in the same form. */
  readonly aboutText: string
}

/** One order for everybody, whatever the server's locale: by lower-case name, then provider and key. */
const sortKeyOf = ({ name, provider, key }: Connector): string =>
  `${name.toLowerCase()}\u0000${provider}\u0000${key}`

export function toSearchDocument(connector: Connector): SearchDocument {
  const application = identify(connector)
  const { alsoOffered = [], alsoTyped = [] } = application.curated ?? {}
  const otherNames = [plainName(connector.name), application.name, ...alsoOffered, ...alsoTyped]
  const nameWords = tokenize(connector.name)
  const words = distinct([...nameWords, ...tokenize(connector.key), ...otherNames.flatMap(tokenize)])
  const about = [...connector.categories, connector.description ?? ''].flatMap(tokenize)
  return {
    connector,
    application,
    sortKey: sortKeyOf(connector),
    name: nameWords.join(''),
    key: joinTokens(connector.key),
    ownName: joinTokens(application.name),
    otherNames: distinct(otherNames.map(joinTokens)),
    categories: connector.categories.map(joinTokens),
    nameWords,
    words,
    namesText: textOf(words),
    aboutText: textOf(distinct(about)),
  }
}

const textOf = (words: readonly string[]) => words.map((word) => ` ${word}`).join('')

const distinct = (words: readonly string[]): readonly string[] => [...new Set(words)]
