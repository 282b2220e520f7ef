/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What only Census understands. */
export type CensusLinkOptions = {
  /** The group to connect into; the gateway's own by default. Version 2 only. */
  groupId?: string | null | undefined;
};

/** How the gateway can learn that an end user has finished a link. */
export type CompletionSignal =
  /** The connection exists as soon as the link is asked for. */
  | 'IMMEDIATE'
  /** The gateway asks the provider. */
  | 'POLL'
  /** The end user's browser comes back. */
  | 'RETURN'
  /** The provider calls the gateway. */
  | 'WEBHOOK';

/** Which connections; fields given together must all match. */
export type ConnectionFilter = {
  /** Of the connector with this key. */
  connectorKey?: string | null | undefined;
  /** Of this end user, by the application's own id. */
  endUserId?: string | null | undefined;
  /** Of these providers. */
  providers?: Array<ProviderKey> | null | undefined;
  /** In these statuses. */
  statuses?: Array<ConnectionStatus> | null | undefined;
  /** With this tag. */
  tag?: TagInput | null | undefined;
};

/** What a connection can be used for now. */
export type ConnectionStatus =
  /** Set up and in use. */
  | 'ACTIVE'
  /** Removed; kept as a record. */
  | 'DISCONNECTED'
  /** It does not work until somebody does something; see `health`. */
  | 'NEEDS_ATTENTION'
  /** Set up, and switched off at the provider. */
  | 'PAUSED'
  /** Not set up yet. */
  | 'PENDING'
  /** The provider says nothing the gateway understands, or its account is no longer configured. */
  | 'UNKNOWN';

/** How an end user authorises a connector. */
export type ConnectorAuth =
  /** Keys, passwords or the like, typed in. */
  | 'KEYS'
  /** Nothing is needed. */
  | 'NONE'
  /** The application's own consent page. */
  | 'OAUTH'
  /** The provider does not say. */
  | 'UNKNOWN';

/** What to connect, for whom, and how. All problems are reported at once, as InvalidInputError. Without `provider` at most one provider's own options may be given: they narrow the choice to that provider. */
export type CreateConnectLinkInput = {
  /** Only with provider CENSUS. */
  census?: CensusLinkOptions | null | undefined;
  /** A `Connector.key` of that provider; without `provider` the `Application.slug` of what is to be connected. */
  connector: string;
  /** Needed only where the connector offers more than one. */
  direction?: Direction | null | undefined;
  /** Check the input and say where the link would be made, as ConnectLinkDryRun; make nothing, and leave the idempotency key unused. */
  dryRun?: boolean | null | undefined;
  /** What to do when there is such a connection already; ALLOW by default. */
  duplicatePolicy?: DuplicatePolicy | null | undefined;
  /** Required for API keys; an END_USER caller is always itself. */
  endUser?: EndUserInput | null | undefined;
  /** Where the end user lands after a failure; `redirectUri` by default. */
  errorRedirectUri?: string | null | undefined;
  /** How long the link lives, in seconds: 1 to the provider's most. */
  expiresInSeconds?: number | null | undefined;
  /** Only with provider FIVETRAN. */
  fivetran?: FivetranLinkOptions | null | undefined;
  /** At most 255 characters. A repeated call with the same key makes no second link. */
  idempotencyKey?: string | null | undefined;
  /** Only with provider PIPEDREAM. */
  pipedream?: PipedreamLinkOptions | null | undefined;
  /** Only without `provider`: which to take before others of the same health, best first. The others remain possible. */
  preferProviders?: Array<ProviderKey> | null | undefined;
  /** Where the end user lands after success. */
  redirectUri?: string | null | undefined;
  /** Your own labels, at most 50. */
  tags?: Array<TagInput> | null | undefined;
  /** Only with provider XPANDER. */
  xpander?: XpanderLinkOptions | null | undefined;
};

/** Whom a session is for, how long, and what it may make links for. */
export type CreateSessionInput = {
  /** Keys of the connectors it may make links for, at most 100; all when left out. */
  connectors?: Array<string> | null | undefined;
  /** The person whose frontend gets the token. */
  endUser: EndUserInput;
  /** How long it lasts: 1 to 86400, 900 by default. */
  expiresInSeconds?: number | null | undefined;
  /** Providers it may make links with; all when left out. */
  providers?: Array<ProviderKey> | null | undefined;
};

