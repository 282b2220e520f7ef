import type { ProviderKey } from '../../domain/provider-key.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { type Application, type Applications, groupApplications } from './applications.ts'
import type { Connector } from './connector.ts'
import type { SearchIndex } from './search/search-index.ts'

/** The connectors of some accounts, at most one account of each provider. */
export interface ConnectorView {
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
  /** All applications, sorted by name. */
  applications(): readonly Application[]
}

/** The connectors of one account, by key, and their search index. */
export interface Slice {
  readonly connectors: ReadonlyMap<string, Connector>
  readonly index: SearchIndex
}

export interface LoadedSlices {
  /** By account key. */
  readonly slices: ReadonlyMap<string, Slice>
  /** Keys of the accounts whose last sync skipped rows. */
  readonly incomplete: ReadonlySet<string>
  /** Changes with `slices`. */
  version(): number
}

/** A view that follows later changes of the slices. */
export function createView(
  { slices, incomplete, version }: LoadedSlices,
  accounts: readonly ConfiguredProvider[],
): ConnectorView {
  let derivedFrom = version()
  let sorted: readonly Connector[] | undefined
  let applications: Applications | undefined

  function dropOutdated(): void {
    if (derivedFrom === version()) return
    derivedFrom = version()
    sorted = undefined
    applications = undefined
  }

  const accountOf = (provider: ProviderKey) => accounts.find(({ key }) => key === provider)?.accountKey ?? ''
  const get = (provider: ProviderKey, key: string) => slices.get(accountOf(provider))?.connectors.get(key)
  const has = (provider: ProviderKey) => (slices.get(accountOf(provider))?.connectors.size ?? 0) > 0
  const indexes = () => accounts.flatMap(({ accountKey }) => slices.get(accountKey)?.index ?? [])
  const entries = () => indexes().flatMap((index) => index.entries)

  function groupedApplications(): Applications {
    dropOutdated()
    applications ??= groupApplications(entries())
    return applications
  }

  return {
    get,
    has,
    indexes,
    isAbsent: (provider, key) =>
      has(provider) && !incomplete.has(accountOf(provider)) && get(provider, key) === undefined,
    applicationOf: (connector) => groupedApplications().of(connector),
    application: (slug) => groupedApplications().find(slug),
    applications: () => groupedApplications().all(),
    all() {
      dropOutdated()
      sorted ??= entries()
        .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
        .map(({ connector }) => connector)
      return sorted
    },
  }
}
