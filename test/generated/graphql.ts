/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How pages for end users present the application. What is not given is that of the settings of the gateway. */
export type BrandingInput = {
  /** Name of the application, at most 60 characters, such as in "Connect HubSpot to Acme". */
  applicationName?: string | null | undefined;
  /** Color of buttons and links, such as "#3c4bc4". The text of buttons is black or white, and the color of links is adjusted, so that both are readable. */
  color?: string | null | undefined;
  /** Image that pages show in a square beside the name: a canonical https URL, at most 500 characters. */
  logoUrl?: string | null | undefined;
  /** Privacy notice for end users: a canonical https or mailto URL, at most 500 characters. */
  privacyUrl?: string | null | undefined;
  /** Help for end users: a canonical https or mailto URL, at most 500 characters. */
  supportUrl?: string | null | undefined;
  /** Light or dark pages. */
  theme?: Theme | null | undefined;
};

/** Options of a connect link that only Census has. */
export type CensusLinkOptions = {
  /** ID of the Census group to create the connection in. Default: CENSUS_GROUP_ID. Version 2 of the Census API only. */
  groupId?: string | null | undefined;
};

/** How the gateway learns that an end user has completed a link. */
export type CompletionSignal =
  /** The connection exists as soon as the link is created. */
  | 'IMMEDIATE'
  /** Polling the provider. */
  | 'POLL'
  /** The return of the end user's browser. */
  | 'RETURN'
  /** A webhook of the provider. */
  | 'WEBHOOK';

/** Options of a connect link that only Composio has. */
export type ComposioLinkOptions = {
  /** ID of the auth config of the toolkit to connect with (`ac_…`). Default: the oldest enabled one that the toolkit has. */
  authConfigId?: string | null | undefined;
  /** Values that Composio's page presets for fields of `Connector.configSchema`. Write-only: never returned and never logged. */
  connectionData?: Record<string, unknown> | null | undefined;
};

/** Selects connections; all given fields must match. */
export type ConnectionFilter = {
  /** Only connections of the connector with this `Connector.key`. */
  connectorKey?: string | null | undefined;
  /** Only connections of the end user with this ID, the application's own. */
  endUserId?: string | null | undefined;
  /** Only connections of the organization with this ID, the application's own: those that it owns and those of its end users. */
  organizationId?: string | null | undefined;
  /** Only connections at these providers. */
  providers?: Array<ProviderKey> | null | undefined;
  /** Only connections in these statuses. Default: all but DISCONNECTED. The filter applies to `totalCount` too. */
  statuses?: Array<ConnectionStatus> | null | undefined;
  /** Only connections with this tag. For API keys only: FORBIDDEN for sessions. */
  tag?: TagInput | null | undefined;
};

/** Whom a connection belongs to. */
export type ConnectionOwner =
  /** The organization of its end user: sessions of the organization with `organizationAccess` see it too, and it is kept when the end user is erased. */
  | 'ORGANIZATION'
  /** Its end user: only sessions of that end user in the same organization see and change it. */
  | 'PERSON';

/** Whether a connection can be used. */
export type ConnectionStatus =
  /** Set up and usable. */
  | 'ACTIVE'
  /** Removed at the provider; kept as a record. */
  | 'DISCONNECTED'
  /** Not usable until a person acts; `health` says what is wrong. */
  | 'NEEDS_ATTENTION'
  /** Set up, but switched off at the provider. */
  | 'PAUSED'
  /** Created at the provider, but its setup is not finished. */
  | 'PENDING'
  /** The provider reports a state that the gateway does not know, or the provider account of the connection is no longer configured. */
  | 'UNKNOWN';

/** How an end user authorizes a connector. */
export type ConnectorAuth =
  /** API keys, passwords or other credentials that are typed in. */
  | 'KEYS'
  /** No authorization is needed. */
  | 'NONE'
  /** OAuth: a consent page of the application's own. */
  | 'OAUTH'
  /** The provider does not say. */
  | 'UNKNOWN';

/** The name of an API key, what it may do, and its lifetime. */
export type CreateApiKeyInput = {
  /** Lifetime of the API key in seconds, from 1 to 315360000 (10 years). Default: it does not expire. */
  expiresInSeconds?: number | null | undefined;
  /** Name of the API key for display, at most 100 characters; need not be unique. */
  name: string;
  /** What callers with the API key may do, at least one of: `catalogue:read`, `catalogue:refresh`, `connections:read`, `connections:write`, `connections:reconnect`, `connections:assign`, `links:read`, `links:write`, `sessions:write`, `keys:admin`, `audit:read`, `accounts:admin`, `webhooks:admin`. The calling API key must have them all. */
  scopes: Array<string>;
};

/** What to connect, for whom, and how. All issues are reported at once as InvalidInputError. Without `provider`, options of at most one provider may be given; they restrict the selection to that provider. */
export type CreateConnectLinkInput = {
  /** How the pages of the link present the application; for API keys only. Default: that of the session which creates the link, else the settings of the gateway. */
  branding?: BrandingInput | null | undefined;
  /** Options that only CENSUS has; refused for any other provider. */
  census?: CensusLinkOptions | null | undefined;
  /** Required with the guard CONFIRM, refused otherwise: the PKCE code challenge (RFC 7636, S256) of a code verifier that the application keeps for `confirmConnectLink`, in Base64url without padding. */
  codeChallenge?: string | null | undefined;
  /** Options that only COMPOSIO has; refused for any other provider. */
  composio?: ComposioLinkOptions | null | undefined;
  /** The `Connector.key` at the provider; without `provider` the `Application.slug` of the application to connect. */
  connector: string;
  /** Required if the connector offers more than one direction. */
  direction?: Direction | null | undefined;
  /** What to do when the end user already has such a connection. Default: ALLOW. */
  duplicatePolicy?: DuplicatePolicy | null | undefined;
  /** The end user who connects. Required for API keys; a session is always its own end user. */
  endUser?: EndUserInput | null | undefined;
  /** Where the browser of the end user is sent after a failure. The same URLs are allowed. Default: `redirectUri`. */
  errorRedirectUri?: string | null | undefined;
  /** Lifetime of the link in seconds, from 1 to the provider's maximum (`ProviderCapabilities.linkLifetimeSeconds`). Default: the shorter of the provider's and the gateway's lifetime. */
  expiresInSeconds?: number | null | undefined;
  /** Options that only FIVETRAN has; refused for any other provider. */
  fivetran?: FivetranLinkOptions | null | undefined;
  /** What has to show that the person who completes the link is the end user. Default: that of the gateway (LINK_GUARD). A session may not weaken the default: with SAME_BROWSER its links have SAME_BROWSER, with CONFIRM it creates none. */
  guard?: LinkGuard | null | undefined;
  /** Idempotency key, at most 255 characters, kept for 24 hours: a repeated call with the same key and input returns the same link. */
  idempotencyKey?: string | null | undefined;
  /** Language of the pages of the link: a BCP 47 tag such as "de" or "pt-BR", at most 35 characters. Pages exist in English, German, Spanish, French, Portuguese and Japanese. Default, also for a tag of another language: that of the browser, else English. */
  locale?: string | null | undefined;
  /** Options that only NANGO has; refused for any other provider. */
  nango?: NangoLinkOptions | null | undefined;
  /** Whom the connection will belong to. Default: PERSON. ORGANIZATION needs an organization of the end user, and in a session `organizationAccess` MANAGE. */
  ownedBy?: ConnectionOwner | null | undefined;
  /** Options that only PIPEDREAM has; refused for any other provider. */
  pipedream?: PipedreamLinkOptions | null | undefined;
  /** Only without `provider`: providers to prefer over others with the same health, best first. The others remain possible. */
  preferProviders?: Array<ProviderKey> | null | undefined;
  /** Where the browser of the end user is sent after success, with `connect_link_id` and `status` (success, failed or pending) in the query. `pending` also means that the connection is held back by the `guard`: see `ConnectLink.awaitingConfirmation`. These parameters replace those of the same names; the rest of the URL stays as it is, also a fragment. An https URL in canonical form, or one with the scheme of an application (`myapp://done`) that the setting REDIRECT_ORIGINS lists. In a session one of its `redirectUris`, else on an origin of REDIRECT_ORIGINS. */
  redirectUri?: string | null | undefined;
  /** Labels of the application, at most 50, copied to the connection. Never sent to the provider. For API keys only: the links of a session have the tags that it was created with. */
  tags?: Array<TagInput> | null | undefined;
  /** Options that only XPANDER has; refused for any other provider. */
  xpander?: XpanderLinkOptions | null | undefined;
};

/** An organization's account at a provider. All issues are reported at once as InvalidInputError. */
export type CreateProviderAccountInput = {
  /** Display name, at most 250 characters. */
  name: string;
  /** The organization that the account belongs to: the application's own ID, at most 250 characters. It has at most one account at each provider. */
  organizationId: string;
  /** The provider at which the account is. */
  provider: ProviderKey;
  /** The provider's credentials. Fivetran: API_KEY, API_SECRET, GROUP_ID. Census: API_VERSION, API_KEY, GROUP_ID. Pipedream: CLIENT_ID, CLIENT_SECRET, PROJECT_ID, ENVIRONMENT. xpander: API_KEY, API_FAMILY. Nango: SECRET_KEY, WEBHOOK_SECRET. Composio: API_KEY. They have the meaning and the defaults of the environment's variables. */
  settings: Array<ProviderSettingInput>;
};

