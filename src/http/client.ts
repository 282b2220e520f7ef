import { Agent, type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import { type GatewayError, NotFoundError, ProviderError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ProviderKey } from '../provider-key.ts'
import { readJson, readText } from './answer.ts'
import { failureOf, type Refusal, type RefusalReader, refusalError } from './refusal.ts'

/** What one unit of work brings along: whoever asked may have gone away. */
export interface Call {
  readonly signal: AbortSignal
}

/** The headers that say who is calling; `renew` throws the present ones away after a 401, so that one more try makes sense. */
export interface Authorization {
  headers(call: Call): Promise<Record<string, string>>
  renew?(rejected: Record<string, string>): void
}

export interface HttpRequest<Answer extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Made with `path`, so that ids are encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  /** What a useful answer must look like; unknown fields pass. */
  readonly answer: Answer
  /** What is being attempted, for messages: "make a connect link". */
  readonly purpose: string
  /** Turns a 404 into the error of the thing the caller named; without it a 404 is a refusal like any other. */
  readonly missing?: (refusal: Refusal) => GatewayError | undefined
}

export interface HttpClient {
  /** The answer of a successful call, in the shape asked for; anything else is thrown. */
  send<Answer extends z.ZodType>(request: HttpRequest<Answer>, call: Call): Promise<z.output<Answer>>
  /** The same, with `null` for a 404. */
  find<Answer extends z.ZodType>(request: HttpRequest<Answer>, call: Call): Promise<z.output<Answer> | null>
}

export interface HttpClientOptions {
  readonly provider: ProviderKey
  readonly name: string
  /** May carry a path prefix. */
  readonly baseUrl: URL
  readonly authorization: Authorization
  readonly readRefusal?: RefusalReader
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

/** A 404 on its way to becoming `null`. */
class MissingError extends NotFoundError {
  constructor() {
    super('the provider has no such thing')
  }
}

const answerLimitBytes = 8_000_000

/** Escapes each inserted id as one path segment. Ids that are dots alone would climb: they are refused upstream of here. */
export function path(strings: TemplateStringsArray, ...ids: readonly (string | number)[]): string {
  return strings
    .map((part, index) => part + (index < ids.length ? encodeURIComponent(ids[index] ?? '') : ''))
    .join('')
}

/** One pool of connections for all providers; `close` ends it. */
export function createHttp(settings: HttpSettings): { client: CreateHttpClient; close(): Promise<void> } {
  const agent = new Agent({ connect: { timeout: settings.deadlineMs }, connections: 32 })
  return {
    client: (options) => createHttpClient(options, settings, agent),
    close: () => agent.destroy(),
  }
}

function createHttpClient(
  options: HttpClientOptions,
  settings: HttpSettings,
  dispatcher: Dispatcher,
): HttpClient {
  const { provider, authorization } = options
  const prefix = options.baseUrl.origin + options.baseUrl.pathname.replace(/\/$/, '')

  async function attempt<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: Call,
    headers: Record<string, string>,
  ) {
    const deadline = AbortSignal.timeout(settings.deadlineMs)
    const signal = AbortSignal.any([call.signal, deadline])
    const stage = { status: 0 }
    try {
      const response = await request(prefix + wanted.path + queryString(wanted.query), {
        dispatcher,
        method: wanted.method,
        headers: {
          accept: 'application/json',
          ...headers,
          ...(wanted.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: wanted.body === undefined ? null : JSON.stringify(wanted.body),
        signal,
      })
      stage.status = response.statusCode
      const text = await readText(response.body, answerLimitBytes)
      return { status: response.statusCode, headers: response.headers, text }
    } catch (error) {
      call.signal.throwIfAborted()
      throw failureOf(error, {
        options,
        purpose: wanted.purpose,
        status: stage.status,
        timedOut: deadline.aborted,
      })
    }
  }

  async function exchange<A extends z.ZodType>(wanted: HttpRequest<A>, call: Call): Promise<z.output<A>> {
    const headers = await authorization.headers(call)
    let response = await attempt(wanted, call, headers)
    if (response.status === 401 && authorization.renew) {
      // A 401 had no effect, so repeating even a POST is safe.
      authorization.renew(headers)
      response = await attempt(wanted, call, await authorization.headers(call))
    }
    if (response.status < 200 || response.status > 299) throw refusalError(options, wanted, response)
    const answer = wanted.answer.safeParse(readJson(response.text))
    if (answer.success) return answer.data
    // The issues name paths of the answer, never its values.
    const paths = answer.error.issues.map((issue) => issue.path.join('.') || '(whole answer)').slice(0, 5)
    throw new ProviderError(
      provider,
      'PROVIDER_CONTRACT',
      `${options.name} answered something unexpected to the attempt to ${wanted.purpose}: ${paths.join(', ')}.`,
    )
  }

  async function send<A extends z.ZodType>(wanted: HttpRequest<A>, call: Call): Promise<z.output<A>> {
    const startedAt = performance.now()
    const outcome: { error?: unknown } = {}
    try {
      return await exchange(wanted, call)
    } catch (error) {
      outcome.error = error
      throw error
    } finally {
      report(wanted, outcome.error, Math.round(performance.now() - startedAt))
    }
  }

  return {
    send,
    find: (wanted, call) =>
      send({ ...wanted, missing: () => new MissingError() }, call).catch((error: unknown) => {
        if (error instanceof MissingError) return null
        throw error
      }),
  }

  function report<A extends z.ZodType>(wanted: HttpRequest<A>, error: unknown, ms: number): void {
    const failed = error instanceof ProviderError ? error : undefined
    settings.onOutcome?.(provider, failed)
    const line = {
      provider,
      method: wanted.method,
      purpose: wanted.purpose,
      ms,
      code: failed?.code,
      providerRequestId: failed?.providerRequestId,
    }
    if (failed) settings.log.warn(line, 'provider call failed')
    else settings.log.debug(line, 'provider call')
  }
}

function queryString(query: HttpRequest<z.ZodType>['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.append(name, String(value))
  return search.size === 0 ? '' : `?${search}`
}
