import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { withChildSignal } from '../http/child-signal.ts'
import type { ConfiguredProvider, ProviderRegistry } from '../providers/provider-registry.ts'
import type { Database } from '../store/database.ts'
import type { SyncKind, SyncStateRow } from '../store/schema.ts'
import { findSyncStates, recordSync } from '../store/sync-state.ts'

export type SyncFreshness = 'FRESH' | 'STALE' | 'FAILED' | 'NOT_CONFIGURED'

/** How fresh one provider's slice of a list is. */
export interface ProviderSyncStatus {
  readonly provider: ProviderKey
  readonly state: SyncFreshness
  readonly syncedAt: Date | null
  readonly error: string | null
}

export interface SyncSchedulerOptions {
  readonly kind: SyncKind
  readonly db: Database
  readonly providers: ProviderRegistry
  readonly log: Log
  readonly now: () => Date
  /** Ends the syncs under way when the gateway closes. */
  readonly signal: AbortSignal
  /** How old a slice may be; older ones are read anew. */
  maxAgeMs(provider: ConfiguredProvider): number
  /** Whether a slice that an earlier process has read is good enough for the first use in this one. */
  readonly trustStoredState: boolean
  /** Walks the provider's whole list into the store. */
  fetchAll(provider: ConfiguredProvider, signal: AbortSignal): Promise<void>
}

/** The syncs of one kind of list, one provider independent of the other, each at most once at a time. */
export interface SyncScheduler {
  /** Of the wanted providers, or all: starts what is due, waits at most `patienceMs` from when it began, and says how fresh each provider's slice then is. */
  ensureFresh(
    patienceMs: number,
    wanted?: readonly ProviderKey[] | null,
  ): Promise<readonly ProviderSyncStatus[]>
  /** Reads a provider's list now; joins a sync under way. */
  sync(provider: ConfiguredProvider): Promise<void>
  /** Makes the next reader read anew. */
  invalidate(provider: ConfiguredProvider): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

const retryAfterMs = 2_000
/** Of the patience, for a provider whose last reading failed: one that is well again answers sooner than that. */
const patienceAfterFailure = 0.1
const neverRead = 'This list has not been read completely yet.'

export function createSyncScheduler(options: SyncSchedulerOptions): SyncScheduler {
  const { db, kind, providers, now } = options
  const running = new Map<string, { readonly work: Promise<void>; readonly startedAt: number }>()
  /** Scopes that this process has tried to read. */
  const tried = new Set<string>()
  /** Scopes in which something has changed since a reading began. */
  const expired = new Set<string>()

  async function run(provider: ConfiguredProvider): Promise<void> {
    expired.delete(provider.accountKey)
    const begunAt = now()
    const walked = withChildSignal(options.signal, (signal) => options.fetchAll(provider, signal))
    const error = await walked.then(() => null, describe)
    if (options.signal.aborted) return
    tried.add(provider.accountKey)
    await recordSync(db, { accountKey: provider.accountKey, kind }, { begunAt, at: now(), error })
  }

  function describe(error: unknown): string {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`
    if (!options.signal.aborted) options.log.error({ err: error, kind }, 'a sync failed unexpectedly')
    return 'The gateway could not read this list.'
  }

  function sync(provider: ConfiguredProvider): Promise<void> {
    const underWay = running.get(provider.accountKey)
    if (underWay) return underWay.work
    const work = run(provider).finally(() => running.delete(provider.accountKey))
    running.set(provider.accountKey, { work, startedAt: performance.now() })
    return work
  }

  /** Nobody waits again for what others have waited for: a provider that hangs must not hold up every list. */
  function wait(
    provider: ConfiguredProvider,
    slice: SyncStateRow | undefined,
    patienceMs: number,
  ): Promise<void> {
    const goesOnSince = running.get(provider.accountKey)?.startedAt
    const waited = goesOnSince === undefined ? 0 : performance.now() - goesOnSince
    const hasFailed = slice?.failedAt != null && tried.has(provider.accountKey)
    const most = hasFailed ? patienceMs * patienceAfterFailure : patienceMs
    return waitAtMost(Math.max(0, most - waited), sync(provider))
  }

  function isDue(provider: ConfiguredProvider, slice: SyncStateRow | undefined): boolean {
    const { accountKey } = provider
    if (slice?.failedAt && tried.has(accountKey))
      return now().getTime() - slice.failedAt.getTime() > retryAfterMs
    return isUntried(accountKey) || expired.has(accountKey) || isOld(provider, slice)
  }

  const isUntried = (accountKey: string) => !tried.has(accountKey) && !options.trustStoredState

  const isOld = (provider: ConfiguredProvider, slice: SyncStateRow | undefined) =>
    slice?.syncedAt == null || now().getTime() - slice.syncedAt.getTime() > options.maxAgeMs(provider)

  function stateOf(provider: ConfiguredProvider, slice: SyncStateRow | undefined): ProviderSyncStatus {
    const syncedAt = slice?.syncedAt ?? null
    const error = slice?.error ?? null
    if (syncedAt === null)
      return { provider: provider.key, state: 'FAILED', syncedAt, error: error ?? neverRead }
    const isBehind = error !== null || isUntried(provider.accountKey) || isOld(provider, slice)
    return { provider: provider.key, state: isBehind ? 'STALE' : 'FRESH', syncedAt, error }
  }

  return {
    sync,
    invalidate: (provider) => void expired.add(provider.accountKey),
    idle: async () => void (await Promise.allSettled([...running.values()].map(({ work }) => work))),
    async ensureFresh(patienceMs, wanted) {
      const isWanted = ({ key }: { readonly key: ProviderKey }) => wanted?.includes(key) ?? true
      const before = await findSyncStates(db, kind, providers.accountKeys)
      const due = providers.configured
        .filter(isWanted)
        .filter((provider) => isDue(provider, before.get(provider.accountKey)))
      await Promise.all(due.map((one) => wait(one, before.get(one.accountKey), patienceMs)))
      const after = due.length > 0 ? await findSyncStates(db, kind, providers.accountKeys) : before
      return providers.all
        .filter(isWanted)
        .map((provider) =>
          provider.bound
            ? stateOf({ ...provider, ...provider.bound }, after.get(provider.bound.accountKey))
            : { provider: provider.key, state: 'NOT_CONFIGURED', syncedAt: null, error: null },
        )
    },
  }
}

/** Waits for the work, but not longer than that; the work goes on. */
export async function waitAtMost(patienceMs: number, work: Promise<unknown>): Promise<void> {
  const giveUp = new AbortController()
  const patience = sleep(patienceMs, undefined, { signal: giveUp.signal, ref: false }).catch(() => undefined)
  await Promise.race([work, patience])
  giveUp.abort()
}
