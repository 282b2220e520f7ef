import type { EndUser } from '../domain/end-user.ts'
import type { ConfigSchema, JsonValue } from '../domain/json.ts'
import type {
  CompletionSignal,
  ConnectionStatus,
  ConnectorAuth,
  Direction,
  ExpirySource,
  HealthCode,
} from '../domain/statuses.ts'
import type { CreateHttpClient, RequestContext } from '../http/http-types.ts'

/** What a provider offers, whether or not it is configured. */
export interface Capabilities {
  /** How many reads of open links a minute its rate limit bears beside everything else. */
  readonly pollsPerMinute: number
  readonly directions: readonly [Direction, ...Direction[]]
  readonly successRedirect: boolean
  readonly errorRedirect: boolean
  readonly embeddable: boolean
  readonly reconnect: boolean
  readonly revokeLink: boolean
  readonly disconnect: boolean
  readonly completion: readonly CompletionSignal[]
  /** `null`: links of this provider never expire by themselves. */
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
  /** `null`: nobody says, or nothing. */
  readonly configSchema: ConfigSchema | null
}

/** What is wrong with a provider's own block; paths start below `input`. */
export interface OptionIssue {
  readonly path: readonly string[]
  readonly message: string
}

/** The connector key of a connection whose provider does not say what it connects to. */
export const unknownConnectorKey = 'unknown'

/** Names one connection at its provider. Census counts sources and destinations separately, so the direction is part of the name. */
export interface RemoteReference {
  readonly remoteId: string
  readonly direction: Direction
  readonly connectorKey: string
}

/** The account at the application that a connection may use. */
export interface ExternalAccount {
  /** What tells it apart from other accounts of that application. */
  readonly id: string
  readonly name: string | null
  readonly email: string | null
}

export interface RemoteConnection extends RemoteReference {
  readonly name: string | null
  /** `null`: the provider does not say. */
  readonly externalAccount: ExternalAccount | null
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
  /** The provider's grouping of connections: a Fivetran or Census group. */
  readonly remoteGroup: string | null
  /** Only where the provider itself remembers whose it is. */
  readonly endUserId: string | null
  readonly createdAt: Date | null
}

/** One of possibly several attempts to make the same link: an earlier one may have acted without anybody hearing of it. */
export interface Attempt {
  /** When the first attempt was written down, before anything was sent. */
  readonly since: Date
  readonly isRetry: boolean
  /** Whether a link of this gateway already stands for that connection. */
  isClaimed(remoteId: string): Promise<boolean>
}

/** What the caller wants, already validated; `Options` is the provider's own block. */
export interface LinkRequest<Options> {
  readonly linkId: string
  readonly connectorKey: string
  /** From the catalogue, when it is known. */
  readonly connectorName: string | null
  readonly direction: Direction
  readonly endUser: EndUser
  /** The gateway's own addresses for the way back. */
  readonly redirectUri: string
  readonly errorRedirectUri: string
  /** Where the provider may report about this link alone; `null`: it could not reach it. */
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
  /** The provider's words for the end user. */
  readonly instructions: string | null
  readonly remoteLinkId: string | null
  readonly remoteGroup: string | null
  /** Set where the provider makes the connection before anybody has authorised it. */
  readonly pendingConnection: RemoteConnection | null
  /** What this adapter wants back when it checks the link: no secrets. */
  readonly providerState: JsonValue
  /** Options that this provider cannot honour for this connector; paths start below `input`. */
  readonly ignoredOptions?: readonly OptionIssue[]
}

export type LinkOutcome =
  | RemoteLink
  /** Nothing is left for the end user to do. */
  | { readonly kind: 'connected'; readonly connection: RemoteConnection }

/**
 * What a provider reports of its own accord. It says where to look and nothing more: what counts is what is then read
 * back.
 */
export interface ProviderEvent {
  readonly kind: 'CONNECTED' | 'FAILED' | 'CHANGED'
  /** The connection it is about, where it names one. */
  readonly remoteId: string | null
  /** When it happened, by the provider's clock. */
  readonly at: Date | null
  /** The provider's words about a failure. */
  readonly reason: string | null
}

/** One webhook POST, byte for byte. */
export interface WebhookDelivery {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Any of these may have signed it. */
  readonly secrets: readonly string[]
}

/** A link as an adapter needs it to find out what became of it. */
export interface AdapterLink {
  readonly purpose: 'CONNECT' | 'RECONNECT'
  /** What the provider has just reported about it. */
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
}

export type LinkProgress =
  /** `setback`: the end user has tried in vain and may try again. */
  | { readonly kind: 'open'; readonly setback?: string }
  | { readonly kind: 'completed'; readonly connection: RemoteConnection }
  /** Connections that appeared since the link was made; which of them is the link's own, the provider cannot say. */
  | { readonly kind: 'candidates'; readonly connections: readonly RemoteConnection[] }
  | { readonly kind: 'ended'; readonly status: 'FAILED' | 'EXPIRED' | 'REVOKED'; readonly reason: string }

/** One connector provider, as the rest of the gateway sees it. An absent method means "cannot". */
export interface ProviderAdapter<Options = unknown> {
  createLink(request: LinkRequest<Options>, call: RequestContext): Promise<LinkOutcome>
  checkLink(link: AdapterLink, call: RequestContext): Promise<LinkProgress>
  /** A link through which an existing connection is authorised anew. It completes only on evidence newer than itself. */
  createReconnectLink?(
    connection: RemoteReference,
    request: LinkRequest<Options>,
    call: RequestContext,
  ): Promise<RemoteLink>
  /** `false`: the provider no longer had it. */
  revokeLink?(link: AdapterLink, call: RequestContext): Promise<boolean>
  /** `undefined`: it is not from the provider. */
  parseWebhook?(delivery: WebhookDelivery): readonly ProviderEvent[] | undefined
  /** Has the provider report everything to one address; repeating it changes nothing. */
  registerWebhook?(
    endpoint: { readonly url: string; readonly secret: string },
    call: RequestContext,
  ): Promise<void>
  /** `null`: the provider no longer has it. */
  getConnection(reference: RemoteReference, call: RequestContext): Promise<RemoteConnection | null>
  /** Page by page; `groups` are those that links used beside the configured one. */
  listConnections(groups: readonly string[], call: RequestContext): AsyncIterable<readonly RemoteConnection[]>
  listConnectors(call: RequestContext): AsyncIterable<readonly RemoteConnector[]>
  /** What one connector wants to be told, where the catalogue does not say it all; `null`: there is no more to say. */
  fetchConfigSchema?(connectorKey: string, call: RequestContext): Promise<ConfigSchema | null>
  /** What is wrong with a block, as it came from the caller; what its connector wants to be told is read on demand. */
  checkOptions?(
    options: unknown,
    readInputs: () => Promise<ConfigSchema | null>,
  ): Promise<readonly OptionIssue[]>
  /** Brings a connection to work once its link is done; answers it as it is then. */
  startConnection?(
    connection: RemoteConnection,
    providerState: JsonValue,
    call: RequestContext,
  ): Promise<RemoteConnection>
  /** `false`: it was already gone. */
  disconnect?(reference: RemoteReference, call: RequestContext): Promise<boolean>
}

/** What an adapter is built from, beside its settings. */
export interface AdapterContext {
  readonly http: CreateHttpClient
  readonly now: () => Date
  /** Whether the other end is the gateway's own sandbox. */
  readonly sandbox: boolean
  /** Origins outside the provider's own hosts whose links are believed. */
  readonly trustedOrigins: readonly string[]
}
