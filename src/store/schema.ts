import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable } from 'kysely'
import type { AuditActorKind, AuditOutcome } from '../domain/audit.ts'
import type { Branding } from '../domain/branding.ts'
import type { ConfigSchema, JsonValue } from '../domain/json.ts'
import type { LinkStep } from '../domain/link-step.ts'
import type { Permission } from '../domain/permissions.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type {
  ConnectionOwner,
  ConnectionStatus,
  ConnectorAuth,
  Direction,
  ExpirySource,
  FailureCode,
  HandOverEnd,
  HealthCode,
  LinkGuard,
  LinkPurpose,
  LinkStatus,
  OwnerEvidence,
  TransitionSource,
} from '../domain/statuses.ts'
import type { SuspensionReads } from '../domain/suspension.ts'
import type { Tag } from '../domain/tag.ts'
import type { DisabledReason, MessageState, WebhookData, WebhookEventType } from '../domain/webhook-events.ts'

/** jsonb: selected as a value, inserted and updated as JSON text. */
type Json<Value> = ColumnType<Value, string, string>

// Without the columns that the database generates for the list indexes (migrations/2026-12-04-row-security.ts).
export interface ConnectLinksTable {
  id: string
  provider: ProviderKey
  accountKey: string
  connectorKey: string
  direction: Direction
  purpose: LinkPurpose
  status: LinkStatus
  /** SHA-256 of the token in the gateway's link URL; `null` when there is nothing to open. */
  tokenHash: string | null
  tokenEncrypted: string | null
  /** SHA-256 of the token in the return URL, to which the provider redirects the browser. */
  returnTokenHash: string | null
  /** SHA-256 of the token in the webhook URL of this link. */
  webhookTokenHash: string | null
  providerUrlEncrypted: string | null
  /** The calling application's redirect URLs; encrypted, because they may contain its secrets. */
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
  /** The organization of the end user. */
  organizationId: string | null
  organizationName: string | null
  /** Whom the connection that is made belongs to. */
  owner: ConnectionOwner
  remoteLinkId: string | null
  remoteGroup: string | null
  remoteConnectionId: string | null
  providerState: Json<JsonValue>
  connectionId: string | null
  tags: Json<readonly Tag[]>
  createdAt: Date
  /** When the end user last opened the link. */
  openedAt: Date | null
  /** When the browser first returned from the provider to the success URL of this link. */
  returnedAt: Date | null
  /** When the current status was set. */
  statusChangedAt: Date
  /** Of a revoked link: whether the provider revoked it too; `null`: not known yet. */
  revokedAtProvider: boolean | null
  /** Until when the provider's link may still create a connection after the gateway's link has ended. */
  watchUntil: Date | null
  /** When the link was last checked at the provider. */
  checkedAt: Date | null
  /** When the next check is due; `null`: no further checks. */
  nextCheckAt: Date | null
  /** When the poller last locked the link for a check. */
  polledAt: Date | null
  /** While in the future, a check is in progress. */
  checkLockExpiresAt: Date | null
  /** ID of the instance that polls the link; valid until `leaseExpiresAt` of that instance. */
  leasedBy: string | null
  guard: LinkGuard
  /** PKCE S256 challenge of a CONFIRM link; `null` for other guards. */
  codeChallenge: string | null
  /** SHA-256 of the one-time code with which a browser claims the link; `null`: none is valid. */
  claimHash: string | null
  claimExpiresAt: Date | null
  /** While set, the connection exists but is held back: until then it can be confirmed. */
  heldUntil: Date | null
  /** HMAC of the code that was shown to the end user; `null`: none was shown. */
  confirmationHash: string | null
  /** How many wrong codes were entered. */
  confirmationAttempts: Generated<number>
  /** When the connection, which was not confirmed, is to be removed at the provider next; `null`: not at all. */
  removalDueAt: Date | null
  /** Language and branding of its pages, which alone read them. */
  locale: string | null
  branding: ColumnType<Branding | null, string | null, string | null>
  /** The part of `instructions` that is the gateway's own. */
  steps: ColumnType<readonly LinkStep[] | null, string | null, string | null>
  /** W3C `traceparent` of the creation, which only webhooks read; `null`: it was not recorded. */
  traceParent: Generated<string | null>
}