/** The end user of a session, its lifetime, and what it may do. Fixed in the token, which may have at most 6,000 bytes. All issues are reported at once as InvalidInputError. */
export type CreateSessionInput = {
  /** How the pages of the session and of the links that it creates present the application. Default: the settings of the gateway. */
  branding?: BrandingInput | null | undefined;
  /** Allow-list of connectors, each as a `Connector.key` or as the `Application.slug` of what it connects to, at most 100. Links and connections of others cannot be created, reconnected, refreshed, disconnected or revoked. Default: all. */
  connectors?: Array<string> | null | undefined;
  /** The end user whose frontend uses the session. */
  endUser: EndUserInput;
  /** Lifetime of the session in seconds, from 1 to 86400. Default: 900. */
  expiresInSeconds?: number | null | undefined;
  /** Language of the pages of the session, and of the links that it creates without a locale: a BCP 47 tag such as "de" or "pt-BR", at most 35 characters. Pages exist in English, German, Spanish, French, Portuguese and Japanese. Default, also for a tag of another language: that of the browser, else English. */
  locale?: string | null | undefined;
  /** The organization that the end user acts in; the same as `endUser.organization`, if both are given. The session sees the end user's links and connections in exactly this organization; without one, only those without an organization. */
  organization?: OrganizationInput | null | undefined;
  /** Access to the connections that the organization owns. Default: none. */
  organizationAccess?: OrganizationAccess | null | undefined;
  /** What the session may do. Default: all. */
  permissions?: Array<SessionPermission> | null | undefined;
  /** Allow-list of providers; the same operations are limited to them. Default: all. */
  providers?: Array<ProviderKey> | null | undefined;
  /** Allow-list of what links may redirect to, at most 50 entries: exact URLs, origins without a path such as `https://app.example.com`, or schemes such as `myapp://` that REDIRECT_ORIGINS lists. Default: the origins of the setting REDIRECT_ORIGINS; without that setting none in production, and any otherwise. */
  redirectUris?: Array<string> | null | undefined;
  /** Where the portal leads back to the application. The URLs that `redirectUri` allows an API key are allowed. Default: none; the portal then has no way back. */
  returnUrl?: string | null | undefined;
  /** Labels of the application, at most 50, given to each link that the session creates. The session does not see them. */
  tags?: Array<TagInput> | null | undefined;
};

/** Where the endpoint is, and what it receives. */
export type CreateWebhookEndpointInput = {
  /** For display, at most 200 characters. */
  description?: string | null | undefined;
  /** Types of events, of: `connect_link.created`, `connect_link.opened`, `connect_link.attempt_failed`, `connect_link.completed`, `connect_link.failed`, `connect_link.expired`, `connect_link.revoked`, `connect_link.superseded`, `connection.created`, `connection.assigned`, `connection.renewed`, `connection.health_changed`, `connection.status_changed`, `connection.removed`, `connection.erased`, `catalogue.changed`. Default: all. */
  eventTypes?: Array<string> | null | undefined;
  /** Whether messages have only the `id` of what has changed. Default: false. */
  thin?: boolean | null | undefined;
  /** An https URL without credentials and fragment, at most 2,000 characters. Its host must resolve to public addresses, unless WEBHOOK_ALLOW_PRIVATE is true. Redirects are not followed. */
  url: string;
};

/** The direction in which data flows through a connection. */
export type Direction =
  /** Data is written to the application. */
  | 'DESTINATION'
  /** Data is read from the application. */
  | 'SOURCE'
  /** The application is called on demand, by workflows or agents. */
  | 'TOOL';

/** What to do when the end user already has an ACTIVE connection of the connector at the provider, in the same organization and with the same owner, of any external account. */
export type DuplicatePolicy =
  /** Make another one; `Connection.duplicateOf` tells if it is for the same account. */
  | 'ALLOW'
  /** Send nothing to the provider and return ConflictError with INVALID_STATE. */
  | 'REJECT'
  /** Send nothing to the provider and return a link that is COMPLETED, has no `url` and leads to the existing connection. */
  | 'REUSE';

/** An end user of the application. */
export type EndUserInput = {
  /** Email address for display, at most 320 characters. */
  email?: string | null | undefined;
  /** The application's own ID of the end user, at most 250 characters. */
  id: string;
  /** Display name, at most 250 characters. */
  name?: string | null | undefined;
  /** The organization that the end user acts in. Default: none. Only an API key sets it: an input of a session may name no other organization than that of the session. */
  organization?: OrganizationInput | null | undefined;
};

/** Machine-readable cause of an error. The message beside it is for people and may change. */
export type ErrorCode =
  /** The code or code verifier is not that of the connect link; see `attemptsLeft`. After five of them the link is FAILED and its connection is removed. */
  | 'CODE_MISMATCH'
  /** The idempotency key was used with a different input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** The input is invalid; `issues` lists all problems. */
  | 'INVALID_INPUT'
  /** The connect link, connection or API key is in a state that does not allow the operation. */
  | 'INVALID_STATE'
  /** The connector, connection, connect link, API key or provider account does not exist, or not for this caller. */
  | 'NOT_FOUND'
  /** A call with the same idempotency key is still in progress. */
  | 'OPERATION_IN_PROGRESS'
  /** The response of the provider could not be read. */
  | 'PROVIDER_INVALID_RESPONSE'
  /** The gateway has no credentials for the provider. */
  | 'PROVIDER_NOT_CONFIGURED'
  /** The quota of the provider's plan is used up; waiting does not help. */
  | 'PROVIDER_QUOTA_EXCEEDED'
  /** The provider received too many requests (HTTP 429); see `retryAfterSeconds`. */
  | 'PROVIDER_RATE_LIMITED'
  /** The provider rejected the request (HTTP 400, 409, 422 and other 4xx), or the account's plan lacks a feature or a payment (HTTP 402, some 403). */
  | 'PROVIDER_REJECTED'
  /** The operator has suspended the provider for the time of an incident. */
  | 'PROVIDER_SUSPENDED'
  /** The provider did not answer in time. Whether it carried out the request is unknown. */
  | 'PROVIDER_TIMEOUT'
  /** The provider did not accept the gateway's own credentials (HTTP 401, 403). */
  | 'PROVIDER_UNAUTHORIZED'
  /** The provider failed (HTTP 5xx) or could not be reached, or its catalogue has not been synced yet. */
  | 'PROVIDER_UNAVAILABLE'
  /** The end user has as many open connect links as the gateway allows: MAX_OPEN_LINKS_PER_END_USER, 20 by default, over all providers. Nothing was sent to the provider. */
  | 'TOO_MANY_OPEN_LINKS'
  /** The provider does not support the operation. */
  | 'UNSUPPORTED';

/** How the expiry of a connect link was determined. */
export type ExpirySource =
  /** The gateway expires the link earlier than the provider, by `expiresInSeconds` or its own policy. */
  | 'GATEWAY_POLICY'
  /** The link does not expire. */
  | 'NONE'
  /** The provider answered an expiry. */
  | 'PROVIDER'
  /** The provider's documented lifetime, counted from the creation. */
  | 'PROVIDER_DEFAULT'
  /** Derived from the issue time in the provider's token. */
  | 'TOKEN_CLAIM';

/** Why an attempt to connect failed. */
export type FailureCode =
  /** The end user or the application refused access. */
  | 'ACCESS_DENIED'
  /** Several new connections may be the one that was made through the link. They are listed without an end user; an API key can assign them. */
  | 'AMBIGUOUS'
  /** The end user canceled the attempt: at the provider, on the gateway's page or by `cancelConnectLinkAttempt`. */
  | 'CANCELLED'
  /** The colleague whom the link was handed over to declined; `message` is the reason that the colleague gave, as plain text. The link is with the end user again. */
  | 'DECLINED'
  /** The application did not accept the credentials. */
  | 'INVALID_CREDENTIALS'
  /** The connection was made, but not confirmed as the `guard` of the link requires: in time, or within five codes. It was removed. */
  | 'NOT_CONFIRMED'
  /** An account of another connector than that of the link was connected, such as after a change of the address of the provider's page. It does not belong to the end user: it is removed at the provider, or listed without an end user. */
  | 'OTHER_CONNECTOR'
  /** The connect link or its connection was deleted at the provider. */
  | 'REMOVED_AT_PROVIDER'
  /** The provider tested the connection, and a test failed. */
  | 'SETUP_TEST_FAILED'
  /** The provider did not report a reason that the gateway knows. */
  | 'UNKNOWN';

/** Options of a connect link that only Fivetran has. */
export type FivetranLinkOptions = {
  /** Show the fields that the Connect Card hides by default. */
  allFields?: boolean | null | undefined;
  /** Fields of the connector's `config`, checked against `Connector.configSchema` where Fivetran describes them; other fields are passed on unchecked. Write-only. */
  config?: Record<string, unknown> | null | undefined;
  /** ID of the Fivetran group (destination) to create the connection in. Default: FIVETRAN_GROUP_ID. */
  groupId?: string | null | undefined;
  /** Show the Connect Card without its setup guide. */
  hideSetupGuide?: boolean | null | undefined;
  /** Schema name or schema prefix in the destination: permanent and unique there. Default: generated. */
  schema?: string | null | undefined;
  /** Start syncing when the link completes; with false the connection stays paused. */
  startSync?: boolean | null | undefined;
  /** Table or table group, for connectors that have one. */
  table?: string | null | undefined;
};

/** What a funnel is grouped by. */
export type FunnelGrouping =
  /** A group for each connector of each provider. */
  | 'CONNECTOR'
  /** A group for each day, in UTC, on which links were created. */
  | 'DAY'
  /** A group for each organization; `organizationId` is null for links without one. */
  | 'ORGANIZATION'
  /** A group for each provider. */
  | 'PROVIDER';

/** A step of connect links; a link that has reached one has reached those before it. */
export type FunnelStage =
  /** The end user came back from the provider, or tried to connect there and failed. */
  | 'ATTEMPTED'
  /** The connection was made. */
  | 'COMPLETED'
  /** The link was created. */
  | 'CREATED'
  /** The end user opened the link. */
  | 'OPENED';

/** What the colleague sees, and for how long the address of the colleague works. */
export type HandOverConnectLinkInput = {
  /** Lifetime of the address of the colleague. Default, and at most: the remaining lifetime of the link. */
  expiresInSeconds?: number | null | undefined;
  /** Message to the colleague, at most 300 characters. Shown as plain text on one line. Default: none. */
  message?: string | null | undefined;
  /** Name of the end user, at most 100 characters; shown only if the link has neither a name nor an email address of its end user. Default: none. */
  requesterName?: string | null | undefined;
};

/** How a hand-over of a connect link stands. Whether the colleague connected is `ConnectLink.status`. */
export type HandOverState =
  /** The colleague declined: the link is with its end user again. */
  | 'DECLINED'
  /** The colleague's address has expired: the link is with its end user again. */
  | 'EXPIRED'
  /** The colleague has opened the address. */
  | 'OPENED'
  /** The link was taken back: it is with its end user again. */
  | 'TAKEN_BACK'
  /** The colleague has not opened the address yet. */
  | 'WAITING';

