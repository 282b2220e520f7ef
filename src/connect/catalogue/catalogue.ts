import { isDeepStrictEqual } from 'node:util'
import { isLoopbackHost } from '../../domain/loopback.ts'
import { parseUrl } from '../../domain/parse-url.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import { backgroundWork } from '../../http/http-types.ts'
import { createSingleFlight } from '../../http/single-flight.ts'
import type { RemoteConnector } from '../../providers/adapter.ts'
import type { ConfiguredProvider, ProviderRegistry } from '../../providers/provider-registry.ts'
import { mayContain, type SkippedRow } from '../../providers/rows.ts'
import { loadConnectors, replaceConnectors } from '../../store/connectors.ts'
import type { Database } from '../../store/database.ts'
import { findSyncStates } from '../../store/sync-state.ts'
import { catalogueChanges } from './catalogue-changes.ts'
import type { Connector } from './connector.ts'
import { type ConnectorView, createView, type Slice } from './connector-view.ts'
import { buildSearchIndex } from './search/search-index.ts'

/**
 * The connectors of all accounts, in memory: lookups are synchronous and do not query the database. Itself the view of
 * the environment's accounts.
 */
export interface Catalogue extends ConnectorView {
  /** The connectors of these accounts, at most one of each provider. */
  of(accounts: readonly ConfiguredProvider[]): ConnectorView
  /** The connector of a stored row, of the environment's account if that of the row is not configured any more. */
  connectorOf(row: StoredRow): Connector | undefined
  /** Loads from the database the slices that another or an earlier process has synced since the last load. */
  load(): Promise<void>
  /**
   * Reads the whole catalogue of an account and replaces the stored one; on an error the stored one remains. Of an
   * unreadable row the stored connector remains; if its key is unreadable too, all stored connectors that were not listed.
   * Returns how many rows were unreadable.
   *
   * @throws ProviderError `PROVIDER_INVALID_RESPONSE` if the catalogue is empty and the stored one is not.
   */
  sync(provider: ConfiguredProvider, signal: AbortSignal): Promise<number>
}

interface StoredRow {
  readonly provider: ProviderKey
  readonly accountKey: string
  readonly connectorKey: string
}

export function createCatalogue({
  db,
  providers,
  now,
}: {
  readonly db: Database
  readonly providers: ProviderRegistry
  readonly now: () => Date
}): Catalogue {
  const slices = new Map<string, Slice>()
  /** The time of the sync that each loaded slice is from, in ms since the epoch. */
  const loadedSyncs = new Map<string, number>()
  /** Accounts whose last sync skipped rows. */
  const incomplete = new Set<string>()
  let version = 0
  const views = new Map<string, ConnectorView>()
  const loading = createSingleFlight<void>()

  function of(accounts: readonly ConfiguredProvider[]): ConnectorView {
    const key = accounts.map(({ accountKey }) => accountKey).join('\n')
    const view = views.get(key) ?? createView({ slices, incomplete, version: () => version }, accounts)
    views.set(key, view)
    return view
  }

  async function replaceSlice(account: ConfiguredProvider, connectors: readonly RemoteConnector[]) {
    const { key: provider, accountKey } = account
    const next = new Map(connectors.map((connector) => [connector.key, { ...connector, provider }]))
    // Most syncs return an unchanged catalogue, and `load` also reads what this process itself has just stored.
    if (isDeepStrictEqual(next, slices.get(accountKey)?.connectors)) return
    // Accounts of one provider mostly have the same catalogue, which is then kept once.
    const equal = [...slices.values()].find(
      ({ index, connectors: known }) => index.provider === provider && isDeepStrictEqual(next, known),
    )
    slices.set(
      accountKey,
      equal ?? { connectors: next, index: await buildSearchIndex(provider, next.values()) },
    )
    version++
  }

  /** Forgets the accounts that are not configured any more. */
  function dropRemoved(): void {
    const removed = [...slices.keys()].filter((key) => providers.byAccountKey(key) === undefined)
    if (removed.length === 0) return
    for (const key of removed) {
      slices.delete(key)
      loadedSyncs.delete(key)
      incomplete.delete(key)
    }
    views.clear()
    version++
  }

  async function load(): Promise<void> {
    dropRemoved()
    const syncStates = await findSyncStates(db, 'CONNECTORS', providers.accountKeys)
    for (const account of providers.accounts) {
      const { accountKey } = account
      const state = syncStates.get(accountKey)
      const syncedAt = state?.syncedAt?.getTime()
      if (syncedAt === undefined || syncedAt === loadedSyncs.get(accountKey)) continue
      await replaceSlice(account, await loadConnectors(db, accountKey))
      recordSkipped(accountKey, state?.skipped ?? 0)
      loadedSyncs.set(accountKey, syncedAt)
    }
  }

  function recordSkipped(accountKey: string, count: number): void {
    if (count > 0) incomplete.add(accountKey)
    else incomplete.delete(accountKey)
  }

  const environment = of(providers.configured)
  return {
    ...environment,
    of,
    connectorOf: ({ provider, accountKey, connectorKey }) =>
      slices.get(accountKey)?.connectors.get(connectorKey) ?? environment.get(provider, connectorKey),
    load: () => loading.run('all', load),
    async sync(provider, signal) {
      // Another process may have stored it.
      await loading.run('all', load)
      const stored = slices.get(provider.accountKey)?.connectors
      const byKey = new Map<string, RemoteConnector>()
      const skipped: SkippedRow[] = []
      for await (const page of provider.adapter.listConnectors(backgroundWork(signal))) {
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
      const changes = stored === undefined ? null : catalogueChanges(stored, connectors)
      const { key, accountKey } = provider
      await replaceConnectors(db, { provider: key, accountKey, connectors, changes, at: now() })
      await replaceSlice(provider, connectors)
      recordSkipped(provider.accountKey, skipped.length)
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
