import type { Log } from '../domain/log.ts'
import type { Metrics } from '../domain/metrics.ts'
import type { LinkGuard } from '../domain/statuses.ts'
import type { Tracing } from '../domain/tracing.ts'
import type { Health } from '../http/health.ts'
import type { ProviderClocks } from '../http/provider-clocks.ts'
import type { SingleFlight } from '../http/single-flight.ts'
import type { OwnAccounts } from '../providers/own-accounts.ts'
import type { ProviderRegistry } from '../providers/provider-registry.ts'
import type { Database } from '../store/database.ts'
import type { Encryption } from '../store/encryption.ts'
import type { ApiKeyCache } from './api-keys/key-cache.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { ConfigSchemaFetches } from './catalogue/config-schema-fetches.ts'
import type { RedirectPolicy } from './create-link/redirect-uri.ts'
import type { Events } from './events.ts'
import type { WebhookPolicy } from './outgoing-webhooks/endpoint-url.ts'
import type { SessionTokens } from './sessions/session-tokens.ts'
import type { Suspensions } from './suspensions/suspensions.ts'
import type { ConnectionList, SyncScheduler } from './sync-scheduler.ts'
import type { RateLimiter } from './util/rate-limiter.ts'
import type { StreamLimit } from './util/stream-limit.ts'

/** Dependencies of all use cases; created once, in `app/create-context.ts`. */
export interface ConnectContext {
  readonly db: Database
  readonly encryption: Encryption
  readonly sessions: SessionTokens
  readonly apiKeys: ApiKeyCache
  readonly providers: ProviderRegistry
  readonly ownAccounts: OwnAccounts
  /** Reads the accounts of organizations again. Done on every gateway after a change. */
  reloadAccounts(): Promise<void>
  /** Providers and accounts at which nothing is connected for the time of an incident. */
  readonly suspensions: Suspensions
  readonly catalogue: Catalogue
  readonly connectorSyncs: SyncScheduler
  readonly connectionSyncs: SyncScheduler<ConnectionList>
  readonly configSchemaFetches: ConfigSchemaFetches
  /** Reads of single connections at their providers, by connection ID. */
  readonly connectionReads: SingleFlight<void>
  readonly health: Health
  readonly clocks: ProviderClocks
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly now: () => Date
  readonly publicUrl: URL
  readonly linkTtlSeconds: number
  /** Over all providers; those that have expired do not count. */
  readonly maxOpenLinksPerEndUser: number
  /** How long ended links and disconnected connections are kept. */
  readonly retentionDays: number
  /** How long events of the audit log are kept. */
  readonly auditRetentionDays: number
  readonly redirectPolicy: RedirectPolicy
  /** Which addresses webhooks may be sent to. */
  readonly webhookPolicy: WebhookPolicy
  /** The guard of links whose input has none. */
  readonly defaultGuard: LinkGuard
  /** Changes made by any process that shares the store. */
  readonly events: Events
  readonly streamLimit: StreamLimit
  readonly rateLimiter: RateLimiter
  /** Shutdown signal: aborts when streams have to end because the process stops. */
  readonly shutdownSignal: AbortSignal
  /** Identifies this process among those that share the store. */
  readonly instanceId: string
  /** How long links stay leased to a process after its last heartbeat. */
  readonly leaseMs: number
  /** Runs work that is not awaited. Errors are logged as failures of `what`; shutdown waits for it. */
  background(what: string, work: Promise<unknown>): void
  /** Returns `work`; shutdown waits for it even if the caller does not, because it has started at a provider. */
  waitUntil<Result>(work: Promise<Result>): Promise<Result>
  /** How long a read waits for providers before it returns what is stored. */
  readonly maxWaitMs: number
}
