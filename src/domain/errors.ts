import type { ProviderKey } from './provider-key.ts'

export const errorCodes = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'UNSUPPORTED',
  'PROVIDER_NOT_CONFIGURED',
  'PROVIDER_REJECTED',
  'PROVIDER_UNAUTHORIZED',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_QUOTA_EXCEEDED',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_INVALID_RESPONSE',
  'IDEMPOTENCY_CONFLICT',
  'OPERATION_IN_PROGRESS',
  'INVALID_STATE',
  'TOO_MANY_OPEN_LINKS',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** An error whose code and message a caller may see. All other errors are masked by the server. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** For the log: the code of a GatewayError; `undefined` for other errors. */
export const errorCodeOf = (error: unknown): ErrorCode | undefined =>
  error instanceof GatewayError ? error.code : undefined

export interface InputIssue {
  /** Starts at the GraphQL argument: `["input", "tags", "0", "key"]`. */
  readonly path: readonly string[]
  readonly message: string
}

/** Invalid input; carries all issues, not only the first. */
export class InvalidInputError extends GatewayError {
  override readonly name = 'InvalidInputError'
  readonly issues: readonly InputIssue[]

  constructor(issues: readonly InputIssue[]) {
    super(
      'INVALID_INPUT',
      issues.length === 1 ? 'The input has a problem.' : `The input has ${issues.length} problems.`,
    )
    this.issues = issues
  }
}

/** The connector, connection or link that the caller named does not exist, or not for this caller. */
export class NotFoundError extends GatewayError {
  override readonly name = 'NotFoundError'

  constructor(message: string, options?: ErrorOptions) {
    super('NOT_FOUND', message, options)
  }
}

/** The provider cannot do this, or it is not configured. */
export class UnsupportedError extends GatewayError {
  override readonly name = 'UnsupportedError'
  readonly provider: ProviderKey

  constructor(
    provider: ProviderKey,
    message: string,
    code: 'UNSUPPORTED' | 'PROVIDER_NOT_CONFIGURED' = 'UNSUPPORTED',
  ) {
    super(code, message)
    this.provider = provider
  }
}

export type ProviderErrorCode = Extract<ErrorCode, `PROVIDER_${string}`> &
  Exclude<ErrorCode, 'PROVIDER_NOT_CONFIGURED'>

export interface ProviderErrorDetails extends ErrorOptions {
  readonly retryAfterSeconds?: number | undefined
  /** The provider's machine-readable code. */
  readonly providerErrorCode?: string | undefined
  /** The provider's message of a 4xx response, redacted: it can repeat what was sent. Not for end users. */
  readonly providerMessage?: string | undefined
  readonly providerRequestId?: string | undefined
  /** The provider may have carried out the request although no response confirms it. */
  readonly mayHaveActed?: boolean
  /** Default: that of the code. */
  readonly allowsFallback?: boolean
}

interface ProviderErrorTraits {
  /** The same call may succeed later without any change to it. */
  readonly retryable: boolean
  /** It says something about the provider: it counts towards DEGRADED and DOWN. */
  readonly countsAgainstHealth: boolean
  /** If it is certain that nothing was created, another provider may be tried. Not for rejected input: a link of another provider would hide the problem. */
  readonly allowsFallback: boolean
  /** It concerns the requested connector only, not the provider's other connectors. */
  readonly concernsOneConnector: boolean
}

/** Every provider error code, with all that the gateway concludes from it. */
export const providerErrorTraits: Readonly<Record<ProviderErrorCode, ProviderErrorTraits>> = {
  PROVIDER_REJECTED: {
    retryable: false,
    countsAgainstHealth: false,
    allowsFallback: false,
    concernsOneConnector: true,
  },
  PROVIDER_UNAUTHORIZED: {
    retryable: false,
    countsAgainstHealth: true,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_RATE_LIMITED: {
    retryable: true,
    countsAgainstHealth: false,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_QUOTA_EXCEEDED: {
    retryable: false,
    countsAgainstHealth: false,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_UNAVAILABLE: {
    retryable: true,
    countsAgainstHealth: true,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_TIMEOUT: {
    retryable: true,
    countsAgainstHealth: true,
    allowsFallback: true,
    concernsOneConnector: false,
  },
  PROVIDER_INVALID_RESPONSE: {
    retryable: false,
    countsAgainstHealth: true,
    allowsFallback: false,
    concernsOneConnector: true,
  },
}

/** The provider answered with an error or with an unreadable response, or did not answer. */
export class ProviderError extends GatewayError {
  override readonly name = 'ProviderError'
  override readonly code: ProviderErrorCode
  readonly provider: ProviderKey
  readonly retryAfterSeconds: number | undefined
  readonly providerErrorCode: string | undefined
  readonly providerMessage: string | undefined
  readonly providerRequestId: string | undefined
  readonly mayHaveActed: boolean
  readonly allowsFallback: boolean

  constructor(
    provider: ProviderKey,
    code: ProviderErrorCode,
    message: string,
    details: ProviderErrorDetails = {},
  ) {
    super(code, message, details)
    this.code = code
    this.provider = provider
    this.retryAfterSeconds = details.retryAfterSeconds
    this.providerErrorCode = details.providerErrorCode
    this.providerMessage = details.providerMessage
    this.providerRequestId = details.providerRequestId
    this.mayHaveActed = details.mayHaveActed ?? false
    this.allowsFallback = details.allowsFallback ?? providerErrorTraits[code].allowsFallback
  }

  /** Whether the same call may succeed later without any change to it. */
  get retryable(): boolean {
    return providerErrorTraits[this.code].retryable
  }
}

type ConflictCode = 'IDEMPOTENCY_CONFLICT' | 'OPERATION_IN_PROGRESS' | 'INVALID_STATE' | 'TOO_MANY_OPEN_LINKS'

/** The call conflicts with another call, or with the current state of its link, connection or end user. */
export class ConflictError extends GatewayError {
  override readonly name = 'ConflictError'

  constructor(code: ConflictCode, message: string) {
    super(code, message)
  }
}

/** The caller lacks a permission. Reported as a GraphQL error, never as a member of a result union. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError'
  readonly code = 'FORBIDDEN'
}

/** Base of errors whose message is written for the operator: commands print it without a stack. */
export class OperatorError extends Error {}
