import type { ProviderKey } from '../../../domain/provider-key.ts'
import type { Direction } from '../../../domain/statuses.ts'
import type { Connector } from '../connector.ts'
import { type QueryVariant, queryVariants } from './query-variants.ts'
import { isByName, rankBySome, rankConnector } from './rank.ts'
import type { SearchDocument } from './search-document.ts'
import type { SearchIndex } from './search-index.ts'

export interface ConnectorQuery {
  readonly search?: string | null | undefined
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly direction?: Direction | null | undefined
}

/**
 * How matches are looked for: everything by name; all words as they are typed; with slips of the hand; or, where that
 * finds nothing either, some of the words.
 */
export const searchModes = ['ALL', 'SPELT', 'MISSPELT', 'SOME'] as const
export type SearchMode = (typeof searchModes)[number]

/** Where an entry lies in its list; entries that come and go leave all others where they are. */
export interface ConnectorCursor {
  readonly mode: SearchMode
  readonly rank: number
  readonly sortKey: string
}

export interface RankedConnector extends ConnectorCursor {
  readonly connector: Connector
}

/** The connectors that match, best first; without a search by name. Later pages go the way that the first one went. */
export function searchConnectors(
  indexes: readonly SearchIndex[],
  { search, providers, direction }: ConnectorQuery,
  way?: SearchMode,
): readonly RankedConnector[] {
  const readings = queryVariants(search ?? '')
  const searched: Searched = {
    indexes: indexes.filter(({ provider }) => providers?.includes(provider) ?? true),
    offers: ({ connector }) => direction == null || connector.directions.includes(direction),
  }
  const found = readings.length === 0 ? everything(searched) : matches(searched, readings, way)
  return found.sort(byPosition)
}

/** Those of the list that lie behind a position, which need not be an entry's any more. */
export function afterCursor(
  list: readonly RankedConnector[],
  position: ConnectorCursor | null,
): readonly RankedConnector[] {
  if (position === null) return list
  const start = list.findIndex((entry) => byPosition(entry, position) > 0)
  return start === -1 ? [] : list.slice(start)
}

const byPosition = (a: ConnectorCursor, b: ConnectorCursor) =>
  a.rank - b.rank || (a.sortKey < b.sortKey ? -1 : Number(a.sortKey > b.sortKey))

interface Searched {
  readonly indexes: readonly SearchIndex[]
  /** Whether the entry is asked for at all. */
  offers(entry: SearchDocument): boolean
}

const everything = ({ indexes, offers }: Searched): RankedConnector[] =>
  indexes.flatMap(({ entries }) => ranked('ALL', entries.filter(offers), () => 0))

function matches(searched: Searched, readings: readonly QueryVariant[], way?: SearchMode): RankedConnector[] {
  const spelt = asTyped(searched, readings)
  if (way === 'SPELT' || (way === undefined && spelt.some(({ rank }) => isByName(rank)))) return spelt
  const misspelt = withSlips(searched, readings)
  if (way === 'MISSPELT' || (way === undefined && misspelt.length > 0)) return misspelt
  return withSomeWords(searched, readings)
}

const asTyped = ({ indexes, offers }: Searched, readings: readonly QueryVariant[]): RankedConnector[] =>
  indexes.flatMap((index) =>
    ranked('SPELT', index.find(readings).filter(offers), (entry) =>
      rankConnector(entry, { readings, forgiving: false }),
    ),
  )

const withSlips = ({ indexes, offers }: Searched, readings: readonly QueryVariant[]): RankedConnector[] =>
  indexes.flatMap((index) =>
    ranked('MISSPELT', index.findMisspelt(readings).filter(offers), (entry) =>
      rankConnector(entry, { readings, forgiving: true }),
    ),
  )

function withSomeWords({ indexes, offers }: Searched, readings: readonly QueryVariant[]): RankedConnector[] {
  // What is said around the names is left out of the last reading, if there is anything else.
  const reading = readings.at(-1)
  if (reading === undefined) return []
  return indexes.flatMap((index) =>
    ranked('SOME', index.findAny(reading).filter(offers), (entry) => rankBySome(entry, reading)),
  )
}

/** Of entries that are by name; sorting the parts by number alone leaves little to compare of the whole. */
function ranked(
  way: SearchMode,
  entries: readonly SearchDocument[],
  rankOf: (entry: SearchDocument) => number | undefined,
): readonly RankedConnector[] {
  const found: RankedConnector[] = []
  for (const entry of entries) {
    const rank = rankOf(entry)
    if (rank !== undefined)
      found.push({ connector: entry.connector, sortKey: entry.sortKey, mode: way, rank })
  }
  return found.sort((a, b) => a.rank - b.rank)
}