/** Which way data flows through a connection. */
export type Direction =
  /** Data is written to the application. */
  | 'DESTINATION'
  /** Data is read from the application. */
  | 'SOURCE'
  /** The application is called on demand, by workflows or agents. */
  | 'TOOL';

/** What to do when the end user has an ACTIVE connection of the connector at that provider already, of whichever account. */
export type DuplicatePolicy =
  /** Make one more; `Connection.duplicateOf` shows if it is for the same account. */
  | 'ALLOW'
  /** Send nothing to the provider, and answer ConflictError with INVALID_STATE. */
  | 'REJECT'
  /** Send nothing to the provider, and answer a link that is COMPLETED at once, without `url`, with that connection. */
  | 'REUSE';

/** A person of the application. */
export type EndUserInput = {
  /** An address to show. */
  email?: string | null | undefined;
  /** The application's own id of the person, at most 250 characters. */
  id: string;
  /** A name to show. */
  name?: string | null | undefined;
};

/** What went wrong, for programs. The message beside it is for people and may change. */
export type ErrorCode =
  /** The idempotency key was used with another input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** The input breaks rules; `issues` lists all of them. */
  | 'INVALID_INPUT'
  /** The thing is not in a state that allows this. */
  | 'INVALID_STATE'
  /** The connector, connection or link does not exist. */
  | 'NOT_FOUND'
  /** The same operation is still under way. */
  | 'OPERATION_IN_PROGRESS'
  /** The provider answered something the gateway cannot read. */
  | 'PROVIDER_CONTRACT'
  /** The gateway has no credentials for this provider. */
  | 'PROVIDER_NOT_CONFIGURED'
  /** The provider's plan is used up; waiting does not help. */
  | 'PROVIDER_QUOTA_EXCEEDED'
  /** Too many requests; see `retryAfterSeconds`. */
  | 'PROVIDER_RATE_LIMITED'
  /** The provider refused the request (HTTP 400, 409, 422 and the like). */
  | 'PROVIDER_REJECTED'
  /** The provider did not answer in time. What it did is not known. */
  | 'PROVIDER_TIMEOUT'
  /** The provider does not accept the gateway's own credentials (HTTP 401, 403). */
  | 'PROVIDER_UNAUTHORIZED'
  /** The provider failed (HTTP 5xx), could not be reached, or nobody could read yet what it offers. */
  | 'PROVIDER_UNAVAILABLE'
  /** The provider cannot do this. */
  | 'UNSUPPORTED';

/** How the end of a link is known. */
export type ExpirySource =
  /** The gateway ends it, earlier than the provider would. */
  | 'GATEWAY_POLICY'
  /** It does not end. */
  | 'NONE'
  /** The provider said it. */
  | 'PROVIDER'
  /** The provider's documented lifetime, counted from now. */
  | 'PROVIDER_DEFAULT'
  /** It follows from the time in the provider's token. */
  | 'TOKEN_CLAIM';

/** What only Fivetran understands. */
export type FivetranLinkOptions = {
  /** Show fields that the card hides by default. */
  allFields?: boolean | null | undefined;
  /** Fields of the connector's `config`, checked against its `inputs` where Fivetran has described them; fields it does not describe are passed on. Write-only. */
  config?: Record<string, unknown> | null | undefined;
  /** The group (destination) to connect into; the gateway's own by default. */
  groupId?: string | null | undefined;
  /** Show the card without its set-up guide. */
  hideSetupGuide?: boolean | null | undefined;
  /** The schema name or prefix in the destination: permanent, unique there. Made up by default. */
  schema?: string | null | undefined;
  /** Start syncing when the link completes; otherwise the connection stays paused. */
  startSync?: boolean | null | undefined;
  /** The table or table group, for connectors that have one. */
  table?: string | null | undefined;
};

/** What, if anything, is wrong with a connection. */
export type HealthCode =
  /** It works, but late or in part. */
  | 'DEGRADED'
  /** Its set-up is not finished. */
  | 'NEEDS_CONFIG'
  /** An end user has to authorise it again. */
  | 'NEEDS_REAUTH'
  /** Nothing. */
  | 'OK'
  /** The authorisation was withdrawn, or the connection removed. */
  | 'REVOKED'
  /** The provider does not say. */
  | 'UNKNOWN';

/** What a link is for. */
export type LinkPurpose =
  /** It makes a new connection. */
  | 'CONNECT'
  /** It renews an existing one. */
  | 'RECONNECT';

