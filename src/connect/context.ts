import type { Health } from '../http/health.ts'
import type { Log } from '../log.ts'
import type { ProviderKey } from '../provider-key.ts'
import type { EndUser } from '../providers/provider.ts'
import type { ProviderSet } from '../providers/provider-set.ts'
import type { Database } from '../store/database.ts'
import type { Secrets } from '../store/secrets.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { Events } from './events.ts'
import type { RedirectPolicy } from './new-links/redirect-target.ts'
import type { Sessions } from './sessions/sessions.ts'
import type { Syncs } from './syncs.ts'

/** Who is calling. */
export interface Viewer {
  readonly kind: 'API_KEY' | 'END_USER'
  readonly name: string | null
  readonly scopes: readonly string[]
  /** Set for END_USER. */
  readonly endUser: EndUser | null
  /** What a session may make links for; `null`: everything. */
  readonly limits: SessionLimits | null
  /** When a session ends; `null` for API keys. */
  readonly expiresAt: Date | null
}

/** Each `null`: all of them. */
export interface SessionLimits {
  /** Keys of connectors, of whichever provider. */
  readonly connectors: readonly string[] | null
  readonly providers: readonly ProviderKey[] | null
}

/** What every use case works with; made once, in `gateway.ts`. */
export interface ConnectContext {
  readonly db: Database
  readonly secrets: Secrets
  readonly sessions: Sessions
  readonly providers: ProviderSet
  readonly catalogue: Catalogue
  readonly connectorSyncs: Syncs
  readonly connectionSyncs: Syncs
  readonly health: Health
  readonly log: Log
  readonly now: () => Date
  readonly publicUrl: URL
  readonly linkTtlSeconds: number
  /** How long what has ended can still be read. */
  readonly retentionDays: number
  readonly redirects: RedirectPolicy
  /** Hears of changes, whichever process makes them. */
  readonly events: Events
  /** Aborts when streams are to end, because the process does. */
  readonly closing: AbortSignal
  /** Names this process among those that share the store. */
  readonly gatewayId: string
  /** How long the links of a gateway that is not heard of any more stay its own. */
  readonly leaseMs: number
  /** Work that nobody waits for; what goes wrong with it is logged, and the end of the process waits for it. */
  inBackground(what: string, work: Promise<unknown>): void
  /** A step that has begun at a provider: the end of the process waits for it, even when the caller does not. */
  finishing<Result>(work: Promise<Result>): Promise<Result>
  /** How long a reader waits for providers before it is served what is there. */
  readonly patienceMs: number
}
