import type { ColumnType, Generated, Insertable, Selectable } from 'kysely'
import type { ConfigSchema, JsonValue } from '../domain/json.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type {
  ConnectionStatus,
  ConnectorAuth,
  Direction,
  ExpirySource,
  HealthCode,
  LinkPurpose,
  LinkStatus,
  TransitionSource,
} from '../domain/statuses.ts'
import type { Tag } from '../domain/tag.ts'

/** jsonb: read as a value, written as text. */
type Json<Value> = ColumnType<Value, string, string>

export interface ConnectLinksTable {
  id: string
  provider: ProviderKey
  accountKey: string
  connectorKey: string
  direction: Direction
  purpose: LinkPurpose
  status: LinkStatus
  /** SHA-256 of the token in the gateway's own URL; `null` when there is nothing to open. */
  tokenHash: string | null
  tokenEncrypted: string | null
  /** SHA-256 of the token in the address that the provider sends the browser back to. */
  returnTokenHash: string | null
  /** SHA-256 of the token in the address that the provider reports to about this link alone. */
  webhookTokenHash: string | null
  providerUrlEncrypted: string | null
  /** The application's own addresses, which may carry its secrets. */
  redirectUriEncrypted: string | null
  errorRedirectUriEncrypted: string | null
  expiresAt: Date | null
  expirySource: ExpirySource
  embeddable: boolean
  requiresProviderLogin: boolean
  instructions: string | null
  endUserId: string
  endUserName: string | null
  endUserEmail: string | null
  remoteLinkId: string | null
  remoteGroup: string | null
  remoteConnectionId: string | null
  providerState: Json<JsonValue>
  connectionId: string | null
  tags: Json<readonly Tag[]>
  createdAt: Date
  /** When its end user was last seen on the way through it. */
  openedAt: Date | null
  /** When it came to its present status. */
  statusChangedAt: Date
  /** Of a revoked link; `null`: nobody knows yet whether the provider took it back. */
  revokedAtProvider: boolean | null
  /** Until when the provider's own link may still make a connection, although ours has ended. */
  watchUntil: Date | null
  /** When the provider was last asked about it. */
  checkedAt: Date | null
  /** When it is to be asked next; `null`: never again. */
  nextCheckAt: Date | null
  /** Somebody is asking the provider about it now. */
  checkLockExpiresAt: Date | null
  /** The gateway that looks after it, for as long as that is alive. */
  leasedBy: string | null
}

export interface LinkTransitionsTable {
  linkId: string
  number: number
  fromStatus: LinkStatus | null
  toStatus: LinkStatus
  at: Date
  source: TransitionSource
  reason: string | null
}

export interface ConnectionsTable {
  id: string
  provider: ProviderKey
  accountKey: string
  remoteId: string
  direction: Direction
  connectorKey: string
  name: string | null
  status: ConnectionStatus
  healthCode: HealthCode
  healthMessage: string | null
  healthSince: Date | null
  remoteGroup: string | null
  endUserId: string | null
  endUserName: string | null
  endUserEmail: string | null
  tags: Json<readonly Tag[]>
  /** Whose account it is at the application, where the provider says it. */
  externalAccountId: string | null
  externalAccountName: string | null
  externalAccountEmail: string | null
  /** `false` while it is only the half-made counterpart of an open link. */
  visible: boolean
  /** Made through a link that had been withdrawn, at a provider where it cannot be removed. */
  orphaned: Generated<boolean>
  /** First missing from a whole walk of the provider's list; missing again, it is disconnected. */
  missingSince: Date | null
  createdAt: Date
  updatedAt: Date
  /** When it was last written as the provider showed it; a list that shows it unchanged later does not touch it. */
  lastCheckedAt: Date | null
}

/** Listed connections by tag, with all else that a list is filtered by; the store keeps them itself. */
export interface ConnectionTagsTable {
  /** Of the connection. */
  id: string
  key: string
  value: string
  endUserId: string | null
  connectorKey: string
  accountKey: string
  status: ConnectionStatus
  createdAt: Date
}

