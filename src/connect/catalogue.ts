import { ProviderError } from '../errors.ts'
import type { ProviderKey } from '../provider-key.ts'
import type { RemoteConnector } from '../providers/provider.ts'
import type { ConfiguredProvider, ProviderSet } from '../providers/provider-set.ts'
import { loadConnectors, replaceConnectors } from '../store/connectors.ts'
import type { Database } from '../store/database.ts'
import { findSlices } from '../store/slices.ts'

/** A connector with the provider that offers it. */
export interface Connector extends RemoteConnector {
  readonly provider: ProviderKey
}

/** All connectors of all configured providers, in memory: looking one up costs neither a query nor a promise. */
export interface Catalogue {
  get(provider: ProviderKey, key: string): Connector | undefined
  /** Whether the provider's slice has been read at all: an empty answer then means "no such connector". */
  has(provider: ProviderKey): boolean
  /** By name. */
  all(): readonly Connector[]
  /** Takes over the slices that were read by an earlier process or by another one since. */
  load(): Promise<void>
  /** Reads a provider's whole catalogue and puts it in place of the old one; a failure leaves the old one. */
  sync(provider: ConfiguredProvider, signal: AbortSignal): Promise<void>
}

export function createCatalogue({
  db,
  providers,
}: {
  readonly db: Database
  readonly providers: ProviderSet
}): Catalogue {
  const slices = new Map<ProviderKey, ReadonlyMap<string, Connector>>()
  /** The time of the sync that each slice in memory comes from. */
  const loaded = new Map<ProviderKey, number>()
  let sorted: readonly Connector[] | undefined

  function put(provider: ProviderKey, connectors: readonly RemoteConnector[]): void {
    slices.set(provider, new Map(connectors.map((connector) => [connector.key, { ...connector, provider }])))
    sorted = undefined
  }

  return {
    get: (provider, key) => slices.get(provider)?.get(key),
    has: (provider) => (slices.get(provider)?.size ?? 0) > 0,
    all() {
      sorted ??= [...slices.values()].flatMap((slice) => [...slice.values()]).sort(byName)
      return sorted
    },
    async load() {
      const found = await findSlices(db, 'CONNECTORS', providers.scopes)
      for (const { key, scope } of providers.configured) {
        const syncedAt = found.get(scope)?.synced_at?.getTime()
        if (syncedAt === undefined || syncedAt === loaded.get(key)) continue
        put(key, await loadConnectors(db, scope))
        loaded.set(key, syncedAt)
      }
    },
    async sync(provider, signal) {
      const found = new Map<string, RemoteConnector>()
      for await (const page of provider.adapter.listConnectors({ signal })) {
        for (const connector of page) found.set(connector.key, connector)
      }
      const connectors = [...found.values()]
      if (connectors.length === 0 && slices.get(provider.key)?.size) {
        throw new ProviderError(
          provider.key,
          'PROVIDER_CONTRACT',
          `${provider.name} answered an empty catalogue.`,
        )
      }
      await replaceConnectors(db, { provider: provider.key, scope: provider.scope, connectors })
      put(provider.key, connectors)
    },
  }
}

/** One order for everybody, whatever the server's locale: by lower-case name, then provider and key. */
export const sortKey = ({ name, provider, key }: Connector): string =>
  `${name.toLowerCase()}\u0000${provider}\u0000${key}`

const byName = (a: Connector, b: Connector) => (sortKey(a) < sortKey(b) ? -1 : 1)
