import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { withOwnSignal } from '../http/child-signal.ts'
import type { ConfiguredProvider, ProviderSet } from '../providers/provider-registry.ts'
import type { Database } from '../store/database.ts'
import type { SliceKind, SliceRow } from '../store/schema.ts'
import { findSlices, noteSync } from '../store/sync-state.ts'

export type SourceFreshness = 'FRESH' | 'STALE' | 'FAILED' | 'NOT_CONFIGURED'

/** How fresh one provider's slice of a list is. */
export interface SourceState {
  readonly provider: ProviderKey
  readonly state: SourceFreshness
  readonly syncedAt: Date | null
  readonly error: string | null
}

export interface SyncsOptions {
  readonly kind: SliceKind
  readonly db: Database
  readonly providers: ProviderSet
  readonly log: Log
  readonly now: () => Date
  /** Ends the syncs under way when the gateway closes. */
  readonly signal: AbortSignal
  /** How old a slice may be; older ones are read anew. */
  freshForMs(provider: ConfiguredProvider): number
  /** Whether a slice that an earlier process has read is good enough for the first use in this one. */
  readonly trustEarlierProcess: boolean
  /** Walks the provider's whole list into the store. */
  walk(provider: ConfiguredProvider, signal: AbortSignal): Promise<void>
}

/** The syncs of one kind of list, one provider independent of the other, each at most once at a time. */
export interface Syncs {
  /** Of the wanted providers, or all: starts what is due, waits at most `patienceMs` from when it began, and says how fresh each provider's slice then is. */
  freshen(patienceMs: number, wanted?: readonly ProviderKey[] | null): Promise<readonly SourceState[]>
  /** Reads a provider's list now; joins a sync under way. */
  sync(provider: ConfiguredProvider): Promise<void>
  /** Makes the next reader read anew. */
  expire(provider: ConfiguredProvider): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

const retryAfterMs = 2_000
/** Of the patience, for a provider whose last reading failed: one that is well again answers sooner than that. */
const patienceAfterFailure = 0.1
const neverRead = 'This list has not been read completely yet.'

export function createSyncs(options: SyncsOptions): Syncs {
  const { db, kind, providers, now } = options
  const running = new Map<string, { readonly work: Promise<void>; readonly startedAt: number }>()
  /** Scopes that this process has tried to read. */
  const tried = new Set<string>()
  /** Scopes in which something has changed since a reading began. */
  const expired = new Set<string>()

  async function run(provider: ConfiguredProvider): Promise<void> {
    expired.delete(provider.scope)
    const begunAt = now()
    const walked = withOwnSignal(options.signal, (signal) => options.walk(provider, signal))
    const error = await walked.then(() => null, describe)
    if (options.signal.aborted) return
    tried.add(provider.scope)
    await noteSync(db, { scope: provider.scope, kind }, { begunAt, at: now(), error })
  }

  function describe(error: unknown): string {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`
    if (!options.signal.aborted) options.log.error({ err: error, kind }, 'a sync failed unexpectedly')
    return 'The gateway could not read this list.'
  }

  function sync(provider: ConfiguredProvider): Promise<void> {
    const underWay = running.get(provider.scope)
    if (underWay) return underWay.work
    const work = run(provider).finally(() => running.delete(provider.scope))
    running.set(provider.scope, { work, startedAt: performance.now() })
    return work
  }

  /** Nobody waits again for what others have waited for: a provider that hangs must not hold up every list. */
  function wait(
    provider: ConfiguredProvider,
    slice: SliceRow | undefined,
    patienceMs: number,
  ): Promise<void> {
    const goesOnSince = running.get(provider.scope)?.startedAt
    const waited = goesOnSince === undefined ? 0 : performance.now() - goesOnSince
    const hasFailed = slice?.failed_at != null && tried.has(provider.scope)
    const most = hasFailed ? patienceMs * patienceAfterFailure : patienceMs
    return atMost(Math.max(0, most - waited), sync(provider))
  }

  function isDue(provider: ConfiguredProvider, slice: SliceRow | undefined): boolean {
    const { scope } = provider
    if (slice?.failed_at && tried.has(scope))
      return now().getTime() - slice.failed_at.getTime() > retryAfterMs
    return isUntried(scope) || expired.has(scope) || isOld(provider, slice)
  }

  const isUntried = (scope: string) => !tried.has(scope) && !options.trustEarlierProcess

  const isOld = (provider: ConfiguredProvider, slice: SliceRow | undefined) =>
    slice?.synced_at == null || now().getTime() - slice.synced_at.getTime() > options.freshForMs(provider)

  function stateOf(provider: ConfiguredProvider, slice: SliceRow | undefined): SourceState {
    const syncedAt = slice?.synced_at ?? null
    const error = slice?.error ?? null
    if (syncedAt === null)
      return { provider: provider.key, state: 'FAILED', syncedAt, error: error ?? neverRead }
    const isBehind = error !== null || isUntried(provider.scope) || isOld(provider, slice)
    return { provider: provider.key, state: isBehind ? 'STALE' : 'FRESH', syncedAt, error }
  }

  return {
    sync,
    expire: (provider) => void expired.add(provider.scope),
    idle: async () => void (await Promise.allSettled([...running.values()].map(({ work }) => work))),
    async freshen(patienceMs, wanted) {
      const isWanted = ({ key }: { readonly key: ProviderKey }) => wanted?.includes(key) ?? true
      const before = await findSlices(db, kind, providers.scopes)
      const due = providers.configured
        .filter(isWanted)
        .filter((provider) => isDue(provider, before.get(provider.scope)))
      await Promise.all(due.map((one) => wait(one, before.get(one.scope), patienceMs)))
      const after = due.length > 0 ? await findSlices(db, kind, providers.scopes) : before
      return providers.all
        .filter(isWanted)
        .map((provider) =>
          provider.bound
            ? stateOf({ ...provider, ...provider.bound }, after.get(provider.bound.scope))
            : { provider: provider.key, state: 'NOT_CONFIGURED', syncedAt: null, error: null },
        )
    },
  }
}

/** Waits for the work, but not longer than that; the work goes on. */
export async function atMost(patienceMs: number, work: Promise<unknown>): Promise<void> {
  const giveUp = new AbortController()
  const patience = sleep(patienceMs, undefined, { signal: giveUp.signal, ref: false }).catch(() => undefined)
  await Promise.race([work, patience])
  giveUp.abort()
}
