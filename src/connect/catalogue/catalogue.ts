import { isDeepStrictEqual } from 'node:util'
import { isLoopbackHost } from '../../domain/loopback.ts'
import { parseUrl } from '../../domain/parse-url.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import { createSingleFlight } from '../../http/single-flight.ts'
import type { RemoteConnector } from '../../providers/adapter.ts'
import type { ConfiguredProvider, ProviderRegistry } from '../../providers/provider-registry.ts'
import { mayContain, type SkippedRow } from '../../providers/rows.ts'
import { loadConnectors, replaceConnectors } from '../../store/connectors.ts'
import type { Database } from '../../store/database.ts'
import { findSyncStates } from '../../store/sync-state.ts'
import { type Application, type Applications, groupApplications } from './applications.ts'
import type { Connector } from './connector.ts'
import { buildSearchIndex, type SearchIndex } from './search/search-index.ts'

/** All connectors of all configured providers, in memory: lookups are synchronous and do not query the database. */
export interface Catalogue {
  get(provider: ProviderKey, key: string): Connector | undefined
  /** True if connectors of the provider are loaded. */
  has(provider: ProviderKey): boolean
  /**
   * True if the provider has no such connector. False if that is not known: the catalogue is not loaded, or the last sync
   * skipped unreadable rows, one of which may be the connector.
   */
  isAbsent(provider: ProviderKey, key: string): boolean
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
   * unreadable row the stored connector remains; if its key is unreadable too, all stored connectors that were not listed.
   * Returns how many rows were unreadable.
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
  /** Providers whose last sync skipped rows. */
  const incomplete = new Set<ProviderKey>()
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
      const state = syncStates.get(accountKey)
      const syncedAt = state?.syncedAt?.getTime()
      if (syncedAt === undefined || syncedAt === loadedSyncs.get(key)) continue
      await replaceSlice(key, await loadConnectors(db, accountKey))
      recordSkipped(key, state?.skipped ?? 0)
      loadedSyncs.set(key, syncedAt)
    }
  }

  function recordSkipped(provider: ProviderKey, count: number): void {
    if (count > 0) incomplete.add(provider)
    else incomplete.delete(provider)
  }

  const get = (provider: ProviderKey, key: string) => slices.get(provider)?.connectors.get(key)
  const has = (provider: ProviderKey) => (slices.get(provider)?.connectors.size ?? 0) > 0

  const entries = () => [...slices.values()].flatMap(({ index }) => index.entries)
  function groupedApplications(): Applications {
    applications ??= groupApplications(entries())
    return applications
  }

  return {
    get,
    has,
    isAbsent: (provider, key) =>
      has(provider) && !incomplete.has(provider) && get(provider, key) === undefined,
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
        for (const connector of page.items) byKey.set(connector.key, withSafeUrls(connector))
        skipped.push(...page.skipped)
      }
      for (const connector of stored?.values() ?? [])
        if (!byKey.has(connector.key) && mayContain(skipped, connector.key))
          byKey.set(connector.key, connector)
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
      recordSkipped(provider.key, skipped.length)
      return skipped.length
    },
  }
}

/** Applications show these URLs of the provider: others than https could run scripts or be read on the way. */
const withSafeUrls = (connector: RemoteConnector): RemoteConnector => ({
  ...connector,
  logoUrl: safeUrl(connector.logoUrl),
  docsUrl: safeUrl(connector.docsUrl),
})

/** The sandbox has http URLs on this machine. */
function safeUrl(text: string | null): string | null {
  const url = parseUrl(text ?? '')
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))
  return isSafe ? text : null
}