/** The browsers that opened a link, claimed it or returned from its provider; for links with the guard SAME_BROWSER. */
export interface LinkBrowsersTable {
  linkId: string
  /** SHA-256 of the browser's cookie for the link. */
  browserHash: string
  /** Whether the browser came from the application, with a claim of the end user. */
  claimed: boolean
  /** When it last opened the link; `null`: it only returned or claimed. */
  openedAt: Date | null
  /** When it last returned from the provider. */
  returnedAt: Date | null
}

/** A link that its end user has passed on to a colleague; at most one of a link is active. */
export interface LinkHandOversTable {
  linkId: string
  /** From 1, per link. */
  number: number
  /** SHA-256 of the token in the colleague's address. */
  tokenHash: string
  tokenEncrypted: string
  /** SHA-256 of the cookie of the browser that passed the link on; `null`: a call of the API did, or it keeps no cookies. */
  browserHash: string | null
  /** Name that the end user gave; `null`: none, or the name of the link's end user is shown. */
  requesterName: string | null
  message: string | null
  createdAt: Date
  /** When the colleague's address expires, at the latest with the link; `null`: the link does not expire. */
  expiresAt: Date | null
  /** When the colleague first opened the address. */
  openedAt: Date | null
  endedAt: Date | null
  endReason: HandOverEnd | null
  /** Why the colleague declined. */
  declineReason: string | null
}

/** A link that is being created at its provider. */
export interface LinkReservationsTable {
  /** ID that the link will have. */
  linkId: string
  endUserId: string
  /** The connection that the link reconnects; `null`: the link makes a new one. */
  connectionId: string | null
  /** Later than any creation takes: the process was killed. */
  expiresAt: Date
}

export interface LinkTransitionsTable {
  linkId: string
  number: number
  fromStatus: LinkStatus | null
  toStatus: LinkStatus
  at: Date
  source: TransitionSource
  reason: string | null
  /** Set if the transition records a failed attempt, which may leave the status unchanged. */
  failureCode: FailureCode | null
  failureMessage: string | null
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
  /** The organization of the end user; of a connection that an organization owns, also without an end user. */
  organizationId: string | null
  organizationName: string | null
  owner: ConnectionOwner
  /** Why it belongs to `endUserId`; `null` if it belongs to no end user. */
  ownerEvidence: OwnerEvidence | null
  tags: Json<readonly Tag[]>
  /** The account at the connected application, if the provider returns it. */
  externalAccountId: string | null
  externalAccountName: string | null
  externalAccountEmail: string | null
  /** `false` for the pending connection of an open link. */
  visible: boolean
  /** Created through a revoked or superseded link, at a provider where it cannot be removed. */
  orphaned: Generated<boolean>
  /** When a full sync first did not find it; a second full sync that misses it sets DISCONNECTED. */
  missingSince: Date | null
  createdAt: Date
  updatedAt: Date
  /** When it was last written as the provider returned it; a later sync that finds it unchanged does not write it. */
  lastCheckedAt: Date | null
}

/** Changes of the end user of a connection by `assignConnection`. */
export interface ConnectionAssignmentsTable {
  connectionId: string
  /** From 1, per connection. */
  number: number
  at: Date
  /** The name of the API key that made the change. */
  viewer: string
  fromEndUserId: string | null
  toEndUserId: string | null
  fromOrganizationId: string | null
  toOrganizationId: string | null
}

/** One row for each tag of a visible connection, with the columns that lists filter by; maintained by triggers. */
export interface ConnectionTagsTable {
  /** ID of the connection. */
  id: string
  key: string
  value: string
  endUserId: string | null
  organizationId: string | null
  owner: ConnectionOwner
  connectorKey: string
  accountKey: string
  status: ConnectionStatus
  createdAt: Date
}

/** The same for links. */
export interface ConnectLinkTagsTable {
  id: string
  key: string
  value: string
  endUserId: string
  organizationId: string | null
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
  connectionHint: string | null
  credentialsOption: string | null
  configSchema: ColumnType<ConfigSchema | null, string | null, string | null>
}

/** Cached responses of the providers' endpoints for a single connector. */
export interface ConfigSchemasTable {
  accountKey: string
  key: string
  /** `null`: the response has no more than the catalogue. */
  configSchema: ColumnType<ConfigSchema | null, string | null, string | null>
  readAt: Date
}

export type SyncKind = 'CONNECTORS' | 'CONNECTIONS'

