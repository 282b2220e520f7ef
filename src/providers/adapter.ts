import type { ConnectionUse } from '../domain/connection-use.ts'
import type { EndUser } from '../domain/end-user.ts'
import type { ConfigSchema, JsonValue } from '../domain/json.ts'
import type { LinkStep } from '../domain/link-step.ts'
import type { Log } from '../domain/log.ts'
import type {
  CompletionSignal,
  ConnectionStatus,
  ConnectorAuth,
  Direction,
  ExpirySource,
  HealthCode,
  LinkFailure,
} from '../domain/statuses.ts'
import type { CreateHttpClient, RequestContext } from '../http/http-types.ts'
import type { TimeRange } from '../http/provider-clocks.ts'
import type { Page } from './rows.ts'

/** Features of a provider, whether or not it is configured. */
export interface Capabilities {
  /**
   * Budget for polling open links, in requests per minute; the rest of the provider's rate limit is for other
   * calls.
   */
  readonly pollsPerMinute: number
  /**
   * Purposes of the links that `listConnections` can check: while the list shows neither a new connection that may be that of
   * the link, nor a change of the one that was created with it, `checkLink` without an event would find the link open.
   */
  readonly checkedByList: readonly AdapterLink['purpose'][]
  readonly directions: readonly [Direction, ...Direction[]]
  readonly successRedirect: boolean
  readonly errorRedirect: boolean
  readonly embeddable: boolean
  readonly reconnect: boolean
  readonly revokeLink: boolean
  readonly disconnect: boolean
  readonly completion: readonly CompletionSignal[]
  /** Whether it sends webhooks to plain http URLs of other machines too; default: to https only. */
  readonly httpWebhooks?: boolean
  /** `null`: links of this provider do not expire. */
  readonly linkLifetimeSeconds: {
    readonly default: number
    readonly min: number | null
    readonly max: number | null
  } | null
}

export interface RemoteConnector {
  readonly key: string
  readonly name: string
  readonly description: string | null
  readonly logoUrl: string | null
  readonly docsUrl: string | null
  readonly categories: readonly string[]
  readonly directions: readonly Direction[]
  readonly auth: ConnectorAuth
  readonly linkable: boolean
  /** The provider's words about the credentials that the connector needs; `null`: none. */
  readonly connectionHint: string | null
  /**
   * The field of the provider's options block for the credentials of the account to connect, if an end user without
   * access to the provider's platform has no other way to authorize the connector; `null`: the end user needs none.
   */
  readonly credentialsOption: string | null
  /** `null`: the provider does not report one, or the connector needs no configuration. */
  readonly configSchema: ConfigSchema | null
}

/** A validation issue in the provider's own options block. `path` is relative to `input`. */
export interface OptionIssue {
  readonly path: readonly string[]
  readonly message: string
}

/** The connector key of a connection whose connector the provider does not report. */
export const unknownConnectorKey = 'unknown'

/**
 * Identifies a connection at its provider. Census numbers sources and destinations separately: IDs need the
 * direction.
 */
export interface RemoteReference {
  readonly remoteId: string
  readonly direction: Direction
  readonly connectorKey: string
}

/** The account at the application that a connection has access to. */
export interface ExternalAccount {
  /** Unique among the accounts of that application. */
  readonly id: string
  readonly name: string | null
  readonly email: string | null
}

/** A connection that an application uses. `endUserId`: its end user as the provider knows it; `null`: not known. */
export interface UsedConnection extends RemoteReference {
  readonly endUserId: string | null
}

export interface RemoteConnection extends RemoteReference {
  readonly name: string | null
  /** `null`: the provider does not report it. */
  readonly externalAccount: ExternalAccount | null
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
  /** The provider's grouping of connections: a Fivetran or Census group. */
  readonly remoteGroup: string | null
  /** Set only by providers that store the end user's ID with the connection. */
  readonly endUserId: string | null
  readonly createdAt: Date | null
  /**
   * Set while its authorization, the first one or a new one, is not finished (`OPEN`), and after it has failed, if the
   * provider does not report which of the two it is. Such a connection is not added to the stored ones, and a stored one
   * keeps its state while it is `OPEN`.
   */
  readonly authorization?: 'OPEN' | 'FAILED'
}

/**
 * One of possibly several attempts to create the same link. An earlier attempt may have had an effect that
 * was not recorded.
 */
