import { GatewayError, ServiceUnavailableError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Tracing } from '../domain/tracing.ts'
import { withChildSignal } from '../http/child-signal.ts'
import { createSingleFlight } from '../http/single-flight.ts'
import type { ConfiguredProvider, ProviderRegistry } from '../providers/provider-registry.ts'
import type { Database } from '../store/database.ts'
import type { ListedRow } from '../store/mark-missing.ts'
import type { SyncKind, SyncStateRow } from '../store/schema.ts'
import { createSyncStates } from './sync-states.ts'
import { waitAtMost } from './util/wait-at-most.ts'

export type SyncFreshness = 'FRESH' | 'STALE' | 'FAILED' | 'NOT_CONFIGURED'

/** Freshness of one provider's slice of a list, which is from one account. */
export interface ProviderSyncStatus {
  readonly provider: ProviderKey
  readonly state: SyncFreshness
  readonly syncedAt: Date | null
  readonly error: string | null
  /** Unreadable rows in the last complete sync. */
  readonly skipped: number
}

/** What a sync has read. */
export interface SyncResult {
  /** Unreadable rows. */
  readonly skipped: number
}

/** The list of connections of an account. */
export interface ConnectionList extends SyncResult {
  /** Pages that were read. */
  readonly pages: number
  /** Whether the list contains the connection, or may contain it in an unreadable row. */
  mayContain(row: ListedRow): boolean
}

/** A sync that has read the whole list. */
export type CompleteSync<Result extends SyncResult = SyncResult> = Result & {
  /** Before its first call. */
  readonly startedAt: Date
}

export interface SyncSchedulerOptions<Result extends SyncResult> {
  readonly kind: SyncKind
  readonly db: Database
  readonly providers: ProviderRegistry
  readonly log: Log
  readonly tracing: Tracing
  readonly now: () => Date
  /** Shutdown signal: aborts the running syncs. */
  readonly signal: AbortSignal
  /** Runs work that no caller awaits. */
  background(what: string, work: Promise<unknown>): void
  /** Whether calls to the account would be refused, because its circuit breaker is open: its syncs then wait. */
  readonly isRefused?: (accountKey: string) => boolean
  /** How old a slice may be before it is synced again. */
  maxAgeMs(provider: ConfiguredProvider): number
  /** Whether a slice that another process has synced counts as fresh before this process has synced it once. */
  readonly trustStoredState: boolean
  /** Reads the provider's whole list into the store. */
  fetchAll(provider: ConfiguredProvider, signal: AbortSignal): Promise<Result>
}

/** Syncs lists of one kind. Accounts are independent of each other; of each, at most one sync runs at a time. */
export interface SyncScheduler<Result extends SyncResult = SyncResult> {
  /**
   * Starts the syncs of the accounts that are due, and returns the status of each slice. Waits only for slices that were
   * never read completely, by any process: for each at most `maxWaitMs` from the start of its first sync. Default: all
   * accounts of the environment.
   */
  ensureSynced(maxWaitMs: number, scope?: SyncScope): Promise<readonly ProviderSyncStatus[]>
  /**
   * The same, but waits for all accounts that are due: for each at most `maxWaitMs` from the start of its sync. Slower
   * syncs go on.
   */
  ensureFresh(maxWaitMs: number, scope?: SyncScope): Promise<readonly ProviderSyncStatus[]>
  /** Starts the syncs of all accounts that are due, without waiting for them. */
  startDue(): Promise<void>
  /** Syncs a provider's list now; joins a running sync. Resolves when it ends: with `undefined` if it failed. */
  sync(provider: ConfiguredProvider): Promise<CompleteSync<Result> | undefined>
  /** Makes the slice due, and STALE until a sync that starts later has ended. */
  invalidate(provider: ConfiguredProvider): void
  /** Resolves when the running syncs have ended. */
  idle(): Promise<void>
}

export interface SyncScope {
  /** Default: all. */
  readonly providerKeys?: readonly ProviderKey[] | null | undefined
  /** At most one of each provider. Default: those of the environment. */
  readonly accounts?: readonly ConfiguredProvider[]
}

/** The list was not read, because the circuit breaker is open: that is no failed sync. */
const isUnsent = (error: unknown) => error instanceof ProviderError && error.notSent

const retryAfterMs = 2_000
/**
 * Part of the wait budget for a provider whose last sync failed: a provider that works again answers faster than that.
 */
const waitShareAfterFailure = 0.1
const neverSynced = 'This list has not been read completely yet.'