/** What, if anything, is wrong with a connection. */
export type HealthCode =
  /** It works, but with delays or in part. */
  | 'DEGRADED'
  /** Its setup is not finished. */
  | 'NEEDS_CONFIG'
  /** An end user has to authorize it again: use `reconnectConnection`. */
  | 'NEEDS_REAUTH'
  /** It works. */
  | 'OK'
  /** The authorization was withdrawn, or the connection was removed. */
  | 'REVOKED'
  /** The provider does not say. */
  | 'UNKNOWN';

/** What has to show that the person who completes a connect link is the end user it was made for. Until then the connection is held back: no caller sees it. */
export type LinkGuard =
  /** The application confirms with `confirmConnectLink` and the code verifier of `codeChallenge`, for example when the browser is back in the signed-in session of the end user. Keep the verifier on a server: a person who has it can confirm. */
  | 'CONFIRM'
  /** Nothing: the connection of each person who completes the link belongs to the end user. */
  | 'NONE'
  /** The browser that completes the link was sent to it by the application (`claimConnectLink`). If another one completes it, that browser shows a six-digit code, and the end user enters it in the application (`confirmConnectLink`). */
  | 'SAME_BROWSER';

/** What a connect link is for. */
export type LinkPurpose =
  /** It makes a new connection. */
  | 'CONNECT'
  /** It authorizes an existing connection again. */
  | 'RECONNECT';

/** State of a connect link. COMPLETED, FAILED, EXPIRED, REVOKED and SUPERSEDED are final and never change. */
export type LinkStatus =
  /** The end user has returned from the provider, or has tried there; not confirmed yet. */
  | 'AUTHORIZING'
  /** The provider has confirmed the connection. Final. */
  | 'COMPLETED'
  /** Created; not opened through `ConnectLink.url` yet. */
  | 'CREATED'
  /** It was not completed before `expiresAt`. Final. */
  | 'EXPIRED'
  /** It ended without a connection; the last entry of `history` has the reason. Final. */
  | 'FAILED'
  /** The end user has opened `ConnectLink.url`. */
  | 'OPENED'
  /** It was revoked before it was completed. Final. */
  | 'REVOKED'
  /** A newer reconnect link for the same connection replaced it. Final. */
  | 'SUPERSEDED';

/** Options of a connect link that only Nango has. */
export type NangoLinkOptions = {
  /** Parameters to add to the address at which the end user authorizes the access. */
  authorizationParams?: Record<string, unknown> | null | undefined;
  /** Settings of the account to connect, such as `{ subdomain: "acme" }`: the end user need not enter them. Write-only. */
  connectionConfig?: Record<string, unknown> | null | undefined;
  /** OAuth scopes to request from the end user (Slack), separated by commas. */
  userScopes?: string | null | undefined;
};

/** What a session may do with the connections whose `owner` is its ORGANIZATION. */
export type OrganizationAccess =
  /** As READ; the session may also create, reconnect, refresh and disconnect them. */
  | 'MANAGE'
  /** The session sees them, but of those that another end user made neither `endUser` nor `externalAccount` and `name`, which can name that person. Changing one fails with a GraphQL error with code FORBIDDEN. */
  | 'READ';

/** An organization of the application. */
export type OrganizationInput = {
  /** The application's own ID of the organization, at most 250 characters. */
  id: string;
  /** Display name, at most 250 characters. */
  name?: string | null | undefined;
};

/** Options of a connect link that only Pipedream has. */
export type PipedreamLinkOptions = {
  /** Allow the end user to grant further OAuth scopes later. */
  allowProgressiveScopes?: boolean | null | undefined;
  /** Origins from which a browser may use the Connect token. */
  allowedOrigins?: Array<string> | null | undefined;
  /** ID of your own OAuth client at Pipedream (`oa_…`). */
  oauthAppId?: string | null | undefined;
  /** OAuth scopes of the Connect token, separated by blanks. */
  scope?: string | null | undefined;
};

/** Selects provider accounts; all given fields must match. */
export type ProviderAccountFilter = {
  /** Only accounts of the organization with this ID, the application's own. */
  organizationId?: string | null | undefined;
  /** Only accounts at this provider. */
  provider?: ProviderKey | null | undefined;
};

/** A connector provider behind the gateway. */
export type ProviderKey =
  /** Census, now Fivetran Activations: Connect Links. Syncs data out of a data warehouse. */
  | 'CENSUS'
  /** Composio: Connect Links. Accounts of toolkits for AI agents. */
  | 'COMPOSIO'
  /** Fivetran: Connect Cards. Syncs data from sources into a data warehouse. */
  | 'FIVETRAN'
  /** Nango: connect sessions for the integrations of an environment, in its cloud or self-hosted. */
  | 'NANGO'
  /** Pipedream Connect: Connect tokens. Accounts of apps for workflows and AI agents. */
  | 'PIPEDREAM'
  /** xpander.ai: connectors for AI agents. */
  | 'XPANDER';

/** One setting of a provider account, such as a part of its credentials. */
export type ProviderSettingInput = {
  /** A variable of the provider's credentials, with or without the provider's prefix: `FIVETRAN_API_KEY` or `API_KEY`. Base URLs cannot be set. */
  name: string;
  /** Its value: 1 to 1000 printable ASCII characters without spaces. Stored encrypted, and never returned. */
  value: string;
};

/** Whether a provider has answered the latest calls. */
export type ProviderStatus =
  /** The last one or two calls failed. */
  | 'DEGRADED'
  /** At least the last three calls failed, or the circuit breaker is open: so many calls failed that, for a while, calls are refused at once instead of being sent. */
  | 'DOWN'
  /** The gateway has no credentials for the provider. */
  | 'NOT_CONFIGURED'
  /** The operator has suspended it for the time of an incident: nothing is connected there. */
  | 'SUSPENDED'
  /** The last call succeeded, or none has been made yet. */
  | 'UP';

/** How to reconnect a connection. All issues are reported at once as InvalidInputError. */
export type ReconnectConnectionInput = {
  /** How the pages of the link present the application; for API keys only. Default: that of the session which creates the link, else the settings of the gateway. */
  branding?: BrandingInput | null | undefined;
  /** Options that only CENSUS has; refused for any other provider. */
  census?: CensusLinkOptions | null | undefined;
  /** Required with the guard CONFIRM, refused otherwise: the PKCE code challenge (RFC 7636, S256) of a code verifier that the application keeps for `confirmConnectLink`, in Base64url without padding. */
  codeChallenge?: string | null | undefined;
  /** Options that only COMPOSIO has; refused for any other provider. */
  composio?: ComposioLinkOptions | null | undefined;
  /** The end user who reconnects. Required if the connection has none. Default: that of the connection, the only possible one unless an organization owns the connection. */
  endUser?: EndUserInput | null | undefined;
  /** Where the browser of the end user is sent after a failure. The same URLs are allowed. Default: `redirectUri`. */
  errorRedirectUri?: string | null | undefined;
  /** Lifetime of the link in seconds, from 1 to the provider's maximum (`ProviderCapabilities.linkLifetimeSeconds`). Default: the shorter of the provider's and the gateway's lifetime. */
  expiresInSeconds?: number | null | undefined;
  /** Options that only FIVETRAN has; refused for any other provider. */
  fivetran?: FivetranLinkOptions | null | undefined;
  /** What has to show that the person who completes the link is the end user. Default: that of the gateway (LINK_GUARD). A session may not weaken the default: with SAME_BROWSER its links have SAME_BROWSER, with CONFIRM it creates none. */
  guard?: LinkGuard | null | undefined;
  /** Idempotency key, at most 255 characters, kept for 24 hours: a repeated call with the same key and input returns the same link. */
  idempotencyKey?: string | null | undefined;
  /** Language of the pages of the link: a BCP 47 tag such as "de" or "pt-BR", at most 35 characters. Pages exist in English, German, Spanish, French, Portuguese and Japanese. Default, also for a tag of another language: that of the browser, else English. */
  locale?: string | null | undefined;
  /** Options that only NANGO has; refused for any other provider. */
  nango?: NangoLinkOptions | null | undefined;
  /** Options that only PIPEDREAM has; refused for any other provider. */
  pipedream?: PipedreamLinkOptions | null | undefined;
  /** Where the browser of the end user is sent after success, with `connect_link_id` and `status` (success, failed or pending) in the query. `pending` also means that the connection is held back by the `guard`: see `ConnectLink.awaitingConfirmation`. These parameters replace those of the same names; the rest of the URL stays as it is, also a fragment. An https URL in canonical form, or one with the scheme of an application (`myapp://done`) that the setting REDIRECT_ORIGINS lists. In a session one of its `redirectUris`, else on an origin of REDIRECT_ORIGINS. */
  redirectUri?: string | null | undefined;
  /** Labels of the application, at most 50, copied to the connection. Never sent to the provider. For API keys only: the links of a session have the tags that it was created with. */
  tags?: Array<TagInput> | null | undefined;
  /** Options that only XPANDER has; refused for any other provider. */
  xpander?: XpanderLinkOptions | null | undefined;
};

/** What a session may do; each stands for one or more of `Viewer.scopes`. */
export type SessionPermission =
  /** Remove connections of the end user at their providers. */
  | 'DISCONNECT'
  /** Create, plan and revoke connect links, and read the catalogue. */
  | 'LINK'
  /** Read the catalogue, and read, refresh and watch the end user's connect links and connections. */
  | 'READ'
  /** Create connect links that reconnect connections of the end user. */
  | 'RECONNECT';

/** Whether a suspended provider is called. */
export type SuspensionReads =
  /** Connections and catalogues are read on, links that end users have completed are completed here, and connections can be disconnected. */
  | 'CONTINUE'
  /** Nothing is sent to the provider, except to verify credentials of an account that is created or rotated; lists show what is stored. */
  | 'STOP';

/** How complete and recent one provider's part of a list is. */
export type SyncFreshness =
  /** Never synced completely: entries of this provider are missing. */
  | 'FAILED'
  /** Complete and recent. */
  | 'FRESH'
  /** The gateway has no credentials for this provider. */
  | 'NOT_CONFIGURED'
  /** Complete as of `syncedAt`, and due for a sync; `error` is set if the last one failed. */
  | 'STALE';

