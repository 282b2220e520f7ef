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
  scope: string
  connector_key: string
  direction: Direction
  purpose: LinkPurpose
  status: LinkStatus
  /** SHA-256 of the token in the gateway's own URL; `null` when there is nothing to open. */
  token_hash: string | null
  token_sealed: string | null
  /** SHA-256 of the token in the address that the provider sends the browser back to. */
  return_token_hash: string | null
  /** SHA-256 of the token in the address that the provider reports to about this link alone. */
  webhook_token_hash: string | null
  provider_url_sealed: string | null
  /** The application's own addresses, which may carry its secrets. */
  redirect_sealed: string | null
  error_redirect_sealed: string | null
  expires_at: Date | null
  expiry_source: ExpirySource
  embeddable: boolean
  requires_provider_login: boolean
  instructions: string | null
  end_user_id: string
  end_user_name: string | null
  end_user_email: string | null
  remote_link_id: string | null
  remote_group: string | null
  remote_connection_id: string | null
  memo: Json<JsonValue>
  connection_id: string | null
  tags: Json<readonly Tag[]>
  created_at: Date
  /** When its end user was last seen on the way through it. */
  opened_at: Date | null
  /** When it came to its present status. */
  moved_at: Date
  /** Of a revoked link; `null`: nobody knows yet whether the provider took it back. */
  revoked_at_provider: boolean | null
  /** Until when the provider's own link may still make a connection, although ours has ended. */
  watch_until: Date | null
  /** When the provider was last asked about it. */
  checked_at: Date | null
  /** When it is to be asked next; `null`: never again. */
  next_check_at: Date | null
  /** Somebody is asking the provider about it now. */
  busy_until: Date | null
  /** The gateway that looks after it, for as long as that is alive. */
  leased_by: string | null
}

export interface LinkTransitionsTable {
  link_id: string
  number: number
  from_status: LinkStatus | null
  to_status: LinkStatus
  at: Date
  source: TransitionSource
  reason: string | null
}

export interface ConnectionsTable {
  id: string
  provider: ProviderKey
  scope: string
  remote_id: string
  direction: Direction
  connector_key: string
  name: string | null
  status: ConnectionStatus
  health_code: HealthCode
  health_message: string | null
  health_since: Date | null
  remote_group: string | null
  end_user_id: string | null
  end_user_name: string | null
  end_user_email: string | null
  tags: Json<readonly Tag[]>
  /** Whose account it is at the application, where the provider says it. */
  external_account_id: string | null
  external_account_name: string | null
  external_account_email: string | null
  /** `false` while it is only the half-made counterpart of an open link. */
  listed: boolean
  /** Made through a link that had been withdrawn, at a provider where it cannot be removed. */
  unwanted: Generated<boolean>
  /** First missing from a whole walk of the provider's list; missing again, it is disconnected. */
  missing_since: Date | null
  created_at: Date
  updated_at: Date
  /** When it was last written as the provider showed it; a list that shows it unchanged later does not touch it. */
  last_checked_at: Date | null
}

/** Listed connections by tag, with all else that a list is filtered by; the store keeps them itself. */
export interface ConnectionTagsTable {
  /** Of the connection. */
  id: string
  key: string
  value: string
  end_user_id: string | null
  connector_key: string
  scope: string
  status: ConnectionStatus
  created_at: Date
}

/** The same of links. */
export interface ConnectLinkTagsTable {
  id: string
  key: string
  value: string
  end_user_id: string
  provider: ProviderKey
  status: LinkStatus
  created_at: Date
}

export interface ConnectorsTable {
  scope: string
  key: string
  provider: ProviderKey
  name: string
  description: string | null
  logo_url: string | null
  docs_url: string | null
  categories: Json<readonly string[]>
  directions: Json<readonly Direction[]>
  auth: ConnectorAuth
  linkable: boolean
  inputs: ColumnType<ConfigSchema | null, string | null, string | null>
}

/** What a provider says of a connector when it is asked about that one alone. */
export interface ConnectorInputsTable {
  scope: string
  key: string
  /** `null`: it says no more than its catalogue. */
  inputs: ColumnType<ConfigSchema | null, string | null, string | null>
  read_at: Date
}

export type SliceKind = 'CONNECTORS' | 'CONNECTIONS'

/** How fresh one provider's part of a list is. */
export interface SlicesTable {
  scope: string
  kind: SliceKind
  /** When the last complete reading began and ended. */
  begun_at: Date | null
  synced_at: Date | null
  failed_at: Date | null
  error: string | null
}

/** What a caller asked for once, so that asking again makes nothing twice. */
export interface IdempotencyKeysTable {
  operation: string
  key: string
  /** HMAC of the input: inputs hold secrets. */
  fingerprint: string
  /** Of the link that is to be made: every attempt uses the same, so that what one made at a provider is found by the next. */
  link_id: string
  reserved_at: Date
  /** The attempt under way; `null`: there is none. */
  running_by: string | null
  running_until: Date | null
  /** The offer that a call without a provider was tried with last; `null`: with none yet, or the caller named one. */
  tried_provider: ProviderKey | null
  tried_connector: string | null
  /** Another attempt has followed the first one, which must go no further then. */
  taken_over: Generated<boolean>
  /** `null` until the link is recorded. */
  answer: ColumnType<JsonValue, string | null, string | null>
  expires_at: Date
}

/** What a provider posted to us, kept until it has had its effect and against repetitions. */
export interface DeliveriesTable {
  id: string
  scope: string
  /** Of the address and the body: the same delivery is stored once. */
  digest: string
  /** The link it was addressed to; `null`: it came to the provider's own address. */
  link_id: string | null
  news_sealed: string
  received_at: Date
  /** `null`: done. */
  try_at: Date | null
  attempts: Generated<number>
}

/** The processes that share the store. */
export interface GatewaysTable {
  id: string
  alive_until: Date
}

export interface Schema {
  gateways: GatewaysTable
  connect_links: ConnectLinksTable
  link_transitions: LinkTransitionsTable
  connect_link_tags: ConnectLinkTagsTable
  connections: ConnectionsTable
  connection_tags: ConnectionTagsTable
  connectors: ConnectorsTable
  connector_inputs: ConnectorInputsTable
  slices: SlicesTable
  idempotency_keys: IdempotencyKeysTable
  deliveries: DeliveriesTable
}

export type ConnectLinkRow = Selectable<ConnectLinksTable>
export type LinkTransitionRow = Selectable<LinkTransitionsTable>
export type ConnectionRow = Selectable<ConnectionsTable>
export type NewConnection = Insertable<ConnectionsTable>
export type ConnectorRow = Selectable<ConnectorsTable>
export type ConnectorInputsRow = Selectable<ConnectorInputsTable>
export type IdempotencyKeyRow = Selectable<IdempotencyKeysTable>
export type SliceRow = Selectable<SlicesTable>
export type DeliveryRow = Selectable<DeliveriesTable>
