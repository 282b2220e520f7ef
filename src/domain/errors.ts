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
  'PROVIDER_SUSPENDED',
  'IDEMPOTENCY_CONFLICT',
  'OPERATION_IN_PROGRESS',
  'INVALID_STATE',
  'TOO_MANY_OPEN_LINKS',
  'CODE_MISMATCH',
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

/** Invalid input; carries all issues. The message has the first one and the number of the others. */
export class InvalidInputError extends GatewayError {
  override readonly name = 'InvalidInputError'
  readonly issues: readonly InputIssue[]

  constructor(issues: readonly InputIssue[]) {
    super('INVALID_INPUT', summaryOf(issues))
    this.issues = issues
  }
}

/** `input.pipedream.scope: is not supported (and 2 more problems)`. */
function summaryOf([first, ...others]: readonly InputIssue[]): string {
  if (first === undefined) return 'The input has a problem.'
  const text = [...(first.path.length === 0 ? [] : [first.path.join('.')]), first.message].join(': ')
  if (others.length === 0) return text
  return `${text} (and ${others.length} more ${others.length === 1 ? 'problem' : 'problems'})`
}

/** The connector, connection, link or API key that the caller named does not exist, or not for this caller. */
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

type ConflictCode = Extract<
  ErrorCode,
  'IDEMPOTENCY_CONFLICT' | 'OPERATION_IN_PROGRESS' | 'INVALID_STATE' | 'TOO_MANY_OPEN_LINKS' | 'CODE_MISMATCH'
>

/** The call conflicts with another call, or with the current state of its link, connection, API key or end user. */
export class ConflictError extends GatewayError {
  override readonly name = 'ConflictError'
  /** Of CODE_MISMATCH: how many more codes may be tried; `null` for other codes. */
  readonly attemptsLeft: number | null

  constructor(code: ConflictCode, message: string, attemptsLeft: number | null = null) {
    super(code, message)
    this.attemptsLeft = attemptsLeft
  }
}

/** The caller lacks a permission. Reported as a GraphQL error, never as a member of a result union. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError'
  readonly code = 'FORBIDDEN'
}

/** The gateway itself cannot answer at the moment; a retry may succeed. Reported as a GraphQL error with HTTP status 503. */
export class ServiceUnavailableError extends Error {
  override readonly name: string = 'ServiceUnavailableError'
  readonly code = 'SERVICE_UNAVAILABLE'
  readonly retryAfterSeconds = 5

  /** For the log: the code or the message of the cause, without its stack, which is that of a driver. */
  get reason(): string | undefined {
    const { cause } = this
    if (!(cause instanceof Error)) return undefined
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
  }
}

/** Base of errors whose message is written for the operator: commands print it without a stack. */
export class OperatorError extends Error {}
