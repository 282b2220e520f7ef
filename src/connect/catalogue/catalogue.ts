import { isDeepStrictEqual } from 'node:util'
import { ProviderError } from '../../domain/errors.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import type { RemoteConnector } from '../../providers/adapter.ts'
import type { ConfiguredProvider, ProviderRegistry } from '../../providers/provider-registry.ts'
import { loadConnectors, replaceConnectors } from '../../store/connectors.ts'
import type { Database } from '../../store/database.ts'
import { findSyncStates } from '../../store/sync-state.ts'
import { type Application, type Applications, groupApplications } from './applications.ts'
import type { Connector } from './connector.ts'
import { buildSearchIndex, type SearchIndex } from './search/search-index.ts'

/** All connectors of all configured providers, in memory: looking one up costs neither a query nor a promise. */
export interface Catalogue {
  get(provider: ProviderKey, key: string): Connector | undefined
  /** Whether the provider's slice has been read at all: an empty answer then means "no such connector". */
  has(provider: ProviderKey): boolean
  /** By name. */
  all(): readonly Connector[]
  /** What a search looks through: a part for each provider that has been read. */
  indexes(): readonly SearchIndex[]
  /** The application that a connector is an offer of, with all offers of it. */
  applicationOf(connector: Connector): Application
  application(slug: string): Application | undefined
  /** Takes over the slices that were read by an earlier process or by another one since. */
  load(): Promise<void>
  /** Reads a provider's whole catalogue and puts it in place of the old one; a failure leaves the old one. */
  sync(provider: ConfiguredProvider, signal: AbortSignal): Promise<void>
}

/** One provider's part: the connectors by key, and ready to be searched. */
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
  /** The time of the sync that each slice in memory comes from. */
  const loaded = new Map<ProviderKey, number>()
  let sorted: readonly Connector[] | undefined
  let applications: Applications | undefined
  let loading: Promise<void> | undefined

  async function put(provider: ProviderKey, connectors: readonly RemoteConnector[]): Promise<void> {
    const next = new Map(connectors.map((connector) => [connector.key, { ...connector, provider }]))
    // Most syncs find what was there before, and what this process has just read comes back from the store.
    if (isDeepStrictEqual(next, slices.get(provider)?.connectors)) return
    slices.set(provider, { connectors: next, index: await buildSearchIndex(provider, next.values()) })
    sorted = undefined
    applications = undefined
  }

  async function load(): Promise<void> {
    const found = await findSyncStates(db, 'CONNECTORS', providers.accountKeys)
    for (const { key, accountKey } of providers.configured) {
      const syncedAt = found.get(accountKey)?.syncedAt?.getTime()
      if (syncedAt === undefined || syncedAt === loaded.get(key)) continue
      await put(key, await loadConnectors(db, accountKey))
      loaded.set(key, syncedAt)
    }
  }

  const entries = () => [...slices.values()].flatMap(({ index }) => index.entries)
  function grouped(): Applications {
    applications ??= groupApplications(entries())
    return applications
  }

  return {
    get: (provider, key) => slices.get(provider)?.connectors.get(key),
    has: (provider) => (slices.get(provider)?.connectors.size ?? 0) > 0,
    indexes: () => [...slices.values()].map(({ index }) => index),
    applicationOf: (connector) => grouped().of(connector),
    application: (slug) => grouped().find(slug),
    all() {
      sorted ??= entries()
        .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
        .map(({ connector }) => connector)
      return sorted
    },
    load() {
      // Readers at the same time share one reading of the store.
      loading ??= load().finally(() => {
        loading = undefined
      })
      return loading
    },
    async sync(provider, signal) {
      const found = new Map<string, RemoteConnector>()
      for await (const page of provider.adapter.listConnectors({ signal })) {
        for (const connector of page) found.set(connector.key, connector)
      }
      const connectors = [...found.values()]
      if (connectors.length === 0 && slices.get(provider.key)?.connectors.size) {
        throw new ProviderError(
          provider.key,
          'PROVIDER_INVALID_RESPONSE',
          `${provider.name} answered an empty catalogue.`,
        )
      }
      await replaceConnectors(db, { provider: provider.key, accountKey: provider.accountKey, connectors })
      await put(provider.key, connectors)
    },
  }
}