export interface Attempt {
  /** When the first attempt was recorded, before anything was sent. */
  readonly since: Date
  readonly isRetry: boolean
  /** Whether a link of this gateway already owns the connection. */
  isClaimed(remoteId: string): Promise<boolean>
}

/** A validated request to create a link. `Options` is the provider's own options block. */
export interface LinkRequest<Options> {
  readonly linkId: string
  readonly connectorKey: string
  /** From the catalogue; `null`: not known. */
  readonly connectorName: string | null
  /** From the catalogue; `null`: none, or not known. */
  readonly connectionHint: string | null
  readonly direction: Direction
  readonly endUser: Omit<EndUser, 'organization'>
  /** ID of the end user's organization; `null`: none. Only for providers that store tags with a connection. */
  readonly organizationId: string | null
  /** The gateway's own return URLs. */
  readonly redirectUri: string
  readonly errorRedirectUri: string
  /** Webhook URL for events about this link only; `null`: the provider cannot reach the gateway. */
  readonly webhookUri: string | null
  readonly attempt: Attempt
  readonly expiresInSeconds: number | null
  readonly options: Options
}

export interface Expiry {
  readonly at: Date | null
  readonly source: ExpirySource
}

export interface RemoteLink {
  readonly kind: 'open'
  readonly url: string
  readonly expiry: Expiry
  readonly requiresProviderLogin: boolean
  /** The provider's instructions for the end user; the core redacts them. */
  readonly instructions: string | null
  /** The gateway's own instructions, which follow the provider's and are not redacted; default: none. */
  readonly steps?: readonly LinkStep[]
  readonly remoteLinkId: string | null
  readonly remoteGroup: string | null
  /** Set if the provider creates the connection before the end user has authorized it. */
  readonly pendingConnection: RemoteConnection | null
  /** Stored with the link and passed back to `checkLink`; contains no secrets. */
  readonly providerState: JsonValue
  /** Options that this provider does not support for this connector. Paths are relative to `input`. */
  readonly ignoredOptions?: readonly OptionIssue[]
}

export type LinkOutcome =
  | RemoteLink
  /** Already connected: the end user has nothing to do. */
  | { readonly kind: 'connected'; readonly connection: RemoteConnection }

/** A webhook event. It is a hint only: state changes are based on what is then read from the provider. */
export interface ProviderEvent {
  readonly kind: 'CONNECTED' | 'FAILED' | 'CHANGED'
  /** The connection that the event is about; `null`: the event has no ID. */
  readonly remoteId: string | null
  /** When it happened, by the provider's clock. */
  readonly at: Date | null
  /** Of a failed attempt; `null` for other events. */
  readonly failure: LinkFailure | null
}

/** One webhook POST with its raw body. */
export interface WebhookDelivery {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Accepted signing secrets; one matching signature is enough. */
  readonly secrets: readonly string[]
}

/** The data that an adapter needs to check a link. */
export interface AdapterLink {
  readonly purpose: 'CONNECT' | 'RECONNECT'
  /** The webhook event that triggered the check; `null`: the check was not triggered by one. */
  readonly event: ProviderEvent | null
  readonly linkId: string
  readonly connectorKey: string
  readonly connectorName: string | null
  readonly direction: Direction
  readonly endUserId: string
  readonly remoteLinkId: string | null
  readonly remoteGroup: string | null
  readonly remoteConnectionId: string | null
  readonly providerState: JsonValue
  readonly createdAt: Date
  /** When the browser first returned from the provider's success page; `null`: it has not. */
  readonly returnedAt: Date | null
}

/** A link to revoke. */
export interface RevocableLink extends AdapterLink {
  /** As `RemoteLink.url`: it can contain the secret that revokes the link. `null`: the link has none. */
  readonly url: string | null
}

export type LinkProgress =
  /** `failedAttempt`: a failed attempt after which the end user may try again. */
  | { readonly kind: 'open'; readonly failedAttempt?: LinkFailure }
  | { readonly kind: 'completed'; readonly connection: RemoteConnection }
  /** Connections that appeared since the link was created. The provider does not report which one the link created. */
  | { readonly kind: 'candidates'; readonly connections: readonly RemoteConnection[] }
  /** A success has become impossible at the provider. `reason`: machine-readable. */
  | { readonly kind: 'ended'; readonly status: 'EXPIRED' | 'REVOKED'; readonly reason: string }
  | {
      readonly kind: 'ended'
      readonly status: 'FAILED'
      readonly reason: string
      readonly failure: LinkFailure
    }

