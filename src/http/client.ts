import { Agent, type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import { NotFoundError, ProviderError } from '../domain/errors.ts'
import { isNotFound, isUnsafe, toProviderError, toTransportError } from './error-response.ts'
import type {
  CreateHttpClient,
  HttpClient,
  HttpClientOptions,
  HttpRequest,
  HttpSettings,
  RawResponse,
  RequestContext,
} from './http-types.ts'
import { readJson, readText } from './response-body.ts'

/** A 404 on its way to becoming `null`. */
class MissingError extends NotFoundError {
  constructor() {
    super('the provider has no such thing')
  }
}

const answerLimitBytes = 8_000_000

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
    call: RequestContext,
    headers: Record<string, string>,
  ): Promise<RawResponse> {
    const address = prefix + wanted.path + queryString(wanted.query)
    if (wanted.method !== 'GET' || call.readCache === undefined)
      return askOnce(wanted, call, { address, headers })
    const known = call.readCache.get(address) ?? askOnce(wanted, call, { address, headers })
    call.readCache.set(address, known)
    return known
  }

  async function askOnce<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: RequestContext,
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
      throw toTransportError(error, { options, wanted, status: stage.status, timedOut: deadline.aborted })
    }
  }

  async function exchange<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: RequestContext,
    headers: Record<string, string>,
  ): Promise<z.output<A>> {
    let response = await attempt(wanted, call, headers)
    if (response.status === 401 && authorization.renew) {
      // A 401 had no effect, so repeating even a POST is safe.
      authorization.renew(headers)
      call.readCache?.clear()
      response = await attempt(wanted, call, await authorization.headers(call))
    }
    if (response.status < 200 || response.status > 299) throw toProviderError(options, wanted, response)
    const answer = wanted.responseSchema.safeParse(readJson(response.text))
    if (answer.success) return answer.data
    // The issues name paths of the answer, never its values.
    const paths = answer.error.issues.map((issue) => issue.path.join('.') || '(whole answer)').slice(0, 5)
    throw new ProviderError(
      provider,
      'PROVIDER_INVALID_RESPONSE',
      `${options.name} answered something unexpected to the attempt to ${wanted.purpose}: ${paths.join(', ')}.`,
      { mayHaveActed: isUnsafe(wanted) },
    )
  }

  async function send<A extends z.ZodType>(
    wanted: HttpRequest<A>,
    call: RequestContext,
  ): Promise<z.output<A>> {
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
          onNotFound: (refusal) =>
            (wanted.isNotFound ?? isNotFound)(refusal) ? new MissingError() : undefined,
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
