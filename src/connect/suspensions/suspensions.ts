import { suspendedError } from '../../domain/provider-error.ts'
import type { Suspension } from '../../domain/suspension.ts'
import { createSingleFlight } from '../../http/single-flight.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { Database } from '../../store/database.ts'
import { findActiveSuspensions } from '../../store/provider-suspensions.ts'

/** An account at a provider. */
export type SuspendableAccount = Pick<ConfiguredProvider, 'key' | 'accountKey'>

/** The suspended providers and accounts, as this process knows them. */
export interface Suspensions {
  /** As last read: at most a second ago if `isSuspended` was called since, else at the last announced change. */
  of(account: SuspendableAccount): Suspension | undefined
  /** As of at most a second ago, even if the announcement of a change was lost. */
  isSuspended(account: SuspendableAccount): Promise<boolean>
  /** Reads them again. */
  reload(): Promise<void>
}

const maxAgeMs = 1_000

export function createSuspensions(db: Database): Suspensions {
  let active: readonly Suspension[] = []
  let readAt = Number.NEGATIVE_INFINITY
  const reads = createSingleFlight<void>()

  async function read(): Promise<void> {
    const startedAt = performance.now()
    active = await findActiveSuspensions(db)
    readAt = startedAt
  }

  /** Always a new read, after one that is running: that one may have begun before the change. */
  async function reload(): Promise<void> {
    await reads.idle()
    await shareRead()
  }

  const shareRead = () => reads.run('active', read)

  const of = ({ key, accountKey }: SuspendableAccount) =>
    active.find((one) => one.provider === key && (one.accountKey === null || one.accountKey === accountKey))

  return {
    of,
    reload,
    async isSuspended(account) {
      if (performance.now() - readAt > maxAgeMs) await shareRead()
      return of(account) !== undefined
    },
  }
}

/** Throws ProviderError (PROVIDER_SUSPENDED): nothing is connected there. */
export async function requireNotSuspended(
  { suspensions }: { readonly suspensions: Suspensions },
  provider: ConfiguredProvider,
): Promise<void> {
  if (!(await suspensions.isSuspended(provider))) return
  throw suspendedError(provider)
}
