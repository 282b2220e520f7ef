import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { GatewayError, ProviderError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { ErrorReader, ErrorResponse } from './error-response.ts'

/** What one unit of work brings along: whoever asked may have gone away. */
export interface RequestContext {
  readonly signal: AbortSignal
  /** Where one round of questions shares its reads, so that the same thing is asked for once; by client and address. */
  readonly readCache?: ReadCache
}

/** A call that is finished whatever becomes of whoever asked. A new one each: a signal remembers all that were ever derived from it. */
export const detached = (): RequestContext => ({ signal: new AbortController().signal })

export type ReadCache = Map<string, Promise<RawResponse>>

/** An answer as it came, whatever it says. */
export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** The headers that say who is calling; `renew` throws the present ones away after a 401, so that one more try makes sense. */
export interface Authorization {
  headers(call: RequestContext): Promise<Record<string, string>>
  renew?(rejected: Record<string, string>): void
}

export interface HttpRequest<Answer extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Made with `path`, so that ids are encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  /** What a useful answer must look like; unknown fields pass. */
  readonly responseSchema: Answer
  /** What is being attempted, for messages: "make a connect link". */
  readonly purpose: string
  /** A POST that makes nothing anybody would miss. */
  readonly safeToRepeat?: true
  /** Turns a 404 into the error of the thing the caller named; without it a 404 is a refusal like any other. */
  readonly onNotFound?: (refusal: ErrorResponse) => GatewayError | undefined
  /** For `find`: which 404s say that the thing is not there; by default those that speak of nothing else. */
  readonly isNotFound?: (refusal: ErrorResponse) => boolean
}

export interface HttpClient {
  /** The answer of a successful call, in the shape asked for; anything else is thrown. */
  send<Answer extends z.ZodType>(
    request: HttpRequest<Answer>,
    call: RequestContext,
  ): Promise<z.output<Answer>>
  /** The same, with `null` for a 404. */
  find<Answer extends z.ZodType>(
    request: HttpRequest<Answer>,
    call: RequestContext,
  ): Promise<z.output<Answer> | null>
}

export interface HttpClientOptions {
  readonly provider: ProviderKey
  readonly name: string
  /** May carry a path prefix. */
  readonly baseUrl: URL
  readonly authorization: Authorization
  readonly errorReader?: ErrorReader
}

/** What all clients of one gateway share. */
export interface HttpSettings {
  readonly log: Log
  /** From the first byte sent to the last byte read. */
  readonly deadlineMs: number
  /** Told how each call ended: the raw material of `Provider.status`. */
  readonly onOutcome?: (provider: ProviderKey, error?: ProviderError) => void
}

export type CreateHttpClient = (options: HttpClientOptions) => HttpClient

/** Escapes each inserted id as one path segment. Ids that are dots alone would climb: they are refused upstream of here. */
export function path(strings: TemplateStringsArray, ...ids: readonly (string | number)[]): string {
  return strings
    .map((part, index) => part + (index < ids.length ? encodeURIComponent(ids[index] ?? '') : ''))
    .join('')
}