/** Where a connect link is in its life. COMPLETED, FAILED, EXPIRED, REVOKED and SUPERSEDED never change. */
export type LinkStatus =
  /** The end user came back; the provider has not confirmed yet. */
  | 'AUTHORIZING'
  /** The provider confirmed the connection. */
  | 'COMPLETED'
  /** Made; nobody is known to have opened it. */
  | 'CREATED'
  /** Its time was over before anybody finished it. */
  | 'EXPIRED'
  /** It ended without a connection; the last transition says why. */
  | 'FAILED'
  /** An end user has opened it. */
  | 'OPENED'
  /** It was withdrawn. */
  | 'REVOKED'
  /** A newer link for the same connection took its place. */
  | 'SUPERSEDED';

/** What only Pipedream understands. */
export type PipedreamLinkOptions = {
  /** Let the end user grant further scopes later. */
  allowProgressiveScopes?: boolean | null | undefined;
  /** Origins from which a browser may use the token. */
  allowedOrigins?: Array<string> | null | undefined;
  /** Your own OAuth client at Pipedream. */
  oauthAppId?: string | null | undefined;
  /** What the token may do, blank-separated. */
  scope?: string | null | undefined;
};

/** A connector provider behind the gateway. */
export type ProviderKey =
  /** Census, now Fivetran Activations: Connect Links; data out of a warehouse. */
  | 'CENSUS'
  /** Fivetran: Connect Cards; data from sources into a warehouse. */
  | 'FIVETRAN'
  /** Pipedream Connect: accounts of apps for workflows and agents. */
  | 'PIPEDREAM'
  /** xpander.ai: connectors for AI agents. */
  | 'XPANDER';

/** How the provider has answered lately. */
export type ProviderStatus =
  /** The last call failed. */
  | 'DEGRADED'
  /** Three calls or more in a row have failed. */
  | 'DOWN'
  /** The gateway has no credentials for it. */
  | 'NOT_CONFIGURED'
  /** The last call went well, or none was made yet. */
  | 'UP';

/** How a connection is to be renewed. All problems are reported at once, as InvalidInputError. */
export type ReconnectInput = {
  /** Only with provider CENSUS. */
  census?: CensusLinkOptions | null | undefined;
  /** Required when the connection has none, because it was made outside this gateway. */
  endUser?: EndUserInput | null | undefined;
  /** Where the end user lands after a failure; `redirectUri` by default. */
  errorRedirectUri?: string | null | undefined;
  /** How long the link lives, in seconds: 1 to the provider's most. */
  expiresInSeconds?: number | null | undefined;
  /** Only with provider FIVETRAN. */
  fivetran?: FivetranLinkOptions | null | undefined;
  /** At most 255 characters. A repeated call with the same key makes no second link. */
  idempotencyKey?: string | null | undefined;
  /** Only with provider PIPEDREAM. */
  pipedream?: PipedreamLinkOptions | null | undefined;
  /** Where the end user lands after success. */
  redirectUri?: string | null | undefined;
  /** Your own labels, at most 50. */
  tags?: Array<TagInput> | null | undefined;
};

/** How far one provider's part of a list can be trusted. */
export type SourceFreshness =
  /** It could never be read: entries of this provider are missing. */
  | 'FAILED'
  /** Read completely, not long ago. */
  | 'FRESH'
  /** The gateway has no credentials for this provider. */
  | 'NOT_CONFIGURED'
  /** Complete as of `syncedAt`, and due to be read again; `error` says if that failed. */
  | 'STALE';

/** The application's own label. */
export type TagInput = {
  /** At most 64 characters; once per link. */
  key: string;
  /** At most 500 characters. */
  value: string;
};

/** Who caused a transition. */
export type TransitionSource =
  /** A call of this API. */
  | 'API_CALL'
  /** The end user's browser, coming back from the provider. */
  | 'BROWSER_RETURN'
  /** Time. */
  | 'GATEWAY_CLOCK'
  /** The end user, on one of the gateway's pages. */
  | 'HOSTED_PAGE'
  /** The provider's answer when asked. */
  | 'PROVIDER_POLL'
  /** A message from the provider. */
  | 'PROVIDER_WEBHOOK';

/** What kind of caller this is. */
export type ViewerKind =
  /** One of the application's servers. */
  | 'API_KEY'
  /** An end user's frontend. */
  | 'END_USER';

/** Why an option was not honoured. */
export type WarningCode =
  /** The provider has no such thing. */
  | 'NOT_SUPPORTED_BY_PROVIDER';

