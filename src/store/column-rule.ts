import { type RawBuilder, sql } from 'kysely'
import type { EndUser, Organization } from '../domain/end-user.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { ConnectionOwner, OwnerEvidence } from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'
import type { RemoteConnection } from '../providers/adapter.ts'

/** The account that connections were read from, and the time of the read. */
export interface ReadOrigin {
  readonly provider: ProviderKey
  readonly accountKey: string
  readonly now: Date
  /**
   * Why connections that name an end user belong to it, also those that are stored without one. Default: the provider
   * names the end user, which counts when the connection is first stored only.
   */
  readonly ownerEvidence?: OwnerEvidence
  /** The organization of the end users that connections name, as no provider names one. Default: none. */
  readonly organization?: Organization | null
}

/** What the gateway knows about a connection in addition to what its provider returns. */
export interface Ownership {
  readonly endUser: EndUser
  readonly ownedBy: ConnectionOwner
  readonly evidence: OwnerEvidence
  readonly tags: readonly Tag[]
  readonly visible: boolean
}

/** What one row is written from. */
export interface Read {
  readonly connection: RemoteConnection
  readonly origin: ReadOrigin
  readonly owner: Ownership | undefined
}

/**
 * How one column is written by an upsert. In SQL, `connections` is the stored row and `excluded` the one that was read.
 */
export interface ColumnRule<Value> {
  readonly insert: (read: Read) => Value
  /** The new value when the provider returns a known connection again; absent: the stored value is kept. */
  readonly update?: RawBuilder<Value>
  /** The new value when there is evidence for the end user; absent: as `update`. */
  readonly updateClaim?: RawBuilder<Value>
  /** The new value when the ownership is written too; absent: as `update`. */
  readonly updateOwner?: RawBuilder<Value>
  /** API clients see the column: a changed value updates `updatedAt` and notifies subscribers. */
  readonly isReported?: true
}

export const excluded = <Value>(column: string) => sql<Value>`${sql.ref(`excluded.${column}`)}`