export function createSyncScheduler<Result extends SyncResult>(
  options: SyncSchedulerOptions<Result>,
): SyncScheduler<Result> {
  const { db, kind, providers, now } = options
  const states = createSyncStates(db, kind)
  const running = createSingleFlight<CompleteSync<Result> | undefined>()
  /** Account keys that this process has tried to sync. */
  const tried = new Set<string>()
  /** Account keys that were invalidated since their last sync started. */
  const invalidated = new Set<string>()
  /** Account keys whose running sync was started for an invalidation. */
  const renewing = new Set<string>()

  function run(provider: ConfiguredProvider): Promise<CompleteSync<Result> | undefined> {
    const { accountKey } = provider
    if (invalidated.delete(accountKey)) renewing.add(accountKey)
    return fetchAndRecord(provider).finally(() => renewing.delete(accountKey))
  }

  async function fetchAndRecord(provider: ConfiguredProvider): Promise<CompleteSync<Result> | undefined> {
    const startedAt = now()
    const work = withChildSignal(options.signal, (signal) =>
      traced(provider, () => options.fetchAll(provider, signal)),
    )
    const outcome = await work.then(
      (result) => ({ result, error: null }),
      (error: unknown) =>
        // While the store cannot be used, nothing is known of the provider, and nothing can be recorded.
        isUnsent(error) || error instanceof ServiceUnavailableError
          ? null
          : { result: undefined, error: describe(error) },
    )
    if (options.signal.aborted || outcome === null) return undefined
    const { result, error } = outcome
    tried.add(provider.accountKey)
    await states.record(provider.accountKey, { startedAt, at: now(), skipped: result?.skipped ?? 0, error })
    return result && { ...result, startedAt }
  }

  /** Several requests can wait for a sync: it belongs to none of them. */
  function traced(provider: ConfiguredProvider, work: () => Promise<Result>): Promise<Result> {
    const list = kind.toLowerCase()
    const attributes = { 'connect.provider': provider.key, 'connect.list': list }
    return options.tracing.run(`sync ${list}`, { isRoot: true, attributes }, work)
  }

  function describe(error: unknown): string {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`
    if (!options.signal.aborted) options.log.error({ err: error, kind }, 'a sync failed unexpectedly')
    return 'The gateway could not read this list.'
  }

  const statesOf = (accounts: readonly ConfiguredProvider[]) =>
    states.read(accounts.map(({ accountKey }) => accountKey))

  const sync = (provider: ConfiguredProvider) => running.run(provider.accountKey, () => run(provider))

  /** Without waiting. Rejects only if the outcome cannot be recorded. */
  const start = (provider: ConfiguredProvider) => options.background('record a sync', sync(provider))

  /**
   * The wait budget counts from the start of the running sync, not from this caller: a provider that hangs must not
   * delay every list.
   */
  function wait(
    provider: ConfiguredProvider,
    slice: SyncStateRow | undefined,
    maxWaitMs: number,
  ): Promise<void> {
    const budgetMs = hasFailed(slice) ? maxWaitMs * waitShareAfterFailure : maxWaitMs
    return waitAtMost(Math.max(0, budgetMs - running.ageMs(provider.accountKey)), sync(provider))
  }

  /** In this process: an earlier one may have had another address or other credentials of the provider. */
  const hasFailed = (slice: SyncStateRow | undefined): slice is SyncStateRow & { readonly failedAt: Date } =>
    slice?.failedAt != null && tried.has(slice.accountKey)

  function isDue(provider: ConfiguredProvider, slice: SyncStateRow | undefined): boolean {
    const { accountKey } = provider
    if (options.isRefused?.(accountKey)) return false
    if (hasFailed(slice)) return now().getTime() - slice.failedAt.getTime() > retryAfterMs
    return isUntried(accountKey) || invalidated.has(accountKey) || isOld(provider, slice)
  }

  const isUntried = (accountKey: string) => !tried.has(accountKey) && !options.trustStoredState

  const isOld = (provider: ConfiguredProvider, slice: SyncStateRow | undefined) =>
    slice?.syncedAt == null || now().getTime() - slice.syncedAt.getTime() > options.maxAgeMs(provider)

  function stateOf(provider: ConfiguredProvider, slice: SyncStateRow | undefined): ProviderSyncStatus {
    const syncedAt = slice?.syncedAt ?? null
    const error = slice?.error ?? null
    const skipped = slice?.skipped ?? 0
    if (syncedAt === null)
      return { provider: provider.key, state: 'FAILED', syncedAt, error: error ?? neverSynced, skipped }
    const isInvalid = invalidated.has(provider.accountKey) || renewing.has(provider.accountKey)
    const isBehind = error !== null || isInvalid || isUntried(provider.accountKey) || isOld(provider, slice)
    return { provider: provider.key, state: isBehind ? 'STALE' : 'FRESH', syncedAt, error, skipped }
  }

  async function ensure(
    maxWaitMs: number,
    isAwaited: (slice: SyncStateRow | undefined) => boolean,
    { providerKeys, accounts = providers.configured }: SyncScope = {},
  ): Promise<readonly ProviderSyncStatus[]> {
    const isSelected = ({ key }: { readonly key: ProviderKey }) => providerKeys?.includes(key) ?? true
    const before = await statesOf(accounts)
    const sliceOf = ({ accountKey }: ConfiguredProvider) => before.get(accountKey)
    const due = accounts.filter((account) => isSelected(account) && isDue(account, sliceOf(account)))
    const awaited = due.filter((account) => isAwaited(sliceOf(account)))
    for (const account of due) start(account)
    await Promise.all(awaited.map((account) => wait(account, sliceOf(account), maxWaitMs)))
    const after = awaited.length > 0 ? await statesOf(accounts) : before
    return providers.all.filter(isSelected).map(({ key }) => {
      const account = accounts.find((one) => one.key === key)
      return account
        ? stateOf(account, after.get(account.accountKey))
        : { provider: key, state: 'NOT_CONFIGURED', syncedAt: null, error: null, skipped: 0 }
    })
  }

  return {
    sync,
    invalidate: (provider) => void invalidated.add(provider.accountKey),
    idle: running.idle,
    async startDue() {
      const slices = await statesOf(providers.accounts)
      const due = providers.accounts.filter((account) => isDue(account, slices.get(account.accountKey)))
      for (const account of due) start(account)
    },
    ensureFresh: (maxWaitMs, scope) => ensure(maxWaitMs, () => true, scope),
    ensureSynced: (maxWaitMs, scope) => ensure(maxWaitMs, (slice) => slice?.syncedAt == null, scope),
  }
}
