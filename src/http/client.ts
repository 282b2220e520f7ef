import { Agent, type Dispatcher, request as undiciRequest } from 'undici'
import type { z } from 'zod'
import { NotFoundError } from '../domain/errors.ts'
import { ProviderError } from '../domain/provider-error.ts'
import { isNotFound, isUnsafe, toProviderError, toTransportError } from './error-response.ts'
import {
  type CreateHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpSettings,
  queryString,
  type RawResponse,
  type RequestContext,
} from './http-types.ts'
import { readJson, readText } from './response-body.ts'
import { first } from './retry-after.ts'
import { sentSecrets } from './sent-secrets.ts'

/** Internal: lets `find()` turn a 404 into `null`. */
class MissingError extends NotFoundError {
  constructor() {
    super('the provider answered 404')
  }
}

const responseLimitBytes = 8_000_000

/**
 * Creates a factory of clients. Each client has its own connection pool, so that a provider that hangs does not block
 * another. `close` closes all pools.
 */
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

  /** Identical GET requests that share a `readCache` are sent once. */
  function sendCached<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    call: RequestContext,
    headers: Record<string, string>,
  ): Promise<RawResponse> {
    const url = prefix + request.path + queryString(request.query)
    if (request.method !== 'GET' || call.readCache === undefined)
      return sendOnce(request, call, { url, headers })
    const response = call.readCache.get(url) ?? sendOnce(request, call, { url, headers })
    call.readCache.set(url, response)
    return response
  }

  async function sendOnce<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    call: RequestContext,
    { url, headers }: { readonly url: string; readonly headers: Record<string, string> },
  ): Promise<RawResponse> {
    const deadline = AbortSignal.timeout(settings.deadlineMs)
    const signal = AbortSignal.any([call.signal, deadline])
    const progress = { status: 0 }
    const sentAt = settings.now()
    try {
      const response = await undiciRequest(url, {
        dispatcher,
        method: request.method,
        headers: {
          accept: 'application/json',
          ...headers,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal,
      })
      progress.status = response.statusCode
      // A response from a shared cache has the `Date` of the original one (RFC 9111, section 5.1).
      if (response.headers.age === undefined)
        settings.onResponse?.({
          dateHeader: first(response.headers.date),
          sentAt,
          receivedAt: settings.now(),
        })
      const isError = response.statusCode > 299
      // The status identifies an error; an unreadable body only loses the provider's code.
      const body = readText(response.body, responseLimitBytes)
      const text = await (isError ? body.catch(() => '') : body)
      return { status: response.statusCode, headers: response.headers, text }
    } catch (error) {
      call.signal.throwIfAborted()
      throw toTransportError(error, {
        options,
        request,
        status: progress.status,
        timedOut: deadline.aborted,
      })
    }
  }

  async function sendWithRetry<Schema extends z.ZodType>(
    request: HttpRequest<Schema>,
    call: RequestContext,
    headers: Record<string, string>,
  ): Promise<z.output<Schema>> {
    let sent = headers
    let response = await sendCached(request, call, sent)
    if (response.status === 401 && authorization.renew) {
      // A request that was answered with 401 had no effect, so that even a POST can be repeated.
      authorization.renew(sent)
      call.readCache?.clear()
      sent = await authorization.headers(call)
      response = await sendCached(request, call, sent)
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
    // Outside the measured time: fetching a token is a call of its own, reported separately.
    const headers = await authorization.headers(call)
    const startedAt = performance.now()
    try {
      const result = await sendWithRetry(request, call, headers)
      report(request, undefined, Math.round(performance.now() - startedAt))
      return result
    } catch (error) {
      // A caller that disconnected is not a failure of the provider.
      if (!call.signal.aborted) report(request, error, Math.round(performance.now() - startedAt))
      throw error
    }
  }

  return {
    send,
    find: (request, call) =>
      send(
        {
          ...request,
          onNotFound: (response) =>
            (request.isNotFound ?? isNotFound)(response) ? new MissingError() : undefined,
        },
        call,
      ).catch((error: unknown) => {
        if (error instanceof MissingError) return null
        throw error
      }),
  }

  function report<Schema extends z.ZodType>(request: HttpRequest<Schema>, error: unknown, ms: number): void {
    const failed = error instanceof ProviderError ? error : undefined
    if (!failed || !request.optional) settings.onOutcome?.(failed)
    const line = {
      provider,
      method: request.method,
      purpose: request.purpose,
      ms,
      code: failed?.code,
      providerRequestId: failed?.providerRequestId,
    }
    if (failed) settings.log.warn(line, 'provider call failed')
    else settings.log.debug(line, 'provider call')
    const providerMessage = failed?.providerMessage
    if (providerMessage !== undefined)
      settings.log.info({ ...line, providerMessage }, 'reason given by the provider')
  }
}