/** A label of the application. */
export type TagInput = {
  /** Key of the tag, at most 64 characters; unique per link. */
  key: string;
  /** Value of the tag, at most 500 characters. */
  value: string;
};

/** The color scheme of pages. */
export type Theme =
  /** Light or dark, as the browser of the end user prefers. */
  | 'AUTO'
  /** Always dark. */
  | 'DARK'
  /** Always light. */
  | 'LIGHT';

/** What caused a status change of a connect link. */
export type TransitionSource =
  /** A call of this API. */
  | 'API_CALL'
  /** The end user's browser returned from the provider. */
  | 'BROWSER_RETURN'
  /** The colleague whom the end user has handed the link over to, on one of the gateway's pages. */
  | 'COLLEAGUE'
  /** The end user, on one of the gateway's pages. */
  | 'HOSTED_PAGE'
  /** The gateway polled the provider. */
  | 'PROVIDER_POLL'
  /** A webhook of the provider, confirmed by reading back from it. */
  | 'PROVIDER_WEBHOOK'
  /** The gateway expired the link at `expiresAt`. */
  | 'TIMEOUT';

/** Changes of a webhook endpoint; what is absent stays as it is. */
export type UpdateWebhookEndpointInput = {
  /** For display, at most 200 characters; null removes it. */
  description?: string | null | undefined;
  /** true: it receives nothing any more, and events of that time are not queued for it. false: it receives again, first what was pending when it was disabled. */
  disabled?: boolean | null | undefined;
  /** Types of events, of: `connect_link.created`, `connect_link.opened`, `connect_link.attempt_failed`, `connect_link.completed`, `connect_link.failed`, `connect_link.expired`, `connect_link.revoked`, `connect_link.superseded`, `connection.created`, `connection.assigned`, `connection.renewed`, `connection.health_changed`, `connection.status_changed`, `connection.removed`, `connection.erased`, `catalogue.changed`. Empty: all. */
  eventTypes?: Array<string> | null | undefined;
  /** Whether messages have only the `id` of what has changed. */
  thin?: boolean | null | undefined;
  /** The new URL, under the same rules as at the creation. */
  url?: string | null | undefined;
};

/** How a caller is authenticated. */
export type ViewerKind =
  /** By an API key: a server of the application. */
  | 'API_KEY'
  /** By a session token: an end user's frontend. */
  | 'END_USER';

/** Why an option has no effect. */
export type WarningCode =
  /** The provider does not support the option for this link. */
  | 'NOT_SUPPORTED_BY_PROVIDER';

/** Why a webhook endpoint receives nothing. */
export type WebhookEndpointDisabledReason =
  /** By `updateWebhookEndpoint`. */
  | 'API_CALL'
  /** All attempts of a message failed, over about 30 hours, and no other message was delivered for 24 hours. */
  | 'FAILING'
  /** The endpoint answered with HTTP status 410. */
  | 'GONE';

/** Whether a webhook message is still to be delivered. */
export type WebhookMessageState =
  /** The endpoint has answered with a 2xx status. */
  | 'DELIVERED'
  /** All 12 attempts failed. It is sent again by `redeliverWebhook` only. */
  | 'FAILED'
  /** It is sent at `nextAttemptAt`, if the endpoint is enabled. */
  | 'PENDING';

/** Who may use an xpander connection. */
export type XpanderAccessScope =
  /** Every member of the xpander organization. */
  | 'ORGANIZATIONAL'
  /** Only the xpander user who created it. */
  | 'PERSONAL';

/** Options of a connect link that only xpander.ai has. */
export type XpanderLinkOptions = {
  /** Who may use the connection. Default: ORGANIZATIONAL. */
  accessScope?: XpanderAccessScope | null | undefined;
  /** Parameters that are preset for every call of the connection. */
  generalParams?: Array<Record<string, unknown>> | null | undefined;
  /** HTTP headers that are sent with every call of the connection. Write-only. */
  headers?: Record<string, unknown> | null | undefined;
  /** The connected account is a service account. */
  isServiceAccount?: boolean | null | undefined;
  /** Name of the connection; a suffix that is unique for the link is appended. */
  name?: string | null | undefined;
  /** Credentials of the account to connect, as `Connector.connectionHint` describes them; `{}` if the connector needs none. With it the connection is created at once, without it the link leads to the connector's page. Write-only: never returned and never logged. */
  security?: Record<string, unknown> | null | undefined;
  /** Servers of the target system, each with `url` and `description`. */
  targetSystemServers?: Array<Record<string, unknown>> | null | undefined;
  /** Version of the connector. Default: the latest. */
  version?: string | null | undefined;
};