/** Who may use an xpander connection. */
export type XpanderAccessScope =
  /** Everyone in the xpander organisation. The default. */
  | 'ORGANIZATIONAL'
  /** Only the xpander user who made it. */
  | 'PERSONAL';

/** What only xpander understands. */
export type XpanderLinkOptions = {
  /** Who may use it; ORGANIZATIONAL by default. */
  accessScope?: XpanderAccessScope | null | undefined;
  /** Parameters prefilled for every call. */
  generalParams?: Array<Record<string, unknown>> | null | undefined;
  /** Headers for every call. Write-only. */
  headers?: Record<string, unknown> | null | undefined;
  /** It belongs to nobody in particular. */
  isServiceAccount?: boolean | null | undefined;
  /** The connection's name; a suffix that is unique to the link is added. */
  name?: string | null | undefined;
  /** Credentials. Write-only: no answer and no log shows them. */
  security?: Record<string, unknown> | null | undefined;
  /** The target system's addresses: `url`, `description`. */
  targetSystemServers?: Array<Record<string, unknown>> | null | undefined;
  /** The version of the connector; the latest by default. */
  version?: string | null | undefined;
};

export type ConnectLinkUpdatedSubscriptionVariables = Exact<{
  id?: string | number | null | undefined;
}>;


export type ConnectLinkUpdatedSubscription = { connectLinkUpdated: { id: string, status: LinkStatus, connection: { id: string, status: ConnectionStatus } | null, history: Array<{ to: LinkStatus, source: TransitionSource, at: string }> } };

export type ConnectLinkQueryVariables = Exact<{
  id: string | number;
}>;


export type ConnectLinkQuery = { connectLink: { id: string, status: LinkStatus, url: string | null, expiresAt: string | null, connection: { id: string, status: ConnectionStatus, health: { code: HealthCode }, connector: { name: string } | null } | null, history: Array<{ from: LinkStatus | null, to: LinkStatus, at: string, source: TransitionSource, reason: string | null }> } | null };

export type ConnectionsQueryVariables = Exact<{
  filter?: ConnectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectionsQuery = { connections: { totalCount: number | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ provider: ProviderKey, state: SourceFreshness, syncedAt: string | null, error: string | null }>, nodes: Array<{ id: string, name: string | null, remoteId: string, status: ConnectionStatus, connectorKey: string, direction: Direction, createdAt: string, lastCheckedAt: string | null, health: { code: HealthCode, message: string | null, since: string | null }, endUser: { id: string } | null, provider: { key: ProviderKey, name: string, status: ProviderStatus }, connector: { key: string, name: string, logoUrl: string | null, auth: ConnectorAuth } | null }> } };

export type ConnectorsQueryVariables = Exact<{
  search?: string | null | undefined;
  providers?: Array<ProviderKey> | ProviderKey | null | undefined;
  direction?: Direction | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectorsQuery = { connectors: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ provider: ProviderKey, state: SourceFreshness, syncedAt: string | null, error: string | null }>, nodes: Array<{ id: string, key: string, name: string, description: string | null, logoUrl: string | null, categories: Array<string>, directions: Array<Direction>, auth: ConnectorAuth, linkable: boolean, provider: { key: ProviderKey } }> } };

export type CreateChosenConnectLinkMutationVariables = Exact<{
  provider?: ProviderKey | null | undefined;
  input: CreateConnectLinkInput;
}>;


export type CreateChosenConnectLinkMutation = { createConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'ConnectLinkDryRun', selection: { chosen: ProviderKey, connectorKey: string, reason: string, rejected: Array<{ provider: ProviderKey, reason: string }> } | null }
    | { __typename: 'CreateConnectLinkPayload', replayed: boolean, warnings: Array<{ path: Array<string>, code: WarningCode, message: string }>, connectLink: { id: string, connectorKey: string, status: LinkStatus, url: string | null, expiresAt: string | null, provider: { key: ProviderKey, name: string, status: ProviderStatus } }, selection: { chosen: ProviderKey, connectorKey: string, reason: string, rejected: Array<{ provider: ProviderKey, reason: string }> } | null }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string, provider: ProviderKey, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string, provider: ProviderKey }
   };

export type SelectionFragment = { chosen: ProviderKey, connectorKey: string, reason: string, rejected: Array<{ provider: ProviderKey, reason: string }> };

