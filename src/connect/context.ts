import type { Health } from '../http/health.ts'
import type { Log } from '../log.ts'
import type { EndUser } from '../providers/provider.ts'
import type { ProviderSet } from '../providers/provider-set.ts'
import type { Database } from '../store/database.ts'
import type { Secrets } from '../store/secrets.ts'
import type { Catalogue } from './catalogue.ts'
import type { RedirectPolicy } from './redirect-target.ts'
import type { Syncs } from './syncs.ts'

/** Who is calling. */
export interface Viewer {
  readonly kind: 'API_KEY' | 'END_USER'
  readonly name: string | null
  readonly scopes: readonly string[]
  /** Set for END_USER. */
  readonly endUser: EndUser | null
}

/** What every use case works with; made once, in `gateway.ts`. */
export interface ConnectContext {
  readonly db: Database
  readonly secrets: Secrets
  readonly providers: ProviderSet
  readonly catalogue: Catalogue
  readonly connectorSyncs: Syncs
  readonly connectionSyncs: Syncs
  readonly health: Health
  readonly log: Log
  readonly now: () => Date
  readonly publicUrl: URL
  readonly linkTtlSeconds: number
  readonly redirects: RedirectPolicy
  /** Links that this process is settling now. */
  readonly linksInHand: Set<string>
  /** How long a reader waits for providers before it is served what is there. */
  readonly patienceMs: number
}