/** The last sync of one list of an account. */
export interface SyncStateTable {
  accountKey: string
  kind: SyncKind
  /** When the last successful sync started and ended. */
  startedAt: Date | null
  syncedAt: Date | null
  failedAt: Date | null
  error: string | null
  /** Rows that the last successful sync could not read. */
  skipped: Generated<number>
}

/** Idempotency keys: a repeated call with the same key creates nothing twice. */
export interface IdempotencyKeysTable {
  operation: string
  key: string
  /** HMAC of the input; not the input itself, because it contains secrets. */
  fingerprint: string
  /**
   * ID for the link. All attempts use the same, so that a retry finds what an earlier attempt created at the provider.
   */
  linkId: string
  reservedAt: Date
  /** Instance of the running attempt; `null`: none is running. */
  lockedBy: string | null
  lockedUntil: Date | null
  /** The last offer tried for a call without a provider; `null`: none yet, or the caller named the provider. */
  attemptedProvider: ProviderKey | null
  attemptedConnector: string | null
  /** Another attempt has taken the key over from the first one, which must not act any more. */
  takenOver: Generated<boolean>
  /** `null` until the link is recorded. */
  response: ColumnType<JsonValue, string | null, string | null>
  expiresAt: Date
}

/** Webhook deliveries, stored until they are processed, and after that for deduplication. */
export interface WebhookDeliveriesTable {
  id: string
  accountKey: string
  /** Of the URL and the body, for deduplication. */
  digest: string
  /** The link whose webhook URL received it; `null`: the provider's common webhook URL. */
  linkId: string | null
  eventEncrypted: string
  receivedAt: Date
  /** `null`: processed. */
  nextAttemptAt: Date | null
  attempts: Generated<number>
}

/** API keys that were created beside GATEWAY_API_KEY. */
/** An address of the application that receives webhook messages. */
export interface WebhookEndpointsTable {
  id: string
  url: string
  description: string | null
  /** Types of events that it receives; empty: all. */
  eventTypes: readonly string[]
  /** Whether messages have only the type, the time and the ID of their subject. */
  thin: boolean
  secretEncrypted: string
  /** The secret before the last rotation. Messages are also signed with it until it expires. */
  previousSecretEncrypted: string | null
  previousSecretExpiresAt: Date | null
  /** ENVIRONMENT: WEBHOOK_URL. */
  managedBy: 'API' | 'ENVIRONMENT'
  /** `null`: enabled. */
  disabledAt: Date | null
  disabledReason: DisabledReason | null
  /** Since when all attempts have failed; `null`: the last one succeeded, or there was none. */
  failingSince: Date | null
  createdAt: Date
  updatedAt: Date
}

/** A message to an endpoint. The triggers of migrations/2026-12-15-webhook-endpoints.ts insert it with its event. */
export interface WebhookMessagesTable {
  id: Generated<string>
  /** Order of the messages about one subject. */
  sequence: GeneratedAlways<string>
  endpointId: string
  type: WebhookEventType
  /** What it is about: "link <id>" or "connection <id>". */
  subject: string
  endUserId: string | null
  data: Json<WebhookData>
  createdAt: Date
  state: Generated<MessageState>
  attempts: Generated<number>
  /** `null`: not pending. */
  nextAttemptAt: Date | null
  lastAttemptAt: Date | null
  /** HTTP status of the last response; `null`: there was none. */
  lastStatus: number | null
  lastError: string | null
  lastDurationMs: number | null
  /** W3C `traceparent` of the change that the message reports; `null`: it was not recorded. */
  traceParent: Generated<string | null>
}