export type CreateConnectLinkMutationVariables = Exact<{
  provider: ProviderKey;
  input: CreateConnectLinkInput;
}>;


export type CreateConnectLinkMutation = { createConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'ConnectLinkDryRun' }
    | { __typename: 'CreateConnectLinkPayload', replayed: boolean, warnings: Array<{ path: Array<string>, code: WarningCode, message: string }>, connectLink: { id: string, status: LinkStatus, purpose: LinkPurpose, url: string | null, providerUrl: string | null, expiresAt: string | null, expirySource: ExpirySource, embeddable: boolean, requiresProviderLogin: boolean, instructions: string | null, connectorKey: string, direction: Direction, createdAt: string, provider: { key: ProviderKey, name: string, status: ProviderStatus }, connector: { key: string, name: string, logoUrl: string | null } | null, endUser: { id: string, name: string | null, email: string | null }, connection: { id: string, status: ConnectionStatus, remoteId: string } | null, tags: Array<{ key: string, value: string }>, history: Array<{ from: LinkStatus | null, to: LinkStatus, at: string, source: TransitionSource, reason: string | null }> } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string, provider: ProviderKey, retryable: boolean, retryAfterSeconds: number | null, providerCode: string | null, providerRequestId: string | null }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type LinkFragment = { id: string, status: LinkStatus, purpose: LinkPurpose, url: string | null, providerUrl: string | null, expiresAt: string | null, expirySource: ExpirySource, embeddable: boolean, requiresProviderLogin: boolean, instructions: string | null, connectorKey: string, direction: Direction, createdAt: string, provider: { key: ProviderKey, name: string, status: ProviderStatus }, connector: { key: string, name: string, logoUrl: string | null } | null, endUser: { id: string, name: string | null, email: string | null }, connection: { id: string, status: ConnectionStatus, remoteId: string } | null, tags: Array<{ key: string, value: string }>, history: Array<{ from: LinkStatus | null, to: LinkStatus, at: string, source: TransitionSource, reason: string | null }> };