/** The same of links. */
export interface ConnectLinkTagsTable {
  id: string
  key: string
  value: string
  endUserId: string
  provider: ProviderKey
  status: LinkStatus
  createdAt: Date
}

export interface ConnectorsTable {
  accountKey: string
  key: string
  provider: ProviderKey
  name: string
  description: string | null
  logoUrl: string | null
  docsUrl: string | null
  categories: Json<readonly string[]>
  directions: Json<readonly Direction[]>
  auth: ConnectorAuth
  linkable: boolean
  configSchema: ColumnType<ConfigSchema | null, string | null, string | null>
}

/** What a provider says of a connector when it is asked about that one alone. */
export interface ConfigSchemasTable {
  accountKey: string
  key: string
  /** `null`: it says no more than its catalogue. */
  configSchema: ColumnType<ConfigSchema | null, string | null, string | null>
  readAt: Date
}

export type SyncKind = 'CONNECTORS' | 'CONNECTIONS'

/** How fresh one provider's part of a list is. */
export interface SyncStateTable {
  accountKey: string
  kind: SyncKind
  /** When the last complete reading began and ended. */
  startedAt: Date | null
  syncedAt: Date | null
  failedAt: Date | null
  error: string | null
}

/** What a caller asked for once, so that asking again makes nothing twice. */
export interface IdempotencyKeysTable {
  operation: string
  key: string
  /** HMAC of the input: inputs hold secrets. */
  fingerprint: string
  /** Of the link that is to be made: every attempt uses the same, so that what one made at a provider is found by the next. */
  linkId: string
  reservedAt: Date
  /** The attempt under way; `null`: there is none. */
  lockedBy: string | null
  lockedUntil: Date | null
  /** The offer that a call without a provider was tried with last; `null`: with none yet, or the caller named one. */
  attemptedProvider: ProviderKey | null
  attemptedConnector: string | null
  /** Another attempt has followed the first one, which must go no further then. */
  takenOver: Generated<boolean>
  /** `null` until the link is recorded. */
  response: ColumnType<JsonValue, string | null, string | null>
  expiresAt: Date
}

/** What a provider posted to us, kept until it has had its effect and against repetitions. */
export interface WebhookDeliveriesTable {
  id: string
  accountKey: string
  /** Of the address and the body: the same delivery is stored once. */
  digest: string
  /** The link it was addressed to; `null`: it came to the provider's own address. */
  linkId: string | null
  eventEncrypted: string
  receivedAt: Date
  /** `null`: done. */
  nextAttemptAt: Date | null
  attempts: Generated<number>
}

/** The processes that share the store. */
export interface InstancesTable {
  id: string
  leaseExpiresAt: Date
}

export interface Schema {
  instances: InstancesTable
  connectLinks: ConnectLinksTable
  linkTransitions: LinkTransitionsTable
  connectLinkTags: ConnectLinkTagsTable
  connections: ConnectionsTable
  connectionTags: ConnectionTagsTable
  connectors: ConnectorsTable
  configSchemas: ConfigSchemasTable
  syncState: SyncStateTable
  idempotencyKeys: IdempotencyKeysTable
  webhookDeliveries: WebhookDeliveriesTable
}

export type ConnectLinkRow = Selectable<ConnectLinksTable>
export type LinkTransitionRow = Selectable<LinkTransitionsTable>
export type ConnectionRow = Selectable<ConnectionsTable>
export type NewConnection = Insertable<ConnectionsTable>
export type ConnectorRow = Selectable<ConnectorsTable>
export type ConfigSchemaRow = Selectable<ConfigSchemasTable>
export type IdempotencyKeyRow = Selectable<IdempotencyKeysTable>
export type SyncStateRow = Selectable<SyncStateTable>
export type WebhookDeliveryRow = Selectable<WebhookDeliveriesTable>
