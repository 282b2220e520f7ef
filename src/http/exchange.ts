import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request as undiciRequest } from 'undici'
import type { z } from 'zod'
import { ProviderError, suspendedError } from '../domain/provider-error.ts'
import { noTracing } from '../domain/tracing.ts'
import type { Bulkhead } from './bulkhead.ts'
import type { CircuitPermit } from './circuit-breaker.ts'
import { isUnsafe, toTransportError } from './error-response.ts'
import type {
  HttpClientOptions,
  HttpRequest,
  HttpSettings,
  RawResponse,
  RequestContext,
} from './http-types.ts'
import { readText } from './response-body.ts'
import { first, retryAfterSeconds } from './retry-after.ts'
import type { RetryBudget } from './retry-budget.ts'
import { annotateStatus, traceExchange } from './trace-exchange.ts'

/** What the clients of one account share. */
export interface AccountLimits {
  readonly bulkhead: Bulkhead
  readonly retries: RetryBudget
  /** Contexts whose unsafe calls have been sent: the circuit breaker lets them finish what they have begun. */
  readonly begun: WeakSet<RequestContext>
}

/** The exchanges of one logical call: repeated after a 401, retried after a failure. */
export interface Flow {
  readonly request: HttpRequest<z.ZodType>
  readonly call: RequestContext
  readonly deadlineAt: number
  /** Exchanges that have been sent. */
  attempts: number
  /** Set with the first exchange that is sent. A call that only shares the response of another one has none. */
  permit?: CircuitPermit | undefined
}

export interface Exchanges {
  /** Sends a request and reads the response, of any status. Throws ProviderError, or the reason of the call's signal. */
  send(flow: Flow, sent: SentRequest): Promise<RawResponse>
}

export interface SentRequest {
  readonly url: string
  readonly headers: Record<string, string>
}

const responseLimitBytes = 8_000_000
const retryJitterMs = { min: 20, max: 200 } as const
const ungated: CircuitPermit = { settle: () => undefined, release: () => undefined }

/** When the calls of a context must have ended, by `performance.now()`. */
export function deadlineOf({ startedAt, rollBackMs }: RequestContext, deadlineMs: number): number {
  return (startedAt ?? performance.now()) + Math.min(deadlineMs, rollBackMs ?? deadlineMs)
}

export function createExchanges(
  options: HttpClientOptions,
  settings: HttpSettings,
  { limits, dispatcher }: { readonly limits: AccountLimits; readonly dispatcher: Dispatcher },
): Exchanges {
  const { provider, name } = options
  const { tracing = noTracing } = settings
  const notSent = ({ request }: Flow, text: string, seconds: number) =>
    new ProviderError(
      provider,
      'PROVIDER_UNAVAILABLE',
      `The attempt to ${request.purpose} was not made: ${text}.`,
      { notSent: true, countsAgainstHealth: false, retryAfterSeconds: seconds },
    )

  function refused(flow: Flow): ProviderError {
    if (settings.circuit?.isSuspended?.()) return suspendedError({ key: provider, name })
    const seconds = Math.max(1, Math.ceil((settings.circuit?.retryAfterMs() ?? 0) / 1_000))
    return notSent(flow, `the last calls to ${name} failed`, seconds)
  }

  /** Throws if no time is left, so that nothing is sent whose response would not be waited for. */
  function requireTime({ request, deadlineAt }: Flow): void {
    if (performance.now() < deadlineAt) return
    throw new ProviderError(
      provider,
      'PROVIDER_TIMEOUT',
      `There was no time left for the attempt to ${request.purpose}.`,
      { notSent: true, countsAgainstHealth: false },
    )
  }

  const isAdmitted = ({ call }: Flow) => call.rollBackMs !== undefined || limits.begun.has(call)

  /** Throws while the circuit breaker is open, except for work that has begun. */
  function enterCircuit(flow: Flow): void {
    flow.permit ??= settings.circuit?.enter() ?? (settings.circuit && !isAdmitted(flow) ? undefined : ungated)
    if (flow.permit === undefined) throw refused(flow)
  }

  /** Waits for a place, then sends the request once. */
  async function sendOnce(flow: Flow, sent: SentRequest): Promise<RawResponse> {
    const { request, call } = flow
    // Checked before the wait too: it would be in vain.
    if (flow.permit === undefined && settings.circuit?.state() === 'OPEN' && !isAdmitted(flow))
      throw refused(flow)
    requireTime(flow)
    const deadline = AbortSignal.timeout(Math.ceil(flow.deadlineAt - performance.now()))
    const signal = AbortSignal.any([call.signal, deadline])
    const release = await limits.bulkhead.acquire(call.priority, signal).catch(() => {
      call.signal.throwIfAborted()
      throw notSent(flow, `too many calls to ${name} are waiting for their responses`, 1)
    })
    const progress = { status: 0 }
    try {
      requireTime(flow)
      enterCircuit(flow)
      if (isUnsafe(request)) limits.begun.add(call)
      flow.attempts += 1
      return await traceExchange(tracing, { options, request, attempt: flow.attempts }, () =>
        exchange(request, { ...sent, signal, progress }),
      )
    } catch (error) {
      call.signal.throwIfAborted()
      if (error instanceof ProviderError) throw error
      const timedOut = deadline.aborted
      const failed = toTransportError(error, { options, request, status: progress.status, timedOut })
      // Counted before the place is given to the next call: that one may be refused.
      if (timedOut && !request.optional) flow.permit?.settle(failed)
      throw failed
    } finally {
      release()
    }
  }

  async function exchange(
    request: Flow['request'],
    {
      url,
      headers,
      signal,
      progress,
    }: SentRequest & { readonly signal: AbortSignal; readonly progress: { status: number } },
  ): Promise<RawResponse> {
    const sentAt = settings.now()
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
    annotateStatus(tracing, response.statusCode)
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
  }

  /** Whether a read may be repeated: its provider has failed, and did not ask to wait. */
  function isWorthRetrying({ request, deadlineAt }: Flow, outcome: RawResponse | ProviderError): boolean {
    if (request.method !== 'GET') return false
    const isFailed =
      outcome instanceof ProviderError
        ? !outcome.notSent && outcome.code !== 'PROVIDER_TIMEOUT'
        : outcome.status >= 500 && retryAfterSeconds(outcome.headers, settings.now()) === undefined
    if (!isFailed || performance.now() + retryJitterMs.max >= deadlineAt) return false
    return settings.circuit?.state() !== 'OPEN' && limits.retries.takeRetry()
  }

  return {
    async send(flow, sent) {
      limits.retries.recordCall()
      const outcome = await sendOnce(flow, sent).catch((error: unknown) => {
        if (error instanceof ProviderError) return error
        throw error
      })
      if (!isWorthRetrying(flow, outcome)) {
        if (outcome instanceof ProviderError) throw outcome
        return outcome
      }
      const { min, max } = retryJitterMs
      await sleep(min + Math.random() * (max - min), undefined, { signal: flow.call.signal })
      return sendOnce(flow, sent)
    },
  }
}
