import type { ProviderKey } from '../provider-key.ts'
import type { Direction } from '../providers/provider.ts'
import { type Connector, sortKey } from './catalogue.ts'

export interface ConnectorQuery {
  readonly search?: string | null | undefined
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly direction?: Direction | null | undefined
}

export interface RankedConnector {
  readonly connector: Connector
  /** Sorts as text: the better match first, then by name. Also the cursor. */
  readonly position: string
}

/** The connectors that match, best first; without a search by name. */
export function searchConnectors(
  all: readonly Connector[],
  query: ConnectorQuery,
): readonly RankedConnector[] {
  const words = normal(query.search ?? '')
  const { providers, direction } = query
  return all
    .filter((connector) => providers == null || providers.includes(connector.provider))
    .filter((connector) => direction == null || connector.directions.includes(direction))
    .flatMap((connector) => {
      const rank = words === '' ? 0 : rankOf(connector, words)
      return rank === undefined ? [] : [{ connector, position: `${rank}\u0000${sortKey(connector)}` }]
    })
    .sort((a, b) => (a.position < b.position ? -1 : 1))
}

/** 0 is best; `undefined`: no match. Blanks, dashes and underscores count for nothing, so "sales force" finds Salesforce. */
function rankOf({ key, name, categories, description }: Connector, words: string): number | undefined {
  const names = [normal(key), normal(name)]
  if (names.includes(words)) return 1
  if (names.some((text) => text.startsWith(words))) return 2
  if (names.some((text) => text.includes(words))) return 3
  if (categories.some((category) => normal(category) === words)) return 4
  return normal(description ?? '').includes(words) ? 5 : undefined
}

const normal = (text: string) => text.toLowerCase().replaceAll(/[\s_.-]+/g, '')
