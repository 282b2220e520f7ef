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
  'PROVIDER_CONTRACT',
  'IDEMPOTENCY_CONFLICT',
  'OPERATION_IN_PROGRESS',
  'INVALID_STATE',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** An error whose code and message a caller may see. Everything else is masked at the server's edge. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** For the log: the code of what the gateway says on purpose; anything else has none. */
export const codeOf = (error: unknown): ErrorCode | undefined =>
  error instanceof GatewayError ? error.code : undefined

export interface InputIssue {
  /** Starts at the GraphQL argument: `["input", "tags", "0", "key"]`. */
  readonly path: readonly string[]
  readonly message: string
}

/** Carries every problem of an input, not only the first. */
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
  /** The provider's own machine-readable code, never its message: messages can repeat what was sent. */
  readonly providerCode?: string | undefined
  readonly providerRequestId?: string | undefined
  /** Whether the provider may have done what it was asked, although no answer says so. */
  readonly mayHaveActed?: boolean
}

const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
])

/** The provider answered with a failure, answered nonsense, or did not answer. */
export class ProviderError extends GatewayError {
  override readonly name = 'ProviderError'
  override readonly code: ProviderErrorCode
  readonly provider: ProviderKey
  readonly retryAfterSeconds: number | undefined
  readonly providerCode: string | undefined
  readonly providerRequestId: string | undefined
  readonly mayHaveActed: boolean

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
    this.providerCode = details.providerCode
    this.providerRequestId = details.providerRequestId
    this.mayHaveActed = details.mayHaveActed ?? false
  }

  /** Whether the same call may succeed later without any change to it. */
  get retryable(): boolean {
    return retryableCodes.has(this.code)
  }
}

/** The call clashes with another one or with the state of the thing it names. */
export class ConflictError extends GatewayError {
  override readonly name = 'ConflictError'

  constructor(code: 'IDEMPOTENCY_CONFLICT' | 'OPERATION_IN_PROGRESS' | 'INVALID_STATE', message: string) {
    super(code, message)
  }
}

/** The caller may never do this. No mutation answers it as a typed error: it stands among the GraphQL errors. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError'
  readonly code = 'FORBIDDEN'
}
