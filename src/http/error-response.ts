import type { GatewayError } from '../domain/errors.ts'
import { ProviderError, type ProviderErrorCode } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { causeCode, isUnsent } from './cause-code.ts'
import { isPlanRestriction } from './plan-restriction.ts'
import { errorText, providerMessage } from './provider-message.ts'
import { plainCode, plainId } from './redact.ts'
import { ResponseTooLargeError, readJson } from './response-body.ts'
import { first, type Headers, retryAfterSeconds } from './retry-after.ts'

/** A response outside 2xx. `body` is only for reading codes from it; it must not appear in a message or a log unredacted. */
export interface ErrorResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** The provider's own error code, if `ErrorReader.code` found one; it may repeat what was sent. */
  readonly code: string | undefined
  /** Seconds to wait, if the status is 429 or 503 and the headers give a time. */
  readonly retryAfterSeconds: number | undefined
}

/** Reads a provider's own error format. */
export interface ErrorReader {
  code?(body: unknown): string | undefined
  /** Whether a 429 reports an exhausted quota of the plan, for which waiting does not help, and not a rate limit. */
  isQuota?(response: Omit<ErrorResponse, 'code'>): boolean
}

/** The client whose call failed. */
interface FailedClient {
  readonly provider: ProviderKey
  readonly name: string
  readonly errorReader?: ErrorReader
}

interface RawErrorResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** What the client knows about a call that was answered with an error. */
interface FailedCall {
  readonly response: RawErrorResponse
  readonly now: Date
  /** What was sent and must not be repeated. */
  readonly secrets: readonly string[]
}

interface FailedRequest {
  readonly method: string
  readonly safeToRepeat?: true
  readonly purpose: string
  readonly isMissing?: (response: ErrorResponse) => boolean
  readonly onNotFound?: (response: ErrorResponse) => GatewayError | undefined
}

/** Whether the provider may have carried out the request although no usable response arrived. */
export const isUnsafe = ({ method, safeToRepeat }: FailedRequest): boolean =>
  method !== 'GET' && !safeToRepeat

/** Matches a 404 body about a part of the gateway's own account, not about the requested resource. */
const ownAccountParts = /\b(group|project|workspace)\b|NotFound_(Group|Destination)/i

/**
 * Whether a 404 means that the requested resource does not exist. Not if the body is not JSON (an error page of a
 * proxy), nor if a group, project or workspace of the gateway's own account is missing.
 */
export function isNotFound({ body }: ErrorResponse): boolean {
  return typeof body !== 'symbol' && !ownAccountParts.test(JSON.stringify(body) ?? '')
}

/** Maps an error response, by its status first: bodies differ between providers and can contradict the status. */
export function toProviderError(
  client: FailedClient,
  request: FailedRequest,
  { response, now, secrets }: FailedCall,
): GatewayError {
  const { status, headers } = response
  const body = readJson(response.text)
  const rawCode = client.errorReader?.code?.(body)
  const code = plainCode(rawCode, secrets)
  const waitSeconds = status === 429 || status === 503 ? retryAfterSeconds(headers, now) : undefined
  const errorResponse = { status, headers, body, code: rawCode, retryAfterSeconds: waitSeconds }
  const isMissing = status === 404 || request.isMissing?.(errorResponse)
  const notFound = isMissing ? request.onNotFound?.(errorResponse) : undefined
  if (notFound) return notFound
  const reason = typeof body === 'symbol' ? { message: plainText(response.text) } : body
  const isPlanLimit = status === 402 || (status === 403 && isPlanRestriction(errorText(reason)))
  const isQuota = status === 429 && (client.errorReader?.isQuota?.(errorResponse) ?? false)
  const kind = isPlanLimit ? 'PROVIDER_REJECTED' : codeForStatus(status, isQuota)
  const detail = code === undefined ? `HTTP ${status}` : `HTTP ${status}, ${code}`
  const text = isPlanLimit ? planLimitText : failureText[kind]
  return new ProviderError(
    client.provider,
    kind,
    `${client.name} ${text} the attempt to ${request.purpose} (${detail}).`,
    {
      retryAfterSeconds: waitSeconds,
      mayHaveActed: isUnsafe(request) && (status >= 500 || status === 408),
      // The input is not the cause: another provider may have the feature.
      ...(isPlanLimit ? { allowsFallback: true } : {}),
      providerErrorCode: code,
      providerMessage: status >= 400 && status < 500 ? providerMessage(reason, secrets) : undefined,
      providerRequestId: plainId(
        first(headers['x-request-id']) ?? first(headers['x-amzn-requestid']) ?? first(headers['cf-ray']),
        secrets,
      ),
    },
  )
}

/** A body that is neither JSON nor a page in HTML or XML; empty for those. */
const plainText = (text: string): string => (/^\s*</.test(text) ? '' : text)

const planLimitText =
  "does not offer the gateway's account (its plan or payment) a feature that is needed for"

const failureText: Record<ProviderErrorCode, string> = {
  PROVIDER_REJECTED: 'rejected',
  PROVIDER_UNAUTHORIZED: "did not accept the gateway's credentials for",
  PROVIDER_RATE_LIMITED: 'rate-limited',
  PROVIDER_QUOTA_EXCEEDED: 'reported an exhausted quota for',
  PROVIDER_UNAVAILABLE: 'failed during',
  PROVIDER_TIMEOUT: 'timed out during',
  PROVIDER_SUSPENDED: 'is suspended for',
  PROVIDER_INVALID_RESPONSE: 'sent an unexpected response to',
}

function codeForStatus(status: number, isQuota: boolean): ProviderErrorCode {
  if (status === 401 || status === 403) return 'PROVIDER_UNAUTHORIZED'
  if (status === 408) return 'PROVIDER_TIMEOUT'
  if (status === 429) return isQuota ? 'PROVIDER_QUOTA_EXCEEDED' : 'PROVIDER_RATE_LIMITED'
  if (status >= 500) return 'PROVIDER_UNAVAILABLE'
  if (status >= 400) return 'PROVIDER_REJECTED'
  return 'PROVIDER_INVALID_RESPONSE' // a redirect or a 1xx: no provider documents one
}

interface FailedAttempt {
  readonly options: FailedClient
  readonly request: FailedRequest
  /** 0 if no response headers arrived. */
  readonly status: number
  readonly timedOut: boolean
}

/** Maps an error of the transport: no complete response arrived. */
export function toTransportError(error: unknown, attempt: FailedAttempt): ProviderError {
  const { options, request, status, timedOut } = attempt
  const fail = (kind: ProviderErrorCode, text: string) =>
    new ProviderError(options.provider, kind, `${options.name} ${text} the attempt to ${request.purpose}.`, {
      cause: error,
      causeCode: causeCode(error),
      mayHaveActed: isUnsafe(request) && !isUnsent(error),
    })
  if (timedOut) return fail('PROVIDER_TIMEOUT', failureText.PROVIDER_TIMEOUT)
  if (error instanceof ResponseTooLargeError)
    return fail('PROVIDER_INVALID_RESPONSE', 'exceeded the response size limit during')
  // The headers arrived and the body is incomplete: an unreadable response, not an unreachable provider.
  if (status >= 200 && status < 300)
    return fail('PROVIDER_INVALID_RESPONSE', 'sent an incomplete response to')
  return fail('PROVIDER_UNAVAILABLE', 'could not be reached during')
}
