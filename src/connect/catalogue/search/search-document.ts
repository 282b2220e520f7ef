import { type ApplicationIdentity, identify, plainName } from '../applications.ts'
import type { Connector } from '../connector.ts'
import { joinTokens, tokenize } from './tokenize.ts'

/** A connector with its text in the form that a search compares. "Joined": tokens without separators. */
export interface SearchDocument {
  readonly connector: Connector
  readonly application: ApplicationIdentity
  /** Sort key among all connectors: by name. */
  readonly sortKey: string
  /** Joined. */
  readonly name: string
  /** Joined. */
  readonly key: string
  /** Joined name of the application. */
  readonly applicationName: string
  /** Joined names of the application: the plain name, the application's name, its aliases and search aliases. */
  readonly aliases: readonly string[]
  /** Joined. */
  readonly categories: readonly string[]
  readonly nameTokens: readonly string[]
  /** Distinct tokens of the name, the key and the aliases. */
  readonly tokens: readonly string[]
  /** `tokens` as one text with a space before each: searching it for " goo" is faster than a test of each token. */
  readonly namesText: string
  /** Distinct tokens of the categories and the description, in the same form. */
  readonly aboutText: string
}

/** By lower-case name, then provider and key; independent of the locale of the server. */
const sortKeyOf = ({ name, provider, key }: Connector): string =>
  `${name.toLowerCase()}\u0000${provider}\u0000${key}`

export function toSearchDocument(connector: Connector): SearchDocument {
  const application = identify(connector)
  const { aliases = [], searchAliases = [] } = application.curated ?? {}
  const allAliases = [plainName(connector.name), application.name, ...aliases, ...searchAliases]
  const nameTokens = tokenize(connector.name)
  const tokens = distinct([...nameTokens, ...tokenize(connector.key), ...allAliases.flatMap(tokenize)])
  const about = [...connector.categories, connector.description ?? ''].flatMap(tokenize)
  return {
    connector,
    application,
    sortKey: sortKeyOf(connector),
    name: nameTokens.join(''),
    key: joinTokens(connector.key),
    applicationName: joinTokens(application.name),
    aliases: distinct(allAliases.map(joinTokens)),
    categories: connector.categories.map(joinTokens),
    nameTokens,
    tokens,
    namesText: textOf(tokens),
    aboutText: textOf(distinct(about)),
  }
}

const textOf = (tokens: readonly string[]) => tokens.map((token) => ` ${token}`).join('')

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
