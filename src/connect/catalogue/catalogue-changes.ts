import { isDeepStrictEqual } from 'node:util'
import type { RemoteConnector } from '../../providers/adapter.ts'
import type { CatalogueChanges } from '../../store/connectors.ts'
import type { Connector } from './connector.ts'

/** How a catalogue differs from that of the sync before; `null`: it does not. */
export function catalogueChanges(
  before: ReadonlyMap<string, Connector>,
  connectors: readonly RemoteConnector[],
): CatalogueChanges | null {
  const known = connectors.filter(({ key }) => before.has(key))
  const changed = known.filter((connector) => {
    const { provider, ...former } = before.get(connector.key) ?? {}
    return !isDeepStrictEqual(former, connector)
  }).length
  const changes = { added: connectors.length - known.length, changed, removed: before.size - known.length }
  return Object.values(changes).some((count) => count > 0) ? changes : null
}
