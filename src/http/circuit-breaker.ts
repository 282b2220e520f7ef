import type { ProviderError } from '../domain/provider-error.ts'
import { providerErrorTraits } from '../domain/provider-error.ts'

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'

export interface CircuitSettings {
  /** Opens after this many failures in a row ... */
  readonly consecutiveFailures: number
  /** ... or if at least this share of the calls within `windowMs` failed, of at least `minCalls` calls. */
  readonly failureShare: number
  readonly minCalls: number
  readonly windowMs: number
  /** How long it stays open the first time; doubled each time that a probe fails, up to `maxOpenMs`. */
  readonly openMs: number
  readonly maxOpenMs: number
}

export const defaultCircuitSettings: CircuitSettings = {
  consecutiveFailures: 5,
  failureShare: 0.5,
  minCalls: 10,
  windowMs: 10_000,
  openMs: 5_000,
  maxOpenMs: 60_000,
}

export interface CircuitOptions {
  /** Milliseconds. A clock that is set back ends the open state. */
  readonly now: () => number
  /** From 0 to 1; up to a fifth is added to the open time, so that several gateways do not probe at the same moment. */
  readonly random?: () => number
  readonly settings?: CircuitSettings
  readonly onTransition?: (state: CircuitState, openForMs: number) => void
}

/** The right to make one call; at its end `settle` or `release` must be called. After `settle`, both have no effect. */
export interface CircuitPermit {
  /** `error`: undefined for a success. Errors that say nothing about availability, such as a rejected input, are successes. */
  settle(error?: ProviderError): void
  /** The call ended without an outcome: its caller has disconnected, or it was not sent. */
  release(): void
}

/**
 * CLOSED: calls pass and are counted. OPEN: calls are refused. HALF_OPEN, after the open time: one call at a time passes
 * as a probe; its success closes the circuit, its failure opens it for twice as long. Failures are 5xx responses, 429,
 * timeouts and connection errors. A failure with Retry-After opens it for that time instead, at most five minutes.
 */
export interface CircuitBreaker {
  state(): CircuitState
  /** How long calls are refused; 0 unless the state is OPEN. */
  retryAfterMs(): number
  /** `null`: the call is refused. */
  enter(): CircuitPermit | null
  /** Whether the operator has suspended the account: it is OPEN then, whatever its calls were. Absent: `false`. */
  isSuspended?(): boolean
}

const maxRetryAfterMs = 300_000
const bucketMs = 1_000

interface Bucket {
  readonly at: number
  calls: number
  failures: number
}

export function createCircuitBreaker({
  now,
  random = Math.random,
  settings = defaultCircuitSettings,
  onTransition,
}: CircuitOptions): CircuitBreaker {
  let phase: CircuitState = 'CLOSED'
  /** Incremented with each transition: outcomes of calls of an earlier phase are ignored. */
  let epoch = 0
  let openedAt = 0
  let openForMs = 0
  let openings = 0
  let isProbing = false
  let consecutive = 0
  let buckets: Bucket[] = []

  function change(to: CircuitState): void {
    phase = to
    epoch += 1
    isProbing = false
    consecutive = 0
    buckets = []
    onTransition?.(to, to === 'OPEN' ? openForMs : 0)
  }

  function open(retryAfterSeconds: number | undefined): void {
    const backoffMs = Math.min(settings.openMs * 2 ** openings, settings.maxOpenMs)
    openings = Math.min(openings + 1, 30)
    openForMs = retryAfterSeconds
      ? Math.min(retryAfterSeconds * 1_000, maxRetryAfterMs)
      : Math.round(backoffMs * (1 + random() / 5))
    openedAt = now()
    change('OPEN')
  }

  function state(): CircuitState {
    const elapsedMs = now() - openedAt
    if (phase === 'OPEN' && (elapsedMs >= openForMs || elapsedMs < 0)) change('HALF_OPEN')
    return phase
  }

  function count(isFailure: boolean): void {
    const at = now()
    buckets = buckets.filter((bucket) => at - bucket.at < settings.windowMs && bucket.at <= at)
    let last = buckets.at(-1)
    if (last === undefined || at - last.at >= bucketMs) {
      last = { at, calls: 0, failures: 0 }
      buckets.push(last)
    }
    last.calls += 1
    last.failures += isFailure ? 1 : 0
    consecutive = isFailure ? consecutive + 1 : 0
  }

  function isTooMany(): boolean {
    const calls = buckets.reduce((sum, bucket) => sum + bucket.calls, 0)
    const failures = buckets.reduce((sum, bucket) => sum + bucket.failures, 0)
    return (
      consecutive >= settings.consecutiveFailures ||
      (calls >= settings.minCalls && failures >= calls * settings.failureShare)
    )
  }

  function record(error: ProviderError | undefined): void {
    const isFailure = error !== undefined && providerErrorTraits[error.code].opensCircuit
    if (phase === 'HALF_OPEN') {
      if (isFailure) return open(error.retryAfterSeconds)
      openings = 0
      return change('CLOSED')
    }
    count(isFailure)
    if (isFailure && isTooMany()) open(error.retryAfterSeconds)
  }

  return {
    state,
    retryAfterMs: () => (state() === 'OPEN' ? openedAt + openForMs - now() : 0),
    enter() {
      if (state() === 'OPEN' || (phase === 'HALF_OPEN' && isProbing)) return null
      isProbing = phase === 'HALF_OPEN'
      const begunIn = epoch
      let isSettled = false
      return {
        settle(error) {
          if (epoch === begunIn && !isSettled) record(error)
          isSettled = true
        },
        release() {
          if (epoch === begunIn && !isSettled) isProbing = false
        },
      }
    },
  }
}