export type CreateSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreateSessionMutation = { createSession:
    | { __typename: 'CreateSessionPayload', token: string, expiresAt: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   };

export type DisconnectMutationVariables = Exact<{
  connectionId: string | number;
}>;


export type DisconnectMutation = { disconnect:
    | { __typename: 'DisconnectPayload', removedAtProvider: boolean, connection: { id: string, status: ConnectionStatus } }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { viewer: { kind: ViewerKind, name: string | null, scopes: Array<string> }, providers: Array<{ id: string, key: ProviderKey, name: string, status: ProviderStatus, sandbox: boolean, capabilities: { directions: Array<Direction>, successRedirect: boolean, errorRedirect: boolean, embeddable: boolean, reconnect: boolean, revokeLink: boolean, disconnect: boolean, completion: Array<CompletionSignal>, linkLifetimeSeconds: { default: number, min: number | null, max: number | null } | null } }> };

export type ReconnectMutationVariables = Exact<{
  connectionId: string | number;
  input?: ReconnectInput | null | undefined;
}>;


export type ReconnectMutation = { reconnect:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateConnectLinkPayload', connectLink: { id: string, status: LinkStatus, purpose: LinkPurpose, url: string | null, connection: { id: string, status: ConnectionStatus } | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type RefreshConnectionMutationVariables = Exact<{
  id: string | number;
}>;


export type RefreshConnectionMutation = { refreshConnection:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'RefreshConnectionPayload', connection: { id: string, status: ConnectionStatus, lastCheckedAt: string | null, health: { code: HealthCode, message: string | null } } }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type RevokeConnectLinkMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeConnectLinkMutation = { revokeConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'RevokeConnectLinkPayload', revokedAtProvider: boolean, connectLink: { id: string, status: LinkStatus, url: string | null } }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SelectionFragmentDoc = new TypedDocumentString(`
    fragment Selection on ProviderSelection {
  chosen
  connectorKey
  reason
  rejected {
    provider
    reason
  }
}
    `, {"fragmentName":"Selection"}) as unknown as TypedDocumentString<SelectionFragment, unknown>;
export const LinkFragmentDoc = new TypedDocumentString(`
    fragment Link on ConnectLink {
  id
  status
  purpose
  url
  providerUrl
  expiresAt
  expirySource
  embeddable
  requiresProviderLogin
  instructions
  connectorKey
  direction
  createdAt
  provider {
    key
    name
    status
  }
  connector {
    key
    name
    logoUrl
  }
  endUser {
    id
    name
    email
  }
  connection {
    id
    status
    remoteId
  }
  tags {
    key
    value
  }
  history {
    from
    to
    at
    source
    reason
  }
}
    `, {"fragmentName":"Link"}) as unknown as TypedDocumentString<LinkFragment, unknown>;
export const ConnectLinkUpdatedDocument = new TypedDocumentString(`
    subscription ConnectLinkUpdated($id: ID) {
  connectLinkUpdated(id: $id) {
    id
    status
    connection {
      id
      status
    }
    history {
      to
      source
      at
    }
  }
}
    `, {"hash":"sha256:793470dbe9a0ce506fc0036d2b3420f55f5700040382bd947e5ecd0cdb99b086"}) as unknown as TypedDocumentString<ConnectLinkUpdatedSubscription, ConnectLinkUpdatedSubscriptionVariables>;
export const ConnectLinkDocument = new TypedDocumentString(`
    query ConnectLink($id: ID!) {
  connectLink(id: $id) {
    id
    status
    url
    expiresAt
    connection {
      id
      status
      health {
        code
      }
      connector {
        name
      }
    }
    history {
      from
      to
      at
      source
      reason
    }
  }
}
    `, {"hash":"sha256:c4e10e83cef12034eacf7afad0fd53c24cd8b9905cb665c37085118c25d2dd15"}) as unknown as TypedDocumentString<ConnectLinkQuery, ConnectLinkQueryVariables>;
export const ConnectionsDocument = new TypedDocumentString(`
    query Connections($filter: ConnectionFilter, $first: Int, $after: String) {
  connections(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    sources {
      provider
      state
      syncedAt
      error
    }
    nodes {
      id
      name
      remoteId
      status
      connectorKey
      direction
      createdAt
      lastCheckedAt
      health {
        code
        message
        since
      }
      endUser {
        id
      }
      provider {
        key
        name
        status
      }
      connector {
        key
        name
        logoUrl
        auth
      }
    }
  }
}
    `, {"hash":"sha256:00b49cc2c5c3e8e1c7ab3575cf49421c0e01ce687b11f6c03d1fb98f69a02878"}) as unknown as TypedDocumentString<ConnectionsQuery, ConnectionsQueryVariables>;
export const ConnectorsDocument = new TypedDocumentString(`
    query Connectors($search: String, $providers: [ProviderKey!], $direction: Direction, $first: Int, $after: String) {
  connectors(
    search: $search
    providers: $providers
    direction: $direction
    first: $first
    after: $after
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    sources {
      provider
      state
      syncedAt
      error
    }
    nodes {
      id
      key
      name
      description
      logoUrl
      categories
      directions
      auth
      linkable
      provider {
        key
      }
    }
  }
}
    `, {"hash":"sha256:93643d4e499e3f80b473d5d6ff36f14bcb801f78bfb9477bc300c938526795fb"}) as unknown as TypedDocumentString<ConnectorsQuery, ConnectorsQueryVariables>;
export const CreateChosenConnectLinkDocument = new TypedDocumentString(`
    mutation CreateChosenConnectLink($provider: ProviderKey, $input: CreateConnectLinkInput!) {
  createConnectLink(provider: $provider, input: $input) {
    __typename
    ... on CreateConnectLinkPayload {
      replayed
      warnings {
        path
        code
        message
      }
      connectLink {
        id
        connectorKey
        status
        url
        expiresAt
        provider {
          key
          name
          status
        }
      }
      selection {
        ...Selection
      }
    }
    ... on ConnectLinkDryRun {
      selection {
        ...Selection
      }
    }
    ... on Error {
      code
      message
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on ProviderError {
      provider
      retryable
      retryAfterSeconds
    }
    ... on UnsupportedError {
      provider
    }
  }
}
    fragment Selection on ProviderSelection {
  chosen
  connectorKey
  reason
  rejected {
    provider
    reason
  }
}`, {"hash":"sha256:4724b86f537d5dd8b63b16d4a2c51ea18294e5de2d98412582a06cf49a306eab"}) as unknown as TypedDocumentString<CreateChosenConnectLinkMutation, CreateChosenConnectLinkMutationVariables>;
export const CreateConnectLinkDocument = new TypedDocumentString(`
    mutation CreateConnectLink($provider: ProviderKey!, $input: CreateConnectLinkInput!) {
  createConnectLink(provider: $provider, input: $input) {
    __typename
    ... on CreateConnectLinkPayload {
      replayed
      warnings {
        path
        code
        message
      }
      connectLink {
        ...Link
      }
    }
    ... on Error {
      code
      message
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on ProviderError {
      provider
      retryable
      retryAfterSeconds
      providerCode
      providerRequestId
    }
  }
}
    fragment Link on ConnectLink {
  id
  status
  purpose
  url
  providerUrl
  expiresAt
  expirySource
  embeddable
  requiresProviderLogin
  instructions
  connectorKey
  direction
  createdAt
  provider {
    key
    name
    status
  }
  connector {
    key
    name
    logoUrl
  }
  endUser {
    id
    name
    email
  }
  connection {
    id
    status
    remoteId
  }
  tags {
    key
    value
  }
  history {
    from
    to
    at
    source
    reason
  }
}`, {"hash":"sha256:9d99c4e1e26dd9c2090d6fba67dffdc1c6986385ac095d39f75697d45fe9576c"}) as unknown as TypedDocumentString<CreateConnectLinkMutation, CreateConnectLinkMutationVariables>;
export const CreateSessionDocument = new TypedDocumentString(`
    mutation CreateSession($input: CreateSessionInput!) {
  createSession(input: $input) {
    __typename
    ... on CreateSessionPayload {
      token
      expiresAt
    }
    ... on InvalidInputError {
      code
      message
      issues {
        path
        message
      }
    }
  }
}
    `, {"hash":"sha256:bbc4d9e1f3a029fa5bce71a31fed2be2ca6e2b9de9e6463f6a1eeaab7221299d"}) as unknown as TypedDocumentString<CreateSessionMutation, CreateSessionMutationVariables>;
export const DisconnectDocument = new TypedDocumentString(`
    mutation Disconnect($connectionId: ID!) {
  disconnect(connectionId: $connectionId) {
    __typename
    ... on DisconnectPayload {
      removedAtProvider
      connection {
        id
        status
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:923a14f74979b42b22f90394a30c277565729979ba486ec137f56a329a033ed0"}) as unknown as TypedDocumentString<DisconnectMutation, DisconnectMutationVariables>;
export const ProvidersDocument = new TypedDocumentString(`
    query Providers {
  viewer {
    kind
    name
    scopes
  }
  providers {
    id
    key
    name
    status
    sandbox
    capabilities {
      directions
      successRedirect
      errorRedirect
      embeddable
      reconnect
      revokeLink
      disconnect
      completion
      linkLifetimeSeconds {
        default
        min
        max
      }
    }
  }
}
    `, {"hash":"sha256:700e4f91076722320addd5210f67c725140fc093b9f6bef7cc8fc53a452a3213"}) as unknown as TypedDocumentString<ProvidersQuery, ProvidersQueryVariables>;
export const ReconnectDocument = new TypedDocumentString(`
    mutation Reconnect($connectionId: ID!, $input: ReconnectInput) {
  reconnect(connectionId: $connectionId, input: $input) {
    __typename
    ... on CreateConnectLinkPayload {
      connectLink {
        id
        status
        purpose
        url
        connection {
          id
          status
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:08393d3b067f2593a8fcdb9a359b2ba1afb0ff4dd459c000d0f292c3f8d4007b"}) as unknown as TypedDocumentString<ReconnectMutation, ReconnectMutationVariables>;
export const RefreshConnectionDocument = new TypedDocumentString(`
    mutation RefreshConnection($id: ID!) {
  refreshConnection(id: $id) {
    __typename
    ... on RefreshConnectionPayload {
      connection {
        id
        status
        health {
          code
          message
        }
        lastCheckedAt
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:571a20d39055b451f8e19fede407c9163926595c1cc5b47d1506d49ba5dcc546"}) as unknown as TypedDocumentString<RefreshConnectionMutation, RefreshConnectionMutationVariables>;
export const RevokeConnectLinkDocument = new TypedDocumentString(`
    mutation RevokeConnectLink($id: ID!) {
  revokeConnectLink(id: $id) {
    __typename
    ... on RevokeConnectLinkPayload {
      revokedAtProvider
      connectLink {
        id
        status
        url
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:f8aa49cbc87d497487b43950f6db1e4ee252b5419232796be4948000190bb6b4"}) as unknown as TypedDocumentString<RevokeConnectLinkMutation, RevokeConnectLinkMutationVariables>;