export interface DiagnosisRequest {
  /** `null`: not known. */
  readonly webhookUrl: string | null
  /**
   * `false`, as at each start: the rights only, and without requests that would create something if the provider did not
   * refuse them.
   */
  readonly isThorough: boolean
}

/** One result of a check of an account, for its operator. */
export interface Diagnosis {
  readonly check: 'rights' | 'API version' | 'webhook registration'
  readonly status: 'PASS' | 'WARN' | 'FAIL'
  /** A sentence that says what to do, unless the check has passed. */
  readonly message: string
}

/** The interface that every connector provider implements. An absent method: the provider does not support it. */
export interface ProviderAdapter<Options = unknown> {
  createLink(request: LinkRequest<Options>, call: RequestContext): Promise<LinkOutcome>
  checkLink(link: AdapterLink, call: RequestContext): Promise<LinkProgress>
  /** Creates a link that reauthorizes an existing connection. It completes only on evidence newer than the link. */
  createReconnectLink?(
    connection: RemoteReference,
    request: LinkRequest<Options>,
    call: RequestContext,
  ): Promise<RemoteLink>
  /**
   * Whether the account has a link that was created with another API key. `true` only on evidence that no other account
   * can have. `listed`: the account's connections of the link's connector. For providers whose API does not identify the
   * account.
   */
  recognizesLink?(
    link: AdapterLink,
    listed: readonly RemoteConnection[],
    call: RequestContext,
  ): Promise<boolean>
  /** `false`: the link did not exist at the provider any more. */
  revokeLink?(link: RevocableLink, call: RequestContext): Promise<boolean>
  /** `undefined`: the delivery is not authentic or not from the provider. */
  parseWebhook?(delivery: WebhookDelivery): readonly ProviderEvent[] | undefined
  /**
   * Subscribes one URL to the provider's events. Idempotent. Returns the settings to add, by variable: a signing secret that
   * the provider has generated.
   */
  registerWebhook?(
    endpoint: { readonly url: string; readonly secret: string },
    call: RequestContext,
  ): Promise<Readonly<Record<string, string>>>
  /**
   * What only the provider's own API or settings show about the account: rights of its credentials, version of the API,
   * whether it sends events to the webhook URL. Changes nothing.
   */
  diagnose?(request: DiagnosisRequest, call: RequestContext): Promise<readonly Diagnosis[]>
  /** `null`: the connection does not exist at the provider any more. */
  getConnection(reference: RemoteReference, call: RequestContext): Promise<RemoteConnection | null>
  /** Yields pages. `groups`: groups that links used, in addition to the configured one. */
  listConnections(groups: readonly string[], call: RequestContext): AsyncIterable<Page<RemoteConnection>>
  /** Yields pages. The `id` of a skipped row is the connector's key. */
  listConnectors(call: RequestContext): AsyncIterable<Page<RemoteConnector>>
  /** The config schema of one connector, if `listConnectors` does not return the whole schema; `null`: it has none. */
  fetchConfigSchema?(connectorKey: string, call: RequestContext): Promise<ConfigSchema | null>
  /**
   * Validates an options block as received from the caller. `readInputs` reads the connector's config schema
   * on demand.
   */
  checkOptions?(
    options: unknown,
    readInputs: () => Promise<ConfigSchema | null>,
  ): Promise<readonly OptionIssue[]>
  /** Starts a connection after its link has completed; returns its state afterwards. */
  startConnection?(
    connection: RemoteConnection,
    providerState: JsonValue,
    call: RequestContext,
  ): Promise<RemoteConnection>
  /** How an application uses the connection with the provider's API. `null`: it is not known. */
  useConnection?(connection: UsedConnection): ConnectionUse | null
  /** `false`: it was already deleted. */
  disconnect?(reference: RemoteReference, call: RequestContext): Promise<boolean>
}

/** What an adapter needs in addition to its settings. */
export interface AdapterContext {
  readonly http: CreateHttpClient
  readonly now: () => Date
  readonly log: Log
  /** Converts a timestamp of this provider to the gateway's clock; `null`: the offset is not known yet. */
  readonly toGatewayTime: (at: Date) => TimeRange | null
  /** Whether the adapter talks to the gateway's own sandbox. */
  readonly sandbox: boolean
  /** Origins that links may lead to, in addition to the provider's own hosts. */
  readonly trustedOrigins: readonly string[]
}