export type ApiKeysQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { apiKeys: { totalCount: number | null, nodes: Array<{ id: string, name: string, scopes: Array<string>, createdAt: string, createdBy: string, expiresAt: string | null, previousExpiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ApplicationQueryVariables = Exact<{
  slug: string;
}>;


export type ApplicationQuery = { application: { id: string, slug: string, name: string, description: string | null, logoUrl: string | null, categories: Array<string>, linkable: boolean, bestOffer: { key: string, name: string, directions: Array<Direction>, provider: { key: ProviderKey, name: string } } | null, offers: Array<{ key: string, name: string, directions: Array<Direction>, linkable: boolean, provider: { key: ProviderKey, name: string } }> } | null };

export type ApplicationsQueryVariables = Exact<{
  search?: string | null | undefined;
  category?: string | null | undefined;
  linkableOnly?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ApplicationsQuery = { applications: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, syncStatus: Array<{ provider: ProviderKey, state: SyncFreshness, syncedAt: string | null, error: string | null }>, nodes: Array<{ id: string, slug: string, name: string, description: string | null, logoUrl: string | null, categories: Array<string>, linkable: boolean, bestOffer: { key: string, name: string, directions: Array<Direction>, provider: { key: ProviderKey, name: string } } | null }> } };

export type CancelConnectLinkAttemptMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelConnectLinkAttemptMutation = { cancelConnectLinkAttempt:
    | { __typename: 'CancelConnectLinkAttemptPayload', connectLink: { id: string, status: LinkStatus, lastFailure: { code: FailureCode, message: string | null } | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type ClaimConnectLinkMutationVariables = Exact<{
  id: string | number;
}>;


export type ClaimConnectLinkMutation = { claimConnectLink:
    | { __typename: 'ClaimConnectLinkPayload', claim: string, expiresAt: string, connectLink: { id: string, url: string | null } }
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type OpenConnectCancelMutationVariables = Exact<{
  id: string | number;
}>;


export type OpenConnectCancelMutation = { result:
    | { __typename: 'CancelConnectLinkAttemptPayload' }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type OpenConnectClaimMutationVariables = Exact<{
  id: string | number;
}>;


export type OpenConnectClaimMutation = { result:
    | { __typename: 'ClaimConnectLinkPayload', claim: string }
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type OpenConnectCreateMutationVariables = Exact<{
  provider?: ProviderKey | null | undefined;
  input: CreateConnectLinkInput;
}>;


export type OpenConnectCreateMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateConnectLinkPayload', link: { id: string, status: LinkStatus, url: string | null, embeddable: boolean, guard: LinkGuard, awaitingConfirmation: boolean, lastFailure: { code: FailureCode, message: string | null, at: string } | null, handOver: { state: HandOverState } | null, connection: { id: string, name: string | null, status: ConnectionStatus, connectorKey: string, createdAt: string, provider: { key: ProviderKey, name: string }, connector: { key: string, name: string, logoUrl: string | null } | null } | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type OpenConnectLinkQueryVariables = Exact<{
  id: string | number;
}>;


export type OpenConnectLinkQuery = { result: { id: string, status: LinkStatus, url: string | null, embeddable: boolean, guard: LinkGuard, awaitingConfirmation: boolean, lastFailure: { code: FailureCode, message: string | null, at: string } | null, handOver: { state: HandOverState } | null, connection: { id: string, name: string | null, status: ConnectionStatus, connectorKey: string, createdAt: string, provider: { key: ProviderKey, name: string }, connector: { key: string, name: string, logoUrl: string | null } | null } | null } | null };

export type OpenConnectReconnectMutationVariables = Exact<{
  id: string | number;
  input?: ReconnectConnectionInput | null | undefined;
}>;


export type OpenConnectReconnectMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateConnectLinkPayload', link: { id: string, status: LinkStatus, url: string | null, embeddable: boolean, guard: LinkGuard, awaitingConfirmation: boolean, lastFailure: { code: FailureCode, message: string | null, at: string } | null, handOver: { state: HandOverState } | null, connection: { id: string, name: string | null, status: ConnectionStatus, connectorKey: string, createdAt: string, provider: { key: ProviderKey, name: string }, connector: { key: string, name: string, logoUrl: string | null } | null } | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type OpenConnectUpdatesSubscriptionVariables = Exact<{
  id?: string | number | null | undefined;
}>;


export type OpenConnectUpdatesSubscription = { result: { id: string, status: LinkStatus, url: string | null, embeddable: boolean, guard: LinkGuard, awaitingConfirmation: boolean, lastFailure: { code: FailureCode, message: string | null, at: string } | null, handOver: { state: HandOverState } | null, connection: { id: string, name: string | null, status: ConnectionStatus, connectorKey: string, createdAt: string, provider: { key: ProviderKey, name: string }, connector: { key: string, name: string, logoUrl: string | null } | null } | null } };

export type ConfirmConnectLinkMutationVariables = Exact<{
  id: string | number;
  code?: string | null | undefined;
  codeVerifier?: string | null | undefined;
}>;


export type ConfirmConnectLinkMutation = { confirmConnectLink:
    | { __typename: 'ConfirmConnectLinkPayload', connectLink: { id: string, status: LinkStatus, connection: { id: string } | null } }
    | { __typename: 'ConflictError', attemptsLeft: number | null, code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
   };

export type ConnectLinkUpdatedSubscriptionVariables = Exact<{
  id?: string | number | null | undefined;
}>;


export type ConnectLinkUpdatedSubscription = { connectLinkUpdated: { id: string, status: LinkStatus, awaitingConfirmation: boolean, connection: { id: string, status: ConnectionStatus } | null, history: Array<{ to: LinkStatus, source: TransitionSource, at: string }> } };

export type ConnectLinkQueryVariables = Exact<{
  id: string | number;
}>;


export type ConnectLinkQuery = { connectLink: { id: string, status: LinkStatus, url: string | null, expiresAt: string | null, awaitingConfirmation: boolean, confirmationExpiresAt: string | null, connection: { id: string, status: ConnectionStatus, health: { code: HealthCode }, connector: { name: string } | null } | null, history: Array<{ from: LinkStatus | null, to: LinkStatus, at: string, source: TransitionSource, reason: string | null }> } | null };

export type ConnectionsQueryVariables = Exact<{
  filter?: ConnectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectionsQuery = { connections: { totalCount: number | null, pageInfo: { hasNextPage: boolean, endCursor: string | null }, syncStatus: Array<{ provider: ProviderKey, state: SyncFreshness, syncedAt: string | null, error: string | null }>, nodes: Array<{ id: string, name: string | null, remoteId: string, status: ConnectionStatus, connectorKey: string, direction: Direction, createdAt: string, lastCheckedAt: string | null, health: { code: HealthCode, message: string | null, since: string | null }, endUser: { id: string } | null, provider: { key: ProviderKey, name: string, status: ProviderStatus }, connector: { key: string, name: string, logoUrl: string | null, auth: ConnectorAuth } | null }> } };

export type ConnectorsQueryVariables = Exact<{
  search?: string | null | undefined;
  providers?: Array<ProviderKey> | ProviderKey | null | undefined;
  direction?: Direction | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConnectorsQuery = { connectors: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, syncStatus: Array<{ provider: ProviderKey, state: SyncFreshness, syncedAt: string | null, error: string | null }>, nodes: Array<{ id: string, key: string, name: string, description: string | null, logoUrl: string | null, categories: Array<string>, directions: Array<Direction>, auth: ConnectorAuth, linkable: boolean, provider: { key: ProviderKey } }> } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey:
    | { __typename: 'CreateApiKeyPayload', key: string, apiKey: { id: string, name: string, scopes: Array<string>, createdAt: string, expiresAt: string | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   };

export type CreateConnectLinkWithSelectionMutationVariables = Exact<{
  provider?: ProviderKey | null | undefined;
  input: CreateConnectLinkInput;
}>;


export type CreateConnectLinkWithSelectionMutation = { createConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateConnectLinkPayload', replayed: boolean, warnings: Array<{ path: Array<string>, code: WarningCode, message: string }>, connectLink: { id: string, connectorKey: string, status: LinkStatus, url: string | null, expiresAt: string | null, provider: { key: ProviderKey, name: string, status: ProviderStatus } }, selection: { chosen: ProviderKey, connectorKey: string, reason: string, rejected: Array<{ provider: ProviderKey, reason: string }> } | null }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string, provider: ProviderKey, retryable: boolean, retryAfterSeconds: number | null }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string, provider: ProviderKey }
   };

export type CreateConnectLinkMutationVariables = Exact<{
  provider: ProviderKey;
  input: CreateConnectLinkInput;
}>;


export type CreateConnectLinkMutation = { createConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateConnectLinkPayload', replayed: boolean, warnings: Array<{ path: Array<string>, code: WarningCode, message: string }>, connectLink: { id: string, status: LinkStatus, purpose: LinkPurpose, url: string | null, providerUrl: string | null, expiresAt: string | null, expirySource: ExpirySource, embeddable: boolean, requiresProviderLogin: boolean, instructions: string | null, connectorKey: string, direction: Direction, createdAt: string, provider: { key: ProviderKey, name: string, status: ProviderStatus }, connector: { key: string, name: string, logoUrl: string | null } | null, endUser: { id: string, name: string | null, email: string | null }, connection: { id: string, status: ConnectionStatus, remoteId: string } | null, tags: Array<{ key: string, value: string }>, history: Array<{ from: LinkStatus | null, to: LinkStatus, at: string, source: TransitionSource, reason: string | null }> } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string, provider: ProviderKey, retryable: boolean, retryAfterSeconds: number | null, providerErrorCode: string | null, providerRequestId: string | null }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type LinkFragment = { id: string, status: LinkStatus, purpose: LinkPurpose, url: string | null, providerUrl: string | null, expiresAt: string | null, expirySource: ExpirySource, embeddable: boolean, requiresProviderLogin: boolean, instructions: string | null, connectorKey: string, direction: Direction, createdAt: string, provider: { key: ProviderKey, name: string, status: ProviderStatus }, connector: { key: string, name: string, logoUrl: string | null } | null, endUser: { id: string, name: string | null, email: string | null }, connection: { id: string, status: ConnectionStatus, remoteId: string } | null, tags: Array<{ key: string, value: string }>, history: Array<{ from: LinkStatus | null, to: LinkStatus, at: string, source: TransitionSource, reason: string | null }> };

export type CreatePortalSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreatePortalSessionMutation = { createSession:
    | { __typename: 'CreateSessionPayload', token: string, portalUrl: string, expiresAt: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   };

export type CreateProviderAccountMutationVariables = Exact<{
  input: CreateProviderAccountInput;
}>;


export type CreateProviderAccountMutation = { createProviderAccount:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateProviderAccountPayload', providerAccount: { id: string, organizationId: string, name: string, status: ProviderStatus, settingNames: Array<string>, createdAt: string, verifiedAt: string, provider: { key: ProviderKey } } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type CreateSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreateSessionMutation = { createSession:
    | { __typename: 'CreateSessionPayload', token: string, expiresAt: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   };

export type CreateWebhookEndpointMutationVariables = Exact<{
  input: CreateWebhookEndpointInput;
}>;


export type CreateWebhookEndpointMutation = { createWebhookEndpoint:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateWebhookEndpointPayload', secret: string, webhookEndpoint: { id: string, url: string, eventTypes: Array<string> } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   };

export type DeleteWebhookEndpointMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteWebhookEndpointMutation = { deleteWebhookEndpoint:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'DeleteWebhookEndpointPayload', webhookEndpoint: { id: string } }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type DisconnectConnectionMutationVariables = Exact<{
  id: string | number;
}>;


export type DisconnectConnectionMutation = { disconnectConnection:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'DisconnectConnectionPayload', removedAtProvider: boolean, connection: { id: string, status: ConnectionStatus } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type ExposureQueryVariables = Exact<{
  provider: ProviderKey;
  from: string;
  to: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ExposureQuery = { exposure: { connectionCount: number, connectLinkCount: number, endUserCount: number, organizationCount: number, connections: { nodes: Array<{ id: string, remoteId: string, status: ConnectionStatus, connectorKey: string, endUser: { id: string } | null, organization: { id: string } | null, externalAccount: { name: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } };

export type FunnelQueryVariables = Exact<{
  from: string;
  to: string;
  groupBy?: FunnelGrouping | null | undefined;
}>;


export type FunnelQuery = { funnel: { groupCount: number, total: { created: number, opened: number, attempted: number, completed: number, medianSecondsToOpen: number | null, medianSecondsToComplete: number | null, drops: Array<{ stage: FunnelStage, status: LinkStatus, failureCode: FailureCode | null, count: number }> }, groups: Array<{ provider: ProviderKey | null, connectorKey: string | null, organizationId: string | null, day: string | null, created: number, opened: number, attempted: number, completed: number, medianSecondsToOpen: number | null, medianSecondsToComplete: number | null, drops: Array<{ stage: FunnelStage, status: LinkStatus, failureCode: FailureCode | null, count: number }> }> } };

export type FunnelNumbersFragment = { created: number, opened: number, attempted: number, completed: number, medianSecondsToOpen: number | null, medianSecondsToComplete: number | null, drops: Array<{ stage: FunnelStage, status: LinkStatus, failureCode: FailureCode | null, count: number }> };

export type HandOverConnectLinkMutationVariables = Exact<{
  id: string | number;
  input?: HandOverConnectLinkInput | null | undefined;
}>;


export type HandOverConnectLinkMutation = { handOverConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'HandOverConnectLinkPayload', url: string, connectLink: { id: string, url: string | null, handOver: { state: HandOverState, expiresAt: string | null } | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   };

export type PlanConnectLinkQueryVariables = Exact<{
  provider?: ProviderKey | null | undefined;
  input: CreateConnectLinkInput;
}>;


export type PlanConnectLinkQuery = { planConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PlanConnectLinkPayload', selection: { chosen: ProviderKey, connectorKey: string, reason: string, rejected: Array<{ provider: ProviderKey, reason: string }> } }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type ProviderAccountsQueryVariables = Exact<{
  filter?: ProviderAccountFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ProviderAccountsQuery = { providerAccounts: { totalCount: number, nodes: Array<{ id: string, organizationId: string, name: string, status: ProviderStatus, settingNames: Array<string>, createdAt: string, updatedAt: string, verifiedAt: string, provider: { key: ProviderKey, name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ProviderSuspensionsQueryVariables = Exact<{
  isActive?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ProviderSuspensionsQuery = { providerSuspensions: { totalCount: number | null, nodes: Array<{ id: string, provider: ProviderKey, isForOneAccount: boolean, reads: SuspensionReads, reason: string, since: string, createdAt: string, resumedAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { viewer: { kind: ViewerKind, name: string | null, scopes: Array<string> }, providers: Array<{ id: string, key: ProviderKey, name: string, status: ProviderStatus, sandbox: boolean, capabilities: { directions: Array<Direction>, successRedirect: boolean, errorRedirect: boolean, embeddable: boolean, reconnect: boolean, revokeLink: boolean, disconnect: boolean, completion: Array<CompletionSignal>, linkLifetimeSeconds: { default: number, min: number | null, max: number | null } | null } }> };

export type ReconnectConnectionMutationVariables = Exact<{
  id: string | number;
  input?: ReconnectConnectionInput | null | undefined;
}>;


export type ReconnectConnectionMutation = { reconnectConnection:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateConnectLinkPayload', connectLink: { id: string, status: LinkStatus, purpose: LinkPurpose, url: string | null, connection: { id: string, status: ConnectionStatus } | null } }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type RedeliverWebhookMutationVariables = Exact<{
  id?: string | number | null | undefined;
  endpointId?: string | number | null | undefined;
  since?: string | null | undefined;
}>;


export type RedeliverWebhookMutation = { redeliverWebhook:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RedeliverWebhookPayload', count: number }
   };

export type RefreshConnectionMutationVariables = Exact<{
  id: string | number;
}>;


export type RefreshConnectionMutation = { refreshConnection:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'RefreshConnectionPayload', connection: { id: string, status: ConnectionStatus, lastCheckedAt: string | null, health: { code: HealthCode, message: string | null } } }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type RemoveProviderAccountMutationVariables = Exact<{
  id: string | number;
}>;


export type RemoveProviderAccountMutation = { removeProviderAccount:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RemoveProviderAccountPayload', providerAccount: { id: string, organizationId: string, name: string, status: ProviderStatus } }
   };

export type ResumeProviderMutationVariables = Exact<{
  id: string | number;
}>;


export type ResumeProviderMutation = { resumeProvider:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ResumeProviderPayload', providerSuspension: { id: string, provider: ProviderKey, resumedAt: string | null } }
   };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeApiKeyMutation = { revokeApiKey:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RevokeApiKeyPayload', apiKey: { id: string, name: string, revokedAt: string | null } }
   };

export type RevokeConnectLinkMutationVariables = Exact<{
  id: string | number;
}>;


export type RevokeConnectLinkMutation = { revokeConnectLink:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'RevokeConnectLinkPayload', revokedAtProvider: boolean, connectLink: { id: string, status: LinkStatus, url: string | null } }
   };

export type RevokeSessionsMutationVariables = Exact<{
  endUserId: string;
}>;


export type RevokeSessionsMutation = { revokeSessions:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'RevokeSessionsPayload', revokedAt: string }
   };

export type RotateApiKeyMutationVariables = Exact<{
  id: string | number;
  overlapSeconds?: number | null | undefined;
}>;


export type RotateApiKeyMutation = { rotateApiKey:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RotateApiKeyPayload', key: string, apiKey: { id: string, name: string, scopes: Array<string>, expiresAt: string | null, previousExpiresAt: string | null } }
   };

export type RotateProviderAccountMutationVariables = Exact<{
  id: string | number;
  settings: Array<ProviderSettingInput> | ProviderSettingInput;
}>;


export type RotateProviderAccountMutation = { rotateProviderAccount:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProviderError', code: ErrorCode, message: string }
    | { __typename: 'RotateProviderAccountPayload', providerAccount: { id: string, status: ProviderStatus, settingNames: Array<string>, createdAt: string, updatedAt: string, verifiedAt: string } }
    | { __typename: 'UnsupportedError', code: ErrorCode, message: string }
   };

export type RotateWebhookSecretMutationVariables = Exact<{
  id: string | number;
  overlapSeconds?: number | null | undefined;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RotateWebhookSecretPayload', secret: string, webhookEndpoint: { id: string, previousSecretExpiresAt: string | null } }
   };

export type SendTestWebhookMutationVariables = Exact<{
  endpointId: string | number;
}>;


export type SendTestWebhookMutation = { sendTestWebhook:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SendTestWebhookPayload', webhookMessage: { id: string, messageId: string, state: WebhookMessageState } }
   };

export type SuspendProviderMutationVariables = Exact<{
  provider: ProviderKey;
  reason: string;
  since?: string | null | undefined;
  reads?: SuspensionReads | null | undefined;
  providerAccountId?: string | number | null | undefined;
}>;


export type SuspendProviderMutation = { suspendProvider:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SuspendProviderPayload', providerSuspension: { id: string, provider: ProviderKey, isForOneAccount: boolean, reads: SuspensionReads, reason: string, since: string, createdAt: string } }
   };

export type TakeBackConnectLinkMutationVariables = Exact<{
  id: string | number;
}>;


export type TakeBackConnectLinkMutation = { takeBackConnectLink:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'TakeBackConnectLinkPayload', connectLink: { id: string, status: LinkStatus, handOver: { state: HandOverState } | null } }
   };

export type UpdateWebhookEndpointMutationVariables = Exact<{
  id: string | number;
  input: UpdateWebhookEndpointInput;
}>;


export type UpdateWebhookEndpointMutation = { updateWebhookEndpoint:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateWebhookEndpointPayload', webhookEndpoint: { id: string, url: string, eventTypes: Array<string>, disabledAt: string | null } }
   };

export type WebhookEndpointsQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhookEndpointsQuery = { webhookEndpoints: Array<{ id: string, url: string, description: string | null, eventTypes: Array<string>, thin: boolean, isFromEnvironment: boolean, disabledAt: string | null, disabledReason: WebhookEndpointDisabledReason | null, failingSince: string | null, createdAt: string }> };

export type WebhookMessagesQueryVariables = Exact<{
  endpointId: string | number;
  states?: Array<WebhookMessageState> | WebhookMessageState | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhookMessagesQuery = { node:
    | { messages: { nodes: Array<{ id: string, messageId: string, type: string, state: WebhookMessageState, attempts: number, createdAt: string, nextAttemptAt: string | null, lastAttemptAt: string | null, lastStatus: number | null, lastError: string | null, lastDurationMs: number | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

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
export const FunnelNumbersFragmentDoc = new TypedDocumentString(`
    fragment FunnelNumbers on FunnelGroup {
  created
  opened
  attempted
  completed
  medianSecondsToOpen
  medianSecondsToComplete
  drops {
    stage
    status
    failureCode
    count
  }
}
    `, {"fragmentName":"FunnelNumbers"}) as unknown as TypedDocumentString<FunnelNumbersFragment, unknown>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($first: Int, $after: String) {
  apiKeys(first: $first, after: $after) {
    totalCount
    nodes {
      id
      name
      scopes
      createdAt
      createdBy
      expiresAt
      previousExpiresAt
      lastUsedAt
      revokedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:c2fb1081e8a8a3e6c59b992939a9a375393ab2670bba7ec4db6b50064a34d0c5"}) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const ApplicationDocument = new TypedDocumentString(`
    query Application($slug: String!) {
  application(slug: $slug) {
    id
    slug
    name
    description
    logoUrl
    categories
    linkable
    bestOffer {
      key
      name
      directions
      provider {
        key
        name
      }
    }
    offers {
      key
      name
      directions
      linkable
      provider {
        key
        name
      }
    }
  }
}
    `, {"hash":"sha256:a7f255bf742f1969b8c1dc3db80ad1c22be8967fcbc67e8663fd4b59972cf104"}) as unknown as TypedDocumentString<ApplicationQuery, ApplicationQueryVariables>;
export const ApplicationsDocument = new TypedDocumentString(`
    query Applications($search: String, $category: String, $linkableOnly: Boolean, $first: Int, $after: String) {
  applications(
    search: $search
    category: $category
    linkableOnly: $linkableOnly
    first: $first
    after: $after
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    syncStatus {
      provider
      state
      syncedAt
      error
    }
    nodes {
      id
      slug
      name
      description
      logoUrl
      categories
      linkable
      bestOffer {
        key
        name
        directions
        provider {
          key
          name
        }
      }
    }
  }
}
    `, {"hash":"sha256:7be270d9dda0a885f6af382d6d9ecabea5a06ecb0f19d269299e5c5108f4fa2f"}) as unknown as TypedDocumentString<ApplicationsQuery, ApplicationsQueryVariables>;
export const CancelConnectLinkAttemptDocument = new TypedDocumentString(`
    mutation CancelConnectLinkAttempt($id: ID!) {
  cancelConnectLinkAttempt(id: $id) {
    __typename
    ... on CancelConnectLinkAttemptPayload {
      connectLink {
        id
        status
        lastFailure {
          code
          message
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:bd1d834a7cb3710a2cd378bd747fce60db00890d338cad7bb1fb9ec0431c1046"}) as unknown as TypedDocumentString<CancelConnectLinkAttemptMutation, CancelConnectLinkAttemptMutationVariables>;
export const ClaimConnectLinkDocument = new TypedDocumentString(`
    mutation ClaimConnectLink($id: ID!) {
  claimConnectLink(id: $id) {
    __typename
    ... on ClaimConnectLinkPayload {
      claim
      expiresAt
      connectLink {
        id
        url
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:00aa1f93d461151ae4ab2119b66e01c140d3158c4841c28e60fd4bb9018f668e"}) as unknown as TypedDocumentString<ClaimConnectLinkMutation, ClaimConnectLinkMutationVariables>;
export const OpenConnectCancelDocument = new TypedDocumentString(`
    mutation OpenConnectCancel($id: ID!) {
  result: cancelConnectLinkAttempt(id: $id) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:2ccc5bf411f0fb747207a568ff8f907908231707b1217c21358965e26fa2547b"}) as unknown as TypedDocumentString<OpenConnectCancelMutation, OpenConnectCancelMutationVariables>;
export const OpenConnectClaimDocument = new TypedDocumentString(`
    mutation OpenConnectClaim($id: ID!) {
  result: claimConnectLink(id: $id) {
    __typename
    ... on ClaimConnectLinkPayload {
      claim
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:e77f1c5d981a1987571486993c662bfff1cea701fbdbef7ff2c9c8d3335bbbbf"}) as unknown as TypedDocumentString<OpenConnectClaimMutation, OpenConnectClaimMutationVariables>;
export const OpenConnectCreateDocument = new TypedDocumentString(`
    mutation OpenConnectCreate($provider: ProviderKey, $input: CreateConnectLinkInput!) {
  result: createConnectLink(provider: $provider, input: $input) {
    __typename
    ... on CreateConnectLinkPayload {
      link: connectLink {
        id
        status
        url
        embeddable
        guard
        awaitingConfirmation
        lastFailure {
          code
          message
          at
        }
        handOver {
          state
        }
        connection {
          id
          name
          status
          connectorKey
          createdAt
          provider {
            key
            name
          }
          connector {
            key
            name
            logoUrl
          }
        }
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
  }
}
    `, {"hash":"sha256:8b90aaf8d2d38587bbd63580b7ce2dcccbba3c18eb6a93656d8e7e2994b5cdae"}) as unknown as TypedDocumentString<OpenConnectCreateMutation, OpenConnectCreateMutationVariables>;
export const OpenConnectLinkDocument = new TypedDocumentString(`
    query OpenConnectLink($id: ID!) {
  result: connectLink(id: $id) {
    id
    status
    url
    embeddable
    guard
    awaitingConfirmation
    lastFailure {
      code
      message
      at
    }
    handOver {
      state
    }
    connection {
      id
      name
      status
      connectorKey
      createdAt
      provider {
        key
        name
      }
      connector {
        key
        name
        logoUrl
      }
    }
  }
}
    `, {"hash":"sha256:9be02b6291a22d0c6c58b460b5c25c1d1c702d8e8caacdfc49a91eb01dbd0d7f"}) as unknown as TypedDocumentString<OpenConnectLinkQuery, OpenConnectLinkQueryVariables>;
export const OpenConnectReconnectDocument = new TypedDocumentString(`
    mutation OpenConnectReconnect($id: ID!, $input: ReconnectConnectionInput) {
  result: reconnectConnection(id: $id, input: $input) {
    __typename
    ... on CreateConnectLinkPayload {
      link: connectLink {
        id
        status
        url
        embeddable
        guard
        awaitingConfirmation
        lastFailure {
          code
          message
          at
        }
        handOver {
          state
        }
        connection {
          id
          name
          status
          connectorKey
          createdAt
          provider {
            key
            name
          }
          connector {
            key
            name
            logoUrl
          }
        }
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
  }
}
    `, {"hash":"sha256:95a869086183394d1483d0ab94f0e63745743ee17ad909e11186065ba9b28b75"}) as unknown as TypedDocumentString<OpenConnectReconnectMutation, OpenConnectReconnectMutationVariables>;
export const OpenConnectUpdatesDocument = new TypedDocumentString(`
    subscription OpenConnectUpdates($id: ID) {
  result: connectLinkUpdated(id: $id) {
    id
    status
    url
    embeddable
    guard
    awaitingConfirmation
    lastFailure {
      code
      message
      at
    }
    handOver {
      state
    }
    connection {
      id
      name
      status
      connectorKey
      createdAt
      provider {
        key
        name
      }
      connector {
        key
        name
        logoUrl
      }
    }
  }
}
    `, {"hash":"sha256:f9fb776dd12839a25c7495f52afcc3a48225b63da7e6f179b43c1331be54bbb3"}) as unknown as TypedDocumentString<OpenConnectUpdatesSubscription, OpenConnectUpdatesSubscriptionVariables>;
export const ConfirmConnectLinkDocument = new TypedDocumentString(`
    mutation ConfirmConnectLink($id: ID!, $code: String, $codeVerifier: String) {
  confirmConnectLink(id: $id, code: $code, codeVerifier: $codeVerifier) {
    __typename
    ... on ConfirmConnectLinkPayload {
      connectLink {
        id
        status
        connection {
          id
        }
      }
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on ConflictError {
      attemptsLeft
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:02903e612f39103f4ab9d7cd77c27c6ef7e23f0c367748432f6d8efe8be59ebc"}) as unknown as TypedDocumentString<ConfirmConnectLinkMutation, ConfirmConnectLinkMutationVariables>;
export const ConnectLinkUpdatedDocument = new TypedDocumentString(`
    subscription ConnectLinkUpdated($id: ID) {
  connectLinkUpdated(id: $id) {
    id
    status
    awaitingConfirmation
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
    `, {"hash":"sha256:598519cefa6f425a34afbc23d36f94192308eca5c5967416d846ce5abff62c32"}) as unknown as TypedDocumentString<ConnectLinkUpdatedSubscription, ConnectLinkUpdatedSubscriptionVariables>;
export const ConnectLinkDocument = new TypedDocumentString(`
    query ConnectLink($id: ID!) {
  connectLink(id: $id) {
    id
    status
    url
    expiresAt
    awaitingConfirmation
    confirmationExpiresAt
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
    `, {"hash":"sha256:66a1369d9bfa083c62e7208ba8af87fee9f44fea8d0cb81f3c79d55206a33a84"}) as unknown as TypedDocumentString<ConnectLinkQuery, ConnectLinkQueryVariables>;
export const ConnectionsDocument = new TypedDocumentString(`
    query Connections($filter: ConnectionFilter, $first: Int, $after: String) {
  connections(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    syncStatus {
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
    `, {"hash":"sha256:04845fcd8aa9f3bad49f33cb206c857a4239aa5fe83375480e462b52494dbcdf"}) as unknown as TypedDocumentString<ConnectionsQuery, ConnectionsQueryVariables>;
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
    syncStatus {
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
    `, {"hash":"sha256:a03bd4390872a9bbcd1d817107566b4e398bc8131cd6eed1989e51ae236f6930"}) as unknown as TypedDocumentString<ConnectorsQuery, ConnectorsQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeyPayload {
      apiKey {
        id
        name
        scopes
        createdAt
        expiresAt
      }
      key
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
    `, {"hash":"sha256:8d7bb0d77bd923c7c07c531f06f47a7965e23c821c5ba257a9d434445c2209ad"}) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const CreateConnectLinkWithSelectionDocument = new TypedDocumentString(`
    mutation CreateConnectLinkWithSelection($provider: ProviderKey, $input: CreateConnectLinkInput!) {
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
        chosen
        connectorKey
        reason
        rejected {
          provider
          reason
        }
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
    `, {"hash":"sha256:51da58707915f8648e3319f529c49afc587f9a981ec029bdb8793dd52510c04b"}) as unknown as TypedDocumentString<CreateConnectLinkWithSelectionMutation, CreateConnectLinkWithSelectionMutationVariables>;
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
      providerErrorCode
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
}`, {"hash":"sha256:a87612a475b920d329ad56ecb3d039112b08e047ecd2802c1b87cc1548c2d5f4"}) as unknown as TypedDocumentString<CreateConnectLinkMutation, CreateConnectLinkMutationVariables>;
export const CreatePortalSessionDocument = new TypedDocumentString(`
    mutation CreatePortalSession($input: CreateSessionInput!) {
  createSession(input: $input) {
    __typename
    ... on CreateSessionPayload {
      token
      portalUrl
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
    `, {"hash":"sha256:c3644aef51a66b656df8b4e68aab0026094f0f5c4880318533bb30972469dff1"}) as unknown as TypedDocumentString<CreatePortalSessionMutation, CreatePortalSessionMutationVariables>;
export const CreateProviderAccountDocument = new TypedDocumentString(`
    mutation CreateProviderAccount($input: CreateProviderAccountInput!) {
  createProviderAccount(input: $input) {
    __typename
    ... on CreateProviderAccountPayload {
      providerAccount {
        id
        organizationId
        name
        status
        settingNames
        createdAt
        verifiedAt
        provider {
          key
        }
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
  }
}
    `, {"hash":"sha256:f16dc925ed8683c51c74789a2894d8791f10e46657b4d2fabbfc4254670d361c"}) as unknown as TypedDocumentString<CreateProviderAccountMutation, CreateProviderAccountMutationVariables>;
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
export const CreateWebhookEndpointDocument = new TypedDocumentString(`
    mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) {
    __typename
    ... on CreateWebhookEndpointPayload {
      secret
      webhookEndpoint {
        id
        url
        eventTypes
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
  }
}
    `, {"hash":"sha256:04778f5de8382a1371dba3fc38df2a3e3ef0440dd5005df9b17d8ef383de7aa7"}) as unknown as TypedDocumentString<CreateWebhookEndpointMutation, CreateWebhookEndpointMutationVariables>;
export const DeleteWebhookEndpointDocument = new TypedDocumentString(`
    mutation DeleteWebhookEndpoint($id: ID!) {
  deleteWebhookEndpoint(id: $id) {
    __typename
    ... on DeleteWebhookEndpointPayload {
      webhookEndpoint {
        id
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:20a944c6144bb008c15ac83bfc4c76a838303d1508624ad5d94900635321af16"}) as unknown as TypedDocumentString<DeleteWebhookEndpointMutation, DeleteWebhookEndpointMutationVariables>;
export const DisconnectConnectionDocument = new TypedDocumentString(`
    mutation DisconnectConnection($id: ID!) {
  disconnectConnection(id: $id) {
    __typename
    ... on DisconnectConnectionPayload {
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
    `, {"hash":"sha256:8457991269466d2bbb42842f48ce5df8363ae2d79a979134b3339772a3f879a7"}) as unknown as TypedDocumentString<DisconnectConnectionMutation, DisconnectConnectionMutationVariables>;
export const ExposureDocument = new TypedDocumentString(`
    query Exposure($provider: ProviderKey!, $from: DateTime!, $to: DateTime!, $first: Int, $after: String) {
  exposure(provider: $provider, from: $from, to: $to) {
    connectionCount
    connectLinkCount
    endUserCount
    organizationCount
    connections(first: $first, after: $after) {
      nodes {
        id
        remoteId
        status
        connectorKey
        endUser {
          id
        }
        organization {
          id
        }
        externalAccount {
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:5ac7e7eee9cc36e3a33415d05b243708c045942a96bce8f19372905519c1025b"}) as unknown as TypedDocumentString<ExposureQuery, ExposureQueryVariables>;
export const FunnelDocument = new TypedDocumentString(`
    query Funnel($from: DateTime!, $to: DateTime!, $groupBy: FunnelGrouping) {
  funnel(from: $from, to: $to, groupBy: $groupBy) {
    total {
      ...FunnelNumbers
    }
    groupCount
    groups {
      provider
      connectorKey
      organizationId
      day
      ...FunnelNumbers
    }
  }
}
    fragment FunnelNumbers on FunnelGroup {
  created
  opened
  attempted
  completed
  medianSecondsToOpen
  medianSecondsToComplete
  drops {
    stage
    status
    failureCode
    count
  }
}`, {"hash":"sha256:7635d49f3e50a16e0378e4dc15ef02549c9098e3f58674266656ce8998a8cdfc"}) as unknown as TypedDocumentString<FunnelQuery, FunnelQueryVariables>;
export const HandOverConnectLinkDocument = new TypedDocumentString(`
    mutation HandOverConnectLink($id: ID!, $input: HandOverConnectLinkInput) {
  handOverConnectLink(id: $id, input: $input) {
    __typename
    ... on HandOverConnectLinkPayload {
      url
      connectLink {
        id
        url
        handOver {
          state
          expiresAt
        }
      }
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:e655259fa645e1bddbabd9bf97cf50f5a669e6ea64c40f0d8e51ce0bf8f97f0f"}) as unknown as TypedDocumentString<HandOverConnectLinkMutation, HandOverConnectLinkMutationVariables>;
export const PlanConnectLinkDocument = new TypedDocumentString(`
    query PlanConnectLink($provider: ProviderKey, $input: CreateConnectLinkInput!) {
  planConnectLink(provider: $provider, input: $input) {
    __typename
    ... on PlanConnectLinkPayload {
      selection {
        chosen
        connectorKey
        reason
        rejected {
          provider
          reason
        }
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
  }
}
    `, {"hash":"sha256:72bd161efa42b560661fc171608dd6b4477aec50cd4116c7047c8591729c4b00"}) as unknown as TypedDocumentString<PlanConnectLinkQuery, PlanConnectLinkQueryVariables>;
export const ProviderAccountsDocument = new TypedDocumentString(`
    query ProviderAccounts($filter: ProviderAccountFilter, $first: Int, $after: String) {
  providerAccounts(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes {
      id
      organizationId
      name
      status
      settingNames
      createdAt
      updatedAt
      verifiedAt
      provider {
        key
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:501df1807c85c8f015f502fd5d9dd7b75a796c796e7c538c9fbdf1da0a8ff699"}) as unknown as TypedDocumentString<ProviderAccountsQuery, ProviderAccountsQueryVariables>;
export const ProviderSuspensionsDocument = new TypedDocumentString(`
    query ProviderSuspensions($isActive: Boolean, $first: Int, $after: String) {
  providerSuspensions(isActive: $isActive, first: $first, after: $after) {
    totalCount
    nodes {
      id
      provider
      isForOneAccount
      reads
      reason
      since
      createdAt
      resumedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:a4643f2a49a3f8e9ff0427441a8b4aab259382ffa09dd8d4624cfb7c77e4e5b4"}) as unknown as TypedDocumentString<ProviderSuspensionsQuery, ProviderSuspensionsQueryVariables>;
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
export const ReconnectConnectionDocument = new TypedDocumentString(`
    mutation ReconnectConnection($id: ID!, $input: ReconnectConnectionInput) {
  reconnectConnection(id: $id, input: $input) {
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
    `, {"hash":"sha256:3b7f9720ec34d91a28283ee296ae07a17e19824f9d59d96b85beac85169c4c78"}) as unknown as TypedDocumentString<ReconnectConnectionMutation, ReconnectConnectionMutationVariables>;
export const RedeliverWebhookDocument = new TypedDocumentString(`
    mutation RedeliverWebhook($id: ID, $endpointId: ID, $since: DateTime) {
  redeliverWebhook(id: $id, endpointId: $endpointId, since: $since) {
    __typename
    ... on RedeliverWebhookPayload {
      count
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:b949d7fdc8b3ceef96dc55341aee92a3f008bf8928a06d633514128cffe9640b"}) as unknown as TypedDocumentString<RedeliverWebhookMutation, RedeliverWebhookMutationVariables>;
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
export const RemoveProviderAccountDocument = new TypedDocumentString(`
    mutation RemoveProviderAccount($id: ID!) {
  removeProviderAccount(id: $id) {
    __typename
    ... on RemoveProviderAccountPayload {
      providerAccount {
        id
        organizationId
        name
        status
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:74030490028647246442959454041caa666fc1fad170c8aae20b5806dd2c2d88"}) as unknown as TypedDocumentString<RemoveProviderAccountMutation, RemoveProviderAccountMutationVariables>;
export const ResumeProviderDocument = new TypedDocumentString(`
    mutation ResumeProvider($id: ID!) {
  resumeProvider(id: $id) {
    __typename
    ... on ResumeProviderPayload {
      providerSuspension {
        id
        provider
        resumedAt
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:3d79d4aca076a8930441e51a5098905bb5c59672d09dbe282c5c7a4162c4707a"}) as unknown as TypedDocumentString<ResumeProviderMutation, ResumeProviderMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!) {
  revokeApiKey(id: $id) {
    __typename
    ... on RevokeApiKeyPayload {
      apiKey {
        id
        name
        revokedAt
      }
    }
    ... on NotFoundError {
      code
      message
    }
  }
}
    `, {"hash":"sha256:59f2135a960a81f8ee4978e9f7767de7003c52c416af05e9a21683e4d5516e6d"}) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
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
export const RevokeSessionsDocument = new TypedDocumentString(`
    mutation RevokeSessions($endUserId: String!) {
  revokeSessions(endUserId: $endUserId) {
    __typename
    ... on RevokeSessionsPayload {
      revokedAt
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
    `, {"hash":"sha256:fbe031d9d8b3720a2acd8fcd49083637883292f5b5dfef39116514761e8f1433"}) as unknown as TypedDocumentString<RevokeSessionsMutation, RevokeSessionsMutationVariables>;
export const RotateApiKeyDocument = new TypedDocumentString(`
    mutation RotateApiKey($id: ID!, $overlapSeconds: Int) {
  rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) {
    __typename
    ... on RotateApiKeyPayload {
      apiKey {
        id
        name
        scopes
        expiresAt
        previousExpiresAt
      }
      key
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:4893977bee7ad78df2a76f4a8c17ef51d9f969de38846dcb947f0a772defe18f"}) as unknown as TypedDocumentString<RotateApiKeyMutation, RotateApiKeyMutationVariables>;
export const RotateProviderAccountDocument = new TypedDocumentString(`
    mutation RotateProviderAccount($id: ID!, $settings: [ProviderSettingInput!]!) {
  rotateProviderAccount(id: $id, settings: $settings) {
    __typename
    ... on RotateProviderAccountPayload {
      providerAccount {
        id
        status
        settingNames
        createdAt
        updatedAt
        verifiedAt
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
  }
}
    `, {"hash":"sha256:b85b684d791c751413b74ff73b6cd3ac60b16d8093d25d04dc53d5b4b93b35af"}) as unknown as TypedDocumentString<RotateProviderAccountMutation, RotateProviderAccountMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($id: ID!, $overlapSeconds: Int) {
  rotateWebhookSecret(id: $id, overlapSeconds: $overlapSeconds) {
    __typename
    ... on RotateWebhookSecretPayload {
      secret
      webhookEndpoint {
        id
        previousSecretExpiresAt
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:92396c79548dfab8f5bf2d880ca2766cc44da6e2b60103c84e69c5424a510c69"}) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const SendTestWebhookDocument = new TypedDocumentString(`
    mutation SendTestWebhook($endpointId: ID!) {
  sendTestWebhook(endpointId: $endpointId) {
    __typename
    ... on SendTestWebhookPayload {
      webhookMessage {
        id
        messageId
        state
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:522b19b753b57c388548a7f00c8b2d7e25fab1b6087972fe5678f2688a4b882a"}) as unknown as TypedDocumentString<SendTestWebhookMutation, SendTestWebhookMutationVariables>;
export const SuspendProviderDocument = new TypedDocumentString(`
    mutation SuspendProvider($provider: ProviderKey!, $reason: String!, $since: DateTime, $reads: SuspensionReads, $providerAccountId: ID) {
  suspendProvider(
    provider: $provider
    reason: $reason
    since: $since
    reads: $reads
    providerAccountId: $providerAccountId
  ) {
    __typename
    ... on SuspendProviderPayload {
      providerSuspension {
        id
        provider
        isForOneAccount
        reads
        reason
        since
        createdAt
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:b95c5bf9e545b84b3cb3f77a8ef8852f67d37bc85c065b827cbffa3998681a9f"}) as unknown as TypedDocumentString<SuspendProviderMutation, SuspendProviderMutationVariables>;
export const TakeBackConnectLinkDocument = new TypedDocumentString(`
    mutation TakeBackConnectLink($id: ID!) {
  takeBackConnectLink(id: $id) {
    __typename
    ... on TakeBackConnectLinkPayload {
      connectLink {
        id
        status
        handOver {
          state
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:933a291e58b98ee479acef3bcc7d31f78f271d3ceb191845798b4e06bf5eb3fa"}) as unknown as TypedDocumentString<TakeBackConnectLinkMutation, TakeBackConnectLinkMutationVariables>;
export const UpdateWebhookEndpointDocument = new TypedDocumentString(`
    mutation UpdateWebhookEndpoint($id: ID!, $input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(id: $id, input: $input) {
    __typename
    ... on UpdateWebhookEndpointPayload {
      webhookEndpoint {
        id
        url
        eventTypes
        disabledAt
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `, {"hash":"sha256:945dc4a69909fd78215fc202458f41b14ff84606c1638c83bd38c281e72e067b"}) as unknown as TypedDocumentString<UpdateWebhookEndpointMutation, UpdateWebhookEndpointMutationVariables>;
export const WebhookEndpointsDocument = new TypedDocumentString(`
    query WebhookEndpoints {
  webhookEndpoints {
    id
    url
    description
    eventTypes
    thin
    isFromEnvironment
    disabledAt
    disabledReason
    failingSince
    createdAt
  }
}
    `, {"hash":"sha256:61a44db73e74501155d7daf4d4dd43ef96be9f50b4a0cca84b5c22c8202757b3"}) as unknown as TypedDocumentString<WebhookEndpointsQuery, WebhookEndpointsQueryVariables>;
export const WebhookMessagesDocument = new TypedDocumentString(`
    query WebhookMessages($endpointId: ID!, $states: [WebhookMessageState!], $first: Int, $after: String) {
  node(id: $endpointId) {
    ... on WebhookEndpoint {
      messages(states: $states, first: $first, after: $after) {
        nodes {
          id
          messageId
          type
          state
          attempts
          createdAt
          nextAttemptAt
          lastAttemptAt
          lastStatus
          lastError
          lastDurationMs
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    `, {"hash":"sha256:a5bb9864fb77a702e94dfc23bbf15296c3edd415ec76d7eefe4f71c10cec4992"}) as unknown as TypedDocumentString<WebhookMessagesQuery, WebhookMessagesQueryVariables>;
