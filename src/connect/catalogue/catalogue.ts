import { isDeepStrictEqual } from 'node:util'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import { createSingleFlight } from '../../http/single-flight.ts'
import type { RemoteConnector } from '../../providers/adapter.ts'
import type { ConfiguredProvider, ProviderRegistry } from '../../providers/provider-registry.ts'
import type { SkippedRow } from '../../providers/rows.ts'
import { loadConnectors, replaceConnectors } from '../../store/connectors.ts'
import type { Database } from '../../store/database.ts'
import { findSyncStates } from '../../store/sync-state.ts'
import { type Application, type Applications, groupApplications } from './applications.ts'
import type { Connector } from './connector.ts'
import { buildSearchIndex, type SearchIndex } from './search/search-index.ts'

/** All connectors of all configured providers, in memory: lookups are synchronous and do not query the database. */
export interface Catalogue {
  get(provider: ProviderKey, key: string): Connector | undefined
  /** True if connectors of the provider are loaded: then `undefined` from `get` means that the connector is unknown. */
  has(provider: ProviderKey): boolean
  /** Sorted by name. */
  all(): readonly Connector[]
  /** The search indexes, one for each provider that is loaded. */
  indexes(): readonly SearchIndex[]
  /** Returns the application of a connector, with all its offers. */
  applicationOf(connector: Connector): Application
  application(slug: string): Application | undefined
  /** Loads from the database the slices that another or an earlier process has synced since the last load. */
  load(): Promise<void>
  /**
   * Reads the whole catalogue of a provider and replaces the stored one; on an error the stored one remains. Of an
   * unreadable row the stored connector remains. Returns how many rows were unreadable.
   *
   * @throws ProviderError `PROVIDER_INVALID_RESPONSE` if the catalogue is empty and the stored one is not.
   */
  sync(provider: ConfiguredProvider, signal: AbortSignal): Promise<number>
}

/** The connectors of one provider, by key, and their search index. */
interface Slice {
  readonly connectors: ReadonlyMap<string, Connector>
  readonly index: SearchIndex
}

export function createCatalogue({
  db,
  providers,
}: {
  readonly db: Database
  readonly providers: ProviderRegistry
}): Catalogue {
  const slices = new Map<ProviderKey, Slice>()
  /** The time of the sync that each loaded slice is from, in ms since the epoch. */
  const loadedSyncs = new Map<ProviderKey, number>()
  let sorted: readonly Connector[] | undefined
  let applications: Applications | undefined
  const loading = createSingleFlight<void>()

  async function replaceSlice(provider: ProviderKey, connectors: readonly RemoteConnector[]): Promise<void> {
    const next = new Map(connectors.map((connector) => [connector.key, { ...connector, provider }]))
    // Most syncs return an unchanged catalogue, and `load` also reads what this process itself has just stored.
    if (isDeepStrictEqual(next, slices.get(provider)?.connectors)) return
    slices.set(provider, { connectors: next, index: await buildSearchIndex(provider, next.values()) })
    sorted = undefined
    applications = undefined
  }

  async function load(): Promise<void> {
    const syncStates = await findSyncStates(db, 'CONNECTORS', providers.accountKeys)
    for (const { key, accountKey } of providers.configured) {
      const syncedAt = syncStates.get(accountKey)?.syncedAt?.getTime()
      if (syncedAt === undefined || syncedAt === loadedSyncs.get(key)) continue
      await replaceSlice(key, await loadConnectors(db, accountKey))
      loadedSyncs.set(key, syncedAt)
    }
  }

  const entries = () => [...slices.values()].flatMap(({ index }) => index.entries)
  function groupedApplications(): Applications {
    applications ??= groupApplications(entries())
    return applications
  }

  return {
    get: (provider, key) => slices.get(provider)?.connectors.get(key),
    has: (provider) => (slices.get(provider)?.connectors.size ?? 0) > 0,
    indexes: () => [...slices.values()].map(({ index }) => index),
    applicationOf: (connector) => groupedApplications().of(connector),
    application: (slug) => groupedApplications().find(slug),
    all() {
      sorted ??= entries()
        .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
        .map(({ connector }) => connector)
      return sorted
    },
    load: () => loading.run('all', load),
    async sync(provider, signal) {
      const stored = slices.get(provider.key)?.connectors
      const byKey = new Map<string, RemoteConnector>()
      const skipped: SkippedRow[] = []
      for await (const page of provider.adapter.listConnectors({ signal })) {
        for (const connector of page.items) byKey.set(connector.key, connector)
        skipped.push(...page.skipped)
      }
      for (const { id } of skipped) {
        const connector = id === null || byKey.has(id) ? undefined : stored?.get(id)
        if (connector) byKey.set(connector.key, connector)
      }
      const connectors = [...byKey.values()]
      if (connectors.length === 0 && stored?.size) {
        throw new ProviderError(
          provider.key,
          'PROVIDER_INVALID_RESPONSE',
          `${provider.name} returned an empty catalogue.`,
        )
      }
      await replaceConnectors(db, { provider: provider.key, accountKey: provider.accountKey, connectors })
      await replaceSlice(provider.key, connectors)
      return skipped.length
    },
  }
}
