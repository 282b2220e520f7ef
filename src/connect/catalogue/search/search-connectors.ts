import type { ProviderKey } from '../../../domain/provider-key.ts'
import type { Direction } from '../../../domain/statuses.ts'
import type { Connector } from '../connector.ts'
import { type QueryVariant, queryVariants } from './query-variants.ts'
import { isNameMatch, rankByAnyToken, rankConnector } from './rank.ts'
import type { SearchDocument } from './search-document.ts'
import type { SearchIndex } from './search-index.ts'

export interface ConnectorQuery {
  readonly search?: string | null | undefined
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly direction?: Direction | null | undefined
  /** Any other filter; by default every connector is included. */
  readonly includes?: ((connector: Connector) => boolean) | undefined
}

/**
 * How matches are found. `ALL`: all connectors, sorted by name. `SPELT`: all tokens as typed. `MISSPELT`: all tokens,
 * with typing errors. `SOME`: any of the tokens, if there is no other match.
 */
export const searchModes = ['ALL', 'EXACT', 'FUZZY', 'ANY_TOKEN'] as const
export type SearchMode = (typeof searchModes)[number]

/** Position of an entry in a list; it does not change when other entries are added or removed. */
export interface ConnectorCursor {
  readonly mode: SearchMode
  readonly rank: number
  readonly sortKey: string
}

export interface RankedConnector extends ConnectorCursor {
  readonly connector: Connector
}

/**
 * Returns the connectors that match, best first; without a search text all of them, sorted by name. `mode`: that of the
 * cursor, so that later pages use the mode of the first one. By default: `SPELT` if a name matches, else `MISSPELT` if
 * that has matches, else `SOME`.
 */
export function searchConnectors(
  indexes: readonly SearchIndex[],
  { search, providers, direction, includes = () => true }: ConnectorQuery,
  mode?: SearchMode,
): readonly RankedConnector[] {
  const variants = queryVariants(search ?? '')
  const scope: SearchScope = {
    indexes: indexes.filter(({ provider }) => providers?.includes(provider) ?? true),
    includes: ({ connector }) =>
      (direction == null || connector.directions.includes(direction)) && includes(connector),
  }
  const matches = variants.length === 0 ? findAll(scope) : findMatches(scope, variants, mode)
  return matches.sort(compareCursors)
}

/** Returns the entries after the cursor. The entry at the cursor need not exist any more. */
export function afterCursor<Entry extends ConnectorCursor>(
  list: readonly Entry[],
  cursor: ConnectorCursor | null,
): readonly Entry[] {
  if (cursor === null) return list
  const start = list.findIndex((entry) => compareCursors(entry, cursor) > 0)
  return start === -1 ? [] : list.slice(start)
}

export const compareCursors = (a: ConnectorCursor, b: ConnectorCursor) =>
  a.rank - b.rank || (a.sortKey < b.sortKey ? -1 : Number(a.sortKey > b.sortKey))

interface SearchScope {
  readonly indexes: readonly SearchIndex[]
  /** The filters. */
  includes(entry: SearchDocument): boolean
}

const findAll = ({ indexes, includes }: SearchScope): RankedConnector[] =>
  indexes.flatMap(({ entries }) => rankEntries('ALL', entries.filter(includes), () => 0))

function findMatches(
  scope: SearchScope,
  variants: readonly QueryVariant[],
  mode?: SearchMode,
): RankedConnector[] {
  const spelt = findSpelt(scope, variants)
  if (mode === 'EXACT' || (mode === undefined && spelt.some(({ rank }) => isNameMatch(rank)))) return spelt
  const misspelt = findMisspelt(scope, variants)
  if (mode === 'FUZZY' || (mode === undefined && misspelt.length > 0)) return misspelt
  return findSome(scope, variants)
}

const findSpelt = (
  { indexes, includes }: SearchScope,
  variants: readonly QueryVariant[],
): RankedConnector[] =>
  indexes.flatMap((index) =>
    rankEntries('EXACT', index.find(variants).filter(includes), (entry) =>
      rankConnector(entry, { variants, allowErrors: false }),
    ),
  )

const findMisspelt = (
  { indexes, includes }: SearchScope,
  variants: readonly QueryVariant[],
): RankedConnector[] =>
  indexes.flatMap((index) =>
    rankEntries('FUZZY', index.findMisspelt(variants).filter(includes), (entry) =>
      rankConnector(entry, { variants, allowErrors: true }),
    ),
  )

function findSome({ indexes, includes }: SearchScope, variants: readonly QueryVariant[]): RankedConnector[] {
  // The last variant is without stop words and product kinds, unless there is nothing else.
  const variant = variants.at(-1)
  if (variant === undefined) return []
  return indexes.flatMap((index) =>
    rankEntries('ANY_TOKEN', index.findAny(variant).filter(includes), (entry) =>
      rankByAnyToken(entry, variant),
    ),
  )
}

/**
 * Returns the entries that match, sorted by rank. `entries` are sorted by name: a sort by rank alone leaves few
 * comparisons of sort keys for the sort of the whole list.
 */
function rankEntries(
  mode: SearchMode,
  entries: readonly SearchDocument[],
  rankOf: (entry: SearchDocument) => number | undefined,
): readonly RankedConnector[] {
  const matches: RankedConnector[] = []
  for (const entry of entries) {
    const rank = rankOf(entry)
    if (rank !== undefined) matches.push({ connector: entry.connector, sortKey: entry.sortKey, mode, rank })
  }
  return matches.sort((a, b) => a.rank - b.rank)
}