export interface ApiKeysTable {
  id: string
  /** For display; not unique. */
  name: string
  /** SHA-256 of the key, which itself is not stored. */
  hash: string
  /** SHA-256 of the key before the last rotation; `null`: never rotated. */
  previousHash: string | null
  /** Until when the key before the last rotation is accepted. */
  previousExpiresAt: Date | null
  scopes: Json<readonly Permission[]>
  createdAt: Date
  /** `Viewer.id` of the key that created it, or "CLI". */
  createdBy: string
  /** `null`: no expiry. */
  expiresAt: Date | null
  /** Late by one minute at most. */
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** Accounts of organizations at providers. Those of the environment are not stored. */
export interface ProviderAccountsTable {
  id: string
  provider: ProviderKey
  organizationId: string
  name: string
  /** Stays the same when the credentials are replaced. */
  accountKey: string
  /** Identifies the account at the provider, where it belongs to one organization only. */
  remoteAccount: string
  settingsEncrypted: string
  /** The variables that are set, which are no secrets. */
  settingNames: Json<readonly string[]>
  createdAt: Date
  updatedAt: Date
  /** When the provider last accepted the credentials before they were stored. */
  verifiedAt: Date
}

export interface ProviderSuspensionsTable {
  id: string
  provider: ProviderKey
  /** `null`: all accounts at the provider. */
  accountKey: string | null
  reads: SuspensionReads
  reason: string
  since: Date
  createdAt: Date
  /** `null`: it has not ended. */
  resumedAt: Date | null
}

/** The audit log. Rows are not changed, except as the trigger `keep_audit_events` allows. */
export interface AuditEventsTable {
  /** In the order of insertion. */
  id: Generated<number>
  /** Position in the hash chain, without gaps; `null`: not part of it yet. */
  number: Generated<number | null>
  createdAt: Date
  actorKind: AuditActorKind
  actorId: string | null
  actorName: string | null
  endUserId: string | null
  organizationId: string | null
  operation: string
  outcome: AuditOutcome
  errorCode: string | null
  /** Each as "Type:id". */
  targets: string[]
  address: string | null
  userAgent: string | null
  requestId: string | null
  /** `null`: the personal data has been erased. */
  personalSalt: string | null
  /** Stands for the personal data in the hash chain. */
  personalDigest: string
  previousHash: Generated<string | null>
  hash: Generated<string | null>
}

/** The ends of the hash chain; one row, none before the first event. */
export interface AuditChainTable {
  id: number
  /** The last event that the retention has removed; 0: none. */
  trimmedNumber: number
  trimmedHash: string
  headNumber: number
  headHash: string
}

/** The gateway processes on this database. */
export interface InstancesTable {
  id: string
  leaseExpiresAt: Date
}

export interface Schema {
  apiKeys: ApiKeysTable
  instances: InstancesTable
  connectLinks: ConnectLinksTable
  linkBrowsers: LinkBrowsersTable
  linkHandOvers: LinkHandOversTable
  linkReservations: LinkReservationsTable
  linkTransitions: LinkTransitionsTable
  connectLinkTags: ConnectLinkTagsTable
  connections: ConnectionsTable
  connectionAssignments: ConnectionAssignmentsTable
  connectionTags: ConnectionTagsTable
  connectors: ConnectorsTable
  configSchemas: ConfigSchemasTable
  syncState: SyncStateTable
  idempotencyKeys: IdempotencyKeysTable
  webhookDeliveries: WebhookDeliveriesTable
  webhookEndpoints: WebhookEndpointsTable
  webhookMessages: WebhookMessagesTable
  providerAccounts: ProviderAccountsTable
  providerSuspensions: ProviderSuspensionsTable
  auditEvents: AuditEventsTable
  auditChain: AuditChainTable
}

export type ApiKeyRow = Selectable<ApiKeysTable>
/** Columns that only pages read. */
export type LinkPageColumns = Pick<Selectable<ConnectLinksTable>, 'locale' | 'branding' | 'steps'>
export type ConnectLinkRow = Omit<Selectable<ConnectLinksTable>, keyof LinkPageColumns | 'traceParent'>
/** A link to insert. Without an appearance its pages have that of the settings. */
export type NewConnectLink = ConnectLinkRow & Partial<LinkPageColumns>
export type LinkBrowserRow = Selectable<LinkBrowsersTable>
export type LinkHandOverRow = Selectable<LinkHandOversTable>
export type LinkTransitionRow = Selectable<LinkTransitionsTable>
export type ConnectionRow = Selectable<ConnectionsTable>
export type ConnectionAssignmentRow = Selectable<ConnectionAssignmentsTable>
export type NewConnection = Insertable<ConnectionsTable>
export type ConnectorRow = Selectable<ConnectorsTable>
export type ConfigSchemaRow = Selectable<ConfigSchemasTable>
export type IdempotencyKeyRow = Selectable<IdempotencyKeysTable>
export type SyncStateRow = Selectable<SyncStateTable>
export type ProviderAccountRow = Selectable<ProviderAccountsTable>
export type ProviderSuspensionRow = Selectable<ProviderSuspensionsTable>
export type WebhookDeliveryRow = Selectable<WebhookDeliveriesTable>
export type WebhookEndpointRow = Selectable<WebhookEndpointsTable>
export type WebhookMessageRow = Selectable<WebhookMessagesTable>
export type AuditEventRow = Selectable<AuditEventsTable>
