import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import { NotFoundError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import { createBulkhead, defaultBulkheadSettings } from './bulkhead.ts'
import { createDispatcher, noProxies } from './dispatcher.ts'
import { isNotFound, isUnsafe, toProviderError } from './error-response.ts'
import { type AccountLimits, createExchanges, deadlineOf, type Exchanges, type Flow } from './exchange.ts'
import {
  apiUrl,
  type CreateHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpSettings,
  queryString,
  type RawResponse,
  type RequestContext,
} from './http-types.ts'
import { reportCall } from './report-call.ts'
import { readJson } from './response-body.ts'
import { createRetryBudget } from './retry-budget.ts'
import { sentSecrets } from './sent-secrets.ts'

/** Internal: lets `find()` turn a 404 into `null`. */
class MissingError extends NotFoundError {
  constructor() {
    super('the provider answered 404')
  }
}

/**
 * Creates a factory of the clients of one account. Each client has its own connection pool, so that a provider that hangs
 * does not block another; all share the limits of concurrent calls and of retries. `close` closes all pools.
 */
export function createHttp(settings: HttpSettings): { client: CreateHttpClient; close(): Promise<void> } {
  const dispatchers: Dispatcher[] = []
  const limits: AccountLimits = {
    bulkhead: createBulkhead(),
    retries: createRetryBudget(() => performance.now()),
    begun: new WeakSet(),
  }
  return {
    client(options) {
      const dispatcher = createDispatcher({
        origin: options.baseUrl,
        proxy: settings.proxy ?? noProxies,
        connectTimeoutMs: connectTimeoutMs(settings.deadlineMs),
        connections: defaultBulkheadSettings.maxConcurrent,
      })
      dispatchers.push(dispatcher)
      return createHttpClient(options, settings, createExchanges(options, settings, { limits, dispatcher }))
    },
    close: async () => void (await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()))),
  }
}

/** A part of the deadline, so that a read can be tried again on another connection. */
const connectTimeoutMs = (deadlineMs: number) => Math.max(1_000, Math.round(deadlineMs * 0.4))

function createHttpClient(
  options: HttpClientOptions,
  settings: HttpSettings,
  exchanges: Exchanges,
): HttpClient {
  const { provider, authorization } = options
  const prefix = apiUrl(options.baseUrl, '')

  /** Identical GET requests that share a `readCache` are sent once. */
  function sendCached(flow: Flow, headers: Record<string, string>): Promise<RawResponse> {
    const { request, call } = flow
    const url = prefix + request.path + queryString(request.query)
    if (request.method !== 'GET' || call.readCache === undefined)
      return exchanges.send(flow, { url, headers })
    const response = call.readCache.get(url) ?? exchanges.send(flow, { url, headers })
    call.readCache.set(url, response)
    return response
  }

  async function sendWithRetry<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    flow: Flow,
    headers: Record<string, string>,
  ): Promise<z.output<Schema>> {
    let sent = headers
    let response = await sendCached(flow, sent)
    if (response.status === 401 && authorization.renew && request.bearer === undefined) {
      // A request that was answered with 401 had no effect, so that even a POST can be repeated.
      authorization.renew(sent)
      flow.call.readCache?.clear()
      sent = await fetchHeaders(flow)
      response = await sendCached(flow, sent)
    }
    if (response.status < 200 || response.status > 299) {
      const secrets = sentSecrets(request, sent)
      throw toProviderError(options, request, { response, now: settings.now(), secrets })
    }
    const body = readJson(response.text)
    const parsed = request.responseSchema.safeParse(body)
    if (parsed.success) return parsed.data
    // Only paths of the response, never its values.
    const paths = parsed.error.issues.map((issue) => issue.path.join('.') || '(root)').slice(0, 5)
    throw new ProviderError(
      provider,
      'PROVIDER_INVALID_RESPONSE',
      `${options.name} sent an unexpected response to the attempt to ${request.purpose}: ${paths.join(', ')}.`,
      {
        mayHaveActed: isUnsafe(request),
        // An unexpected object concerns the requested one only; anything else is not from the provider's API.
        countsAgainstHealth: typeof body !== 'object' || body === null,
      },
    )
  }

  async function send<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    call: RequestContext,
  ): Promise<z.output<Schema>> {
    const flow: Flow = { request, call, deadlineAt: deadlineOf(call, settings.deadlineMs), attempts: 0 }
    // Outside the measured time: fetching a token is a call of its own, reported separately.
    const headers = await fetchHeaders(flow)
    const startedAt = performance.now()
    try {
      const result = await sendWithRetry(request, flow, headers)
      reportCall(settings, { ...flow, provider, startedAt, error: undefined })
      return result
    } catch (error) {
      // A caller that disconnected is not a failure of the provider.
      if (!call.signal.aborted) reportCall(settings, { ...flow, provider, startedAt, error })
      throw error
    } finally {
      flow.permit?.release()
    }
  }

  /** A token that is being fetched for several callers is waited for at most until the deadline of each. */
  async function fetchHeaders({ request, call, deadlineAt }: Flow): Promise<Record<string, string>> {
    if (request.bearer !== undefined) return { authorization: `Bearer ${request.bearer}` }
    const waiting = new AbortController()
    const late = sleep(Math.max(0, deadlineAt - performance.now()), undefined, {
      signal: waiting.signal,
      ref: false,
    })
    try {
      const headers = await Promise.race([authorization.headers(call), late])
      if (headers !== undefined) return headers
    } finally {
      waiting.abort()
    }
    throw new ProviderError(
      provider,
      'PROVIDER_TIMEOUT',
      `${options.name} timed out during the attempt to ${request.purpose}.`,
    )
  }

  return {
    send,
    find: (request, call) =>
      send(
        {
          ...request,
          onNotFound: (response) =>
            request.isMissing?.(response) || (request.isNotFound ?? isNotFound)(response)
              ? new MissingError()
              : undefined,
        },
        call,
      ).catch((error: unknown) => {
        if (error instanceof MissingError) return null
        throw error
      }),
  }
}
