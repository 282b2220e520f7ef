import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { GatewayError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Metrics } from '../domain/metrics.ts'
import type { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Tracing } from '../domain/tracing.ts'
import type { CallPriority } from './bulkhead.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import type { ProxySettings } from './dispatcher.ts'
import type { ErrorReader, ErrorResponse } from './error-response.ts'
import type { ClockSample } from './provider-clocks.ts'

/** The context of the provider calls of one unit of work; made by `operation` or `backgroundWork`. */
export interface RequestContext {
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal
  /**
   * When the work began, by `performance.now()`: all its calls end within one deadline from then, with their waits and
   * retries. `null`: each call has a deadline of its own, for work of any number of calls.
   */
  readonly startedAt: number | null
  readonly priority: CallPriority
  /** Of a roll-back: it has this time, at most the deadline, and is sent even if the circuit breaker is open. */
  readonly rollBackMs?: number
  /** Lets the calls of one round of reads share identical GET requests. */
  readonly readCache?: ReadCache
}

/** A signal that never aborts. Each caller needs its own: a shared one keeps a reference to every signal derived from it. */
const neverAborted = () => new AbortController().signal

/**
 * Work that a caller waits for: its calls share one deadline. Default of `signal`: the calls are finished even if the
 * caller disconnects.
 */
export const operation = (signal = neverAborted()): RequestContext => ({
  signal,
  startedAt: performance.now(),
  priority: 'INTERACTIVE',
})

/** Polls, syncs and webhooks: each call has its own deadline, and interactive calls come first. */
export const backgroundWork = (signal = neverAborted()): RequestContext => ({
  signal,
  startedAt: null,
  priority: 'BACKGROUND',
})

/** Undoes what an operation has done, even after its deadline: gets 3 s of its own. */
export const rollBack = (call: RequestContext): RequestContext => ({
  ...call,
  startedAt: performance.now(),
  rollBackMs: 3_000,
})

/** Responses of GET requests by URL. */
export type ReadCache = Map<string, Promise<RawResponse>>

/** A response of any status, not yet parsed. */
export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Supplies the headers that authenticate a request. */
export interface Authorization {
  headers(call: RequestContext): Promise<Record<string, string>>
  /** Discards credentials that a 401 has rejected; the client then retries once. Without it there is no retry. */
  renew?(rejected: Record<string, string>): void
}

export interface HttpRequest<Schema extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Built with the `path` template, so that IDs are encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  /** Top-level fields of `body` that an error message may repeat. All others are treated as secrets. */
  readonly publicFields?: readonly string[]
  /** Top-level fields of `body` whose keys the caller chooses: unusual keys are treated as secrets too. */
  readonly freeFields?: readonly string[]
  /** Schema of a 2xx body; unknown fields are accepted. */
  readonly responseSchema: Schema
  /** What the request attempts, for messages: "make a connect link". */
  readonly purpose: string
  /** A read without which the caller goes on: its failure does not count against the provider's health. */
  readonly optional?: true
  /** A POST that is harmless to repeat: its errors never report that the provider may have acted. */
  readonly safeToRepeat?: true
  /**
   * Maps a 404, or what `isMissing` counts as one, to an error about the resource that the caller named; without it, or if it
   * returns undefined, the response is a ProviderError.
   */
  readonly onNotFound?: (response: ErrorResponse) => GatewayError | undefined
  /** Credentials of this request instead of those of the account, as a bearer token. */
  readonly bearer?: string
  /** Whether a response with another error status than 404 means that the resource does not exist; default: none does. */
  readonly isMissing?: (response: ErrorResponse) => boolean
  /**
   * For `find`: whether a 404 means that the resource does not exist; by default as `isNotFound` of
   * `error-response.ts`.
   */
  readonly isNotFound?: (response: ErrorResponse) => boolean
}

export interface HttpClient {
  /**
   * Returns the parsed body of a 2xx response. Throws ProviderError, the error of `onNotFound`, or the reason of an
   * aborted signal.
   */
  send<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    call: RequestContext,
  ): Promise<z.output<Schema>>
  /** As `send`, but returns `null` for a 404. */
  find<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    call: RequestContext,
  ): Promise<z.output<Schema> | null>
}

export interface HttpClientOptions {
  readonly provider: ProviderKey
  readonly name: string
  /** May carry a path prefix. */
  readonly baseUrl: URL
  readonly authorization: Authorization
  readonly errorReader?: ErrorReader
}

/** Settings shared by all clients of one account. */
export interface HttpSettings {
  readonly log: Log
  /** Longest duration of an operation, or of one call of background work, up to the last byte of the last response. */
  readonly deadlineMs: number
  /** How calls leave the network. Default: directly. */
  readonly proxy?: ProxySettings
  /** Refuses calls while the account does not answer. Default: none. */
  readonly circuit?: CircuitBreaker
  readonly now: () => Date
  /** Called with the times of each response; feeds the estimate of the provider's clock. */
  readonly onResponse?: (sample: ClockSample) => void
  /** Called with the outcome of each call; feeds `Provider.status`. */
  readonly onOutcome?: (error?: ProviderError) => void
  /** Called with the duration of each call that was sent. */
  readonly onCall?: Metrics['providerCall']
  /** Records each exchange. Default: none is. */
  readonly tracing?: Tracing
}

export type CreateHttpClient = (options: HttpClientOptions) => HttpClient

/**
 * Encodes each inserted ID as one path segment. An ID "." or ".." would traverse the path: callers must reject it
 * before.
 */
export function path(strings: TemplateStringsArray, ...ids: readonly (string | number)[]): string {
  return strings
    .map((part, index) => part + (index < ids.length ? encodeURIComponent(ids[index] ?? '') : ''))
    .join('')
}

/** The URL of a path below a base URL, which may have a path of its own. */
export const apiUrl = (base: URL, path: string): string =>
  base.origin + base.pathname.replace(/\/$/, '') + path

/** The query with its `?`; empty without values. */
export function queryString(query: HttpRequest<z.ZodType>['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.append(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
