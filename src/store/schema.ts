import type { ColumnType, Insertable, Selectable } from 'kysely'
import type { ProviderKey } from '../provider-key.ts'
import type {
  ConnectionStatus,
  ConnectorAuth,
  Direction,
  ExpirySource,
  HealthCode,
  JsonValue,
} from '../providers/provider.ts'

export type LinkStatus =
  | 'CREATED'
  | 'OPENED'
  | 'AUTHORIZING'
  | 'COMPLETED'
  | 'FAILED'
  | 'EXPIRED'
  | 'REVOKED'
  | 'SUPERSEDED'
export type LinkPurpose = 'CONNECT' | 'RECONNECT'
export type TransitionSource =
  | 'API_CALL'
  | 'HOSTED_PAGE'
  | 'BROWSER_RETURN'
  | 'PROVIDER_WEBHOOK'
  | 'PROVIDER_POLL'
  | 'GATEWAY_CLOCK'

export interface Tag {
  readonly key: string
  readonly value: string
}

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
  provider_url_sealed: string | null
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
  /** When the provider was last asked about it. */
  checked_at: Date | null
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
  /** `false` while it is only the half-made counterpart of an open link. */
  listed: boolean
  /** First missing from a whole walk of the provider's list; missing again, it is disconnected. */
  missing_since: Date | null
  created_at: Date
  updated_at: Date
  last_checked_at: Date | null
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
}

export type SliceKind = 'CONNECTORS' | 'CONNECTIONS'

/** How fresh one provider's part of a list is. */
export interface SlicesTable {
  scope: string
  kind: SliceKind
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
  /** `null` while the first attempt is under way, or when nobody knows how it ended. */
  link_id: string | null
  answer: ColumnType<JsonValue, string | null, string | null>
  expires_at: Date
}

export interface Schema {
  connect_links: ConnectLinksTable
  link_transitions: LinkTransitionsTable
  connections: ConnectionsTable
  connectors: ConnectorsTable
  slices: SlicesTable
  idempotency_keys: IdempotencyKeysTable
}

export type ConnectLinkRow = Selectable<ConnectLinksTable>
export type LinkTransitionRow = Selectable<LinkTransitionsTable>
export type ConnectionRow = Selectable<ConnectionsTable>
export type NewConnection = Insertable<ConnectionsTable>
export type ConnectorRow = Selectable<ConnectorsTable>
export type IdempotencyKeyRow = Selectable<IdempotencyKeysTable>
export type SliceRow = Selectable<SlicesTable>
