import { request } from 'undici'
import { causeCode } from './cause-code.ts'
import { isPublicAddress, literalAddress } from './public-address.ts'
import { AddressNotPublicError, createPublicAgent } from './public-agent.ts'
import { retryAfterSeconds } from './retry-after.ts'

/** The result of one request. */
export interface PostResult {
  /** Whether the receiver answered with 2xx. */
  readonly isDelivered: boolean
  /** `null`: there was no response. */
  readonly status: number | null
  /** Why it was not delivered, without a text of the receiver. */
  readonly error: string | null
  readonly retryAfterSeconds?: number | undefined
}

export interface PostRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Posts to addresses that callers choose. */
export interface Poster {
  /** Redirects are not followed. Does not reject. `now`: for a `Retry-After` that is a date. */
  post(posted: PostRequest, now: Date): Promise<PostResult>
  close(): Promise<void>
}

export interface PosterOptions {
  readonly allowPrivate: boolean
  /** Of the whole request. */
  readonly timeoutMs: number
  /** A URL of this machine that is allowed nevertheless; `null` or absent: none. */
  readonly trustedUrl?: string | null
}

/** Without `allowPrivate` only to public addresses. */
export function createPoster({ timeoutMs, trustedUrl = null, ...options }: PosterOptions): Poster {
  const agentFor = (allowPrivate: boolean) => createPublicAgent({ allowPrivate, connectTimeoutMs: timeoutMs })
  const [openAgent, publicAgent] = [agentFor(true), agentFor(false)]
  return {
    async post({ url, headers, body }, now) {
      const signal = AbortSignal.timeout(timeoutMs)
      const allowPrivate = options.allowPrivate || url === trustedUrl
      const dispatcher = allowPrivate ? openAgent : publicAgent
      try {
        const address = literalAddress(new URL(url))
        if (!allowPrivate && address !== null && !isPublicAddress(address)) throw new AddressNotPublicError()
        const response = await request(url, { method: 'POST', headers, body, dispatcher, signal })
        // Not read: a receiver could send without end.
        response.body.on('error', () => undefined).destroy()
        return resultOf(response.statusCode, retryAfterSeconds(response.headers, now))
      } catch (cause) {
        return { isDelivered: false, status: null, error: describe(cause, signal) }
      }
    },
    close: async () => void (await Promise.all([openAgent.close(), publicAgent.close()])),
  }
}

function resultOf(status: number, retryAfter: number | undefined): PostResult {
  if (status >= 200 && status < 300) return { isDelivered: true, status, error: null }
  const error =
    status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`
  return { isDelivered: false, status, error, retryAfterSeconds: retryAfter }
}

function describe(cause: unknown, { aborted }: AbortSignal): string {
  if (isNotPublic(cause)) return 'the address is not public (WEBHOOK_ALLOW_PRIVATE)'
  if (aborted) return 'no response in time'
  return causeCode(cause) ?? 'the request failed'
}

const isNotPublic = (error: unknown): boolean =>
  error instanceof AddressNotPublicError ||
  (error instanceof Error && error.cause !== undefined && isNotPublic(error.cause))
