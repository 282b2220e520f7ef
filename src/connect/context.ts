import type { Log } from '../domain/log.ts'
import type { Health } from '../http/health.ts'
import type { ProviderRegistry } from '../providers/provider-registry.ts'
import type { Database } from '../store/database.ts'
import type { Encryption } from '../store/encryption.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { RedirectPolicy } from './create-link/redirect-uri.ts'
import type { Events } from './events.ts'
import type { SessionTokens } from './sessions/session-tokens.ts'
import type { SyncScheduler } from './sync-scheduler.ts'

/** What every use case works with; made once, in `gateway.ts`. */
export interface ConnectContext {
  readonly db: Database
  readonly encryption: Encryption
  readonly sessions: SessionTokens
  readonly providers: ProviderRegistry
  readonly catalogue: Catalogue
  readonly connectorSyncs: SyncScheduler
  readonly connectionSyncs: SyncScheduler
  readonly health: Health
  readonly log: Log
  readonly now: () => Date
  readonly publicUrl: URL
  readonly linkTtlSeconds: number
  /** How long what has ended can still be read. */
  readonly retentionDays: number
  readonly redirectPolicy: RedirectPolicy
  /** Hears of changes, whichever process makes them. */
  readonly events: Events
  /** Aborts when streams are to end, because the process does. */
  readonly shutdownSignal: AbortSignal
  /** Names this process among those that share the store. */
  readonly instanceId: string
  /** How long the links of a gateway that is not heard of any more stay its own. */
  readonly leaseMs: number
  /** Work that nobody waits for; what goes wrong with it is logged, and the end of the process waits for it. */
  background(what: string, work: Promise<unknown>): void
  /** A step that has begun at a provider: the end of the process waits for it, even when the caller does not. */
  waitUntil<Result>(work: Promise<Result>): Promise<Result>
  /** How long a reader waits for providers before it is served what is there. */
  readonly maxWaitMs: number
}
