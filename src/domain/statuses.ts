/** Statuses of a connect link that can still change. */
export const openLinkStatuses = ['CREATED', 'OPENED', 'AUTHORIZING'] as const
/** Statuses of a connect link that never change again. */
export const endedLinkStatuses = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const
export const linkStatuses = [...openLinkStatuses, ...endedLinkStatuses] as const
export type LinkStatus = (typeof linkStatuses)[number]

export type LinkPurpose = 'CONNECT' | 'RECONNECT'

/** What has to show that the person who completes a link is the person it was made for. */
export const linkGuards = ['NONE', 'SAME_BROWSER', 'CONFIRM'] as const
export type LinkGuard = (typeof linkGuards)[number]

export type TransitionSource =
  | 'API_CALL'
  | 'HOSTED_PAGE'
  | 'COLLEAGUE'
  | 'BROWSER_RETURN'
  | 'PROVIDER_WEBHOOK'
  | 'PROVIDER_POLL'
  | 'TIMEOUT'

/** Why an attempt to connect failed. */
export const failureCodes = [
  'ACCESS_DENIED',
  'INVALID_CREDENTIALS',
  'SETUP_TEST_FAILED',
  'CANCELLED',
  'DECLINED',
  'AMBIGUOUS',
  'OTHER_CONNECTOR',
  'REMOVED_AT_PROVIDER',
  'NOT_CONFIRMED',
  'UNKNOWN',
] as const
export type FailureCode = (typeof failureCodes)[number]

/**
 * A failed attempt to connect. `message` is a text for people, of the provider or (DECLINED) of the colleague; `null`:
 * there is none.
 */
export interface LinkFailure {
  readonly code: FailureCode
  readonly message: string | null
}

/** What ended a hand-over before its address expired. */
export type HandOverEnd = 'TAKEN_BACK' | 'DECLINED'

/** How a hand-over stands: WAITING for the colleague to open it, OPENED, or over. */
export type HandOverState = 'WAITING' | 'OPENED' | HandOverEnd | 'EXPIRED'

/** Why a connection belongs to its end user. */
export const ownerEvidences = ['PROVIDER', 'LINK', 'RETURN', 'ASSIGNED', 'INFERRED'] as const
export type OwnerEvidence = (typeof ownerEvidences)[number]

/** Whom a connection belongs to: its end user, or the organization of that end user. */
export const connectionOwners = ['PERSON', 'ORGANIZATION'] as const
export type ConnectionOwner = (typeof connectionOwners)[number]

export const connectionStatuses = [
  'PENDING',
  'ACTIVE',
  'NEEDS_ATTENTION',
  'PAUSED',
  'DISCONNECTED',
  'UNKNOWN',
] as const
export type ConnectionStatus = (typeof connectionStatuses)[number]

export type HealthCode = 'OK' | 'NEEDS_REAUTH' | 'NEEDS_CONFIG' | 'REVOKED' | 'DEGRADED' | 'UNKNOWN'

export const directions = ['SOURCE', 'DESTINATION', 'TOOL'] as const
/** Which way data flows: read from the application, written to it, or called on demand. */
export type Direction = (typeof directions)[number]

export type ConnectorAuth = 'OAUTH' | 'KEYS' | 'NONE' | 'UNKNOWN'
export type CompletionSignal = 'WEBHOOK' | 'POLL' | 'RETURN' | 'IMMEDIATE'
export type ExpirySource = 'PROVIDER' | 'TOKEN_CLAIM' | 'PROVIDER_DEFAULT' | 'GATEWAY_POLICY' | 'NONE'
