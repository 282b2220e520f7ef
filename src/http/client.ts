import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import { type GatewayError, NotFoundError, ProviderError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ProviderKey } from '../provider-key.ts'
import { readJson, readText } from './answer.ts'
import { failureOf, isUnsafe, type Refusal, type RefusalReader, refusalError, saysAbsent } from './refusal.ts'

/** What one unit of work brings along: whoever asked may have gone away. */
export interface Call {
  readonly signal: AbortSignal
  /** Where one round of questions shares its reads, so that the same thing is asked for once; by client and address. */
  readonly reads?: SharedReads
}

/** A call that is finished whatever becomes of whoever asked. A new one each: a signal remembers all that were ever derived from it. */
export const uncancelled = (): Call => ({ signal: new AbortController().signal })

export type SharedReads = Map<string, Promise<RawResponse>>

/** An answer as it came, whatever it says. */
export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
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
  /** A POST that makes nothing anybody would miss. */
  readonly harmless?: true
  /** Turns a 404 into the error of the thing the caller named; without it a 404 is a refusal like any other. */
  readonly missing?: (refusal: Refusal) => GatewayError | undefined
  /** For `find`: which 404s say that the thing is not there; by default those that speak of nothing else. */
  readonly isAbsence?: (refusal: Refusal) => boolean
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

/** Makes clients, each with connections of its own, so that a provider that hangs holds up no other; `close` ends them all. */
export function createHttp(settings: HttpSettings): { client: CreateHttpClient; close(): Promise<void> } {
  const agents: Agent[] = []
  return {
    client(options) {
      const agent = new Agent({ connect: { timeout: settings.deadlineMs }, connections: 32 })
      agents.push(agent)
      return createHttpClient(options, settings, agent)
    },
    close: async () => void (await Promise.all(agents.map((agent) => agent.destroy()))),
  }
}

function createHttpClient(
  options: HttpClientOptions,
  settings: HttpSettings,
  dispatcher: Dispatcher,
): HttpClient {
  const { provider, authorization } = options
  const prefix = options.baseUrl.origin + options.baseUrl.pathname.replace(/\/$/, '')

  /** Reads of one round that ask for the same are one call. */
  function attempt<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: Call,
    headers: Record<string, string>,
  ): Promise<RawResponse> {
    const address = prefix + wanted.path + queryString(wanted.query)
    if (wanted.method !== 'GET' || call.reads === undefined)
      return askOnce(wanted, call, { address, headers })
    const known = call.reads.get(address) ?? askOnce(wanted, call, { address, headers })
    call.reads.set(address, known)
    return known
  }

  async function askOnce<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: Call,
    { address, headers }: { readonly address: string; readonly headers: Record<string, string> },
  ): Promise<RawResponse> {
    const deadline = AbortSignal.timeout(settings.deadlineMs)
    const signal = AbortSignal.any([call.signal, deadline])
    const stage = { status: 0 }
    try {
      const response = await request(address, {
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
      const isRefusal = response.statusCode > 299
      // A refusal is told by its status; its body only adds a code.
      const reading = readText(response.body, answerLimitBytes)
      const text = await (isRefusal ? reading.catch(() => '') : reading)
      return { status: response.statusCode, headers: response.headers, text }
    } catch (error) {
      call.signal.throwIfAborted()
      throw failureOf(error, { options, wanted, status: stage.status, timedOut: deadline.aborted })
    }
  }

  async function exchange<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: Call,
    headers: Record<string, string>,
  ): Promise<z.output<A>> {
    let response = await attempt(wanted, call, headers)
    if (response.status === 401 && authorization.renew) {
      // A 401 had no effect, so repeating even a POST is safe.
      authorization.renew(headers)
      call.reads?.clear()
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
      { mayHaveActed: isUnsafe(wanted) },
    )
  }

  async function send<A extends z.ZodType>(wanted: HttpRequest<A>, call: Call): Promise<z.output<A>> {
    // Getting a token is a call of its own, reported as such.
    const headers = await authorization.headers(call)
    const startedAt = performance.now()
    try {
      const answer = await exchange(wanted, call, headers)
      report(wanted, undefined, Math.round(performance.now() - startedAt))
      return answer
    } catch (error) {
      // A caller that left says nothing about the provider.
      if (!call.signal.aborted) report(wanted, error, Math.round(performance.now() - startedAt))
      throw error
    }
  }

  return {
    send,
    find: (wanted, call) =>
      send(
        {
          ...wanted,
          missing: (refusal) => ((wanted.isAbsence ?? saysAbsent)(refusal) ? new MissingError() : undefined),
        },
        call,
      ).catch((error: unknown) => {
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
