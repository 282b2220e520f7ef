import { type GatewayError, ProviderError, type ProviderErrorCode } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { ResponseTooLargeError, readJson } from './response-body.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** An answer outside 2xx. `body` is for reading codes from; it must not reach a message or a log. */
export interface ErrorResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  /** The provider's own code, when its reader found one. */
  readonly code: string | undefined
}

/** What only the provider's file knows about its error bodies. */
export interface ErrorReader {
  code?(body: unknown): string | undefined
  /** Whether a 429 says "pay more" and not "wait". */
  isQuota?(refusal: Omit<ErrorResponse, 'code'>): boolean
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

interface FailedRequest {
  readonly method: string
  readonly safeToRepeat?: true
  readonly purpose: string
  readonly onNotFound?: (refusal: ErrorResponse) => GatewayError | undefined
}

/** Whether the provider may have acted although no useful answer came. */
export const isUnsafe = ({ method, safeToRepeat }: FailedRequest): boolean =>
  method !== 'GET' && !safeToRepeat

/** What a 404 must not speak of to mean the thing that was asked for: our own account's parts. */
const ownParts = /\b(group|project|workspace)\b|NotFound_(Group|Destination)/i

/** Whether a 404 says that the thing is not there: a proxy's page, or a missing group of our own, says something else. */
export function isNotFound({ body }: ErrorResponse): boolean {
  return typeof body !== 'symbol' && !ownParts.test(JSON.stringify(body) ?? '')
}

/** Maps a refusal by its status first; bodies differ and lie. */
export function toProviderError(
  client: FailedClient,
  wanted: FailedRequest,
  response: RawErrorResponse,
): GatewayError {
  const { status, headers } = response
  const body = readJson(response.text)
  const code = plainCode(client.errorReader?.code?.(body))
  const refusal = { status, headers, body, code }
  const missing = status === 404 ? wanted.onNotFound?.(refusal) : undefined
  if (missing) return missing
  const kind = codeForStatus(status, status === 429 && (client.errorReader?.isQuota?.(refusal) ?? false))
  const said = code === undefined ? `HTTP ${status}` : `HTTP ${status}, ${code}`
  return new ProviderError(
    client.provider,
    kind,
    `${client.name} ${verb[kind]} the attempt to ${wanted.purpose} (${said}).`,
    {
      retryAfterSeconds: retryAfterSeconds(headers),
      mayHaveActed: isUnsafe(wanted) && (status >= 500 || status === 408),
      providerErrorCode: code,
      providerRequestId: plainCode(
        first(headers['x-request-id']) ?? first(headers['x-amzn-requestid']) ?? first(headers['cf-ray']),
      ),
    },
  )
}

const verb: Record<ProviderErrorCode, string> = {
  PROVIDER_REJECTED: 'rejected',
  PROVIDER_UNAUTHORIZED: "did not accept the gateway's credentials for",
  PROVIDER_RATE_LIMITED: 'asks to wait before',
  PROVIDER_QUOTA_EXCEEDED: 'says the plan is used up for',
  PROVIDER_UNAVAILABLE: 'failed during',
  PROVIDER_TIMEOUT: 'took too long for',
  PROVIDER_INVALID_RESPONSE: 'answered something unexpected to',
}

function codeForStatus(status: number, isQuota: boolean): ProviderErrorCode {
  if (status === 401 || status === 403) return 'PROVIDER_UNAUTHORIZED'
  if (status === 408) return 'PROVIDER_TIMEOUT'
  if (status === 429) return isQuota ? 'PROVIDER_QUOTA_EXCEEDED' : 'PROVIDER_RATE_LIMITED'
  if (status >= 500) return 'PROVIDER_UNAVAILABLE'
  if (status >= 400) return 'PROVIDER_REJECTED'
  return 'PROVIDER_INVALID_RESPONSE' // a redirect or an informational answer: none is documented
}

/** Maps what happened when no whole answer came back. */
export function toTransportError(
  error: unknown,
  at: { options: FailedClient; wanted: FailedRequest; status: number; timedOut: boolean },
): ProviderError {
  const { provider, name } = at.options
  const fail = (kind: ProviderErrorCode, what: string) =>
    new ProviderError(provider, kind, `${name} ${what} the attempt to ${at.wanted.purpose}.`, {
      cause: error,
      mayHaveActed: isUnsafe(at.wanted) && !neverSent.has(systemErrorCode(error)),
    })
  if (at.timedOut) return fail('PROVIDER_TIMEOUT', verb.PROVIDER_TIMEOUT)
  if (error instanceof ResponseTooLargeError)
    return fail('PROVIDER_INVALID_RESPONSE', 'answered far too much to')
  // The head arrived and the body broke off: the answer is unreadable, as opposed to absent.
  if (at.status >= 200 && at.status < 300) return fail('PROVIDER_INVALID_RESPONSE', 'broke off its answer to')
  return fail('PROVIDER_UNAVAILABLE', 'could not be reached for')
}

/** No connection, no request. */
const neverSent: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

const systemErrorCode = (error: unknown) =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** `Retry-After` in seconds or as a date, else the reset time that some providers send instead. */
export function retryAfterSeconds(headers: Headers, now = Date.now()): number | undefined {
  const after = first(headers['retry-after'])
  if (after !== undefined && /^\d+$/.test(after)) return clampSeconds(Number(after))
  if (after !== undefined && !Number.isNaN(Date.parse(after)))
    return clampSeconds((Date.parse(after) - now) / 1000)
  const reset = first(headers['x-ratelimit-reset'])
  return reset !== undefined && /^\d{9,11}$/.test(reset)
    ? clampSeconds(Number(reset) - now / 1000)
    : undefined
}

const clampSeconds = (seconds: number) => Math.min(Math.max(Math.ceil(seconds), 0), 86_400)

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** Codes and ids are short words; anything else might be a sentence that repeats a secret. */
function plainCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value) ? value : undefined
}
