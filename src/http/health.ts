import type { Log } from '../domain/log.ts'
import { type ProviderError, type ProviderErrorCode, providerErrorTraits } from '../domain/provider-error.ts'
import type { CircuitBreaker, CircuitSettings, CircuitState } from './circuit-breaker.ts'
import { createCircuitBreaker } from './circuit-breaker.ts'

export type HealthState = 'UP' | 'DEGRADED' | 'DOWN'

/** A failed call. */
export interface ProviderFailure {
  readonly at: Date
  readonly code: ProviderErrorCode
  /** A code of Node.js, OpenSSL or undici such as ECONNREFUSED; `null`: none is known. */
  readonly cause: string | null
}

/** The health of each provider account, derived from the outcomes of regular calls; there are no health-check calls. */
export interface Health {
  /** `error`: undefined for a success. A success, or an error that does not count against health, resets to UP. */
  record(accountKey: string, error?: ProviderError): void
  /** DOWN while the circuit breaker is not closed, and after three failures in a row. */
  of(accountKey: string): HealthState
  /** The last call that failed because of the provider, the network or the credentials; `null`: none since the start. */
  lastFailure(accountKey: string): ProviderFailure | null
  /** The state of the circuit breaker. OPEN: calls would be refused; HALF_OPEN: one call at a time is sent as a probe. */
  circuit(accountKey: string): CircuitState
  /** The circuit breaker of an account; always the same one. */
  breaker(accountKey: string): CircuitBreaker
  /** Refuses all calls to the accounts for which that is true, as with an open circuit breaker, without counting it. */
  blockCallsWhile(isBlocked: (accountKey: string) => boolean): void
  /** How often the circuit breaker of each account has changed to each state, by account key; accounts without calls are absent. */
  transitions(): ReadonlyMap<string, Readonly<Record<CircuitState, number>>>
}

export interface HealthOptions {
  readonly log: Log
  /** Default: the system's clock. */
  readonly now?: () => Date
  readonly random?: () => number
  readonly circuitSettings?: CircuitSettings | undefined
}

interface AccountHealth {
  /** Consecutive failures. */
  failures: number
  lastFailure: ProviderFailure | null
  readonly breaker: CircuitBreaker
  readonly transitions: Record<CircuitState, number>
}

/** Consecutive failures. */
const failuresUntilDown = 3

export function createHealth({
  log,
  now = () => new Date(),
  random,
  circuitSettings,
}: HealthOptions): Health {
  const accounts = new Map<string, AccountHealth>()
  let isBlocked = (_accountKey: string) => false

  function account(accountKey: string): AccountHealth {
    const known = accounts.get(accountKey)
    if (known !== undefined) return known
    const transitions = { CLOSED: 0, OPEN: 0, HALF_OPEN: 0 }
    const breaker = createCircuitBreaker({
      now: () => now().getTime(),
      ...(random && { random }),
      ...(circuitSettings && { settings: circuitSettings }),
      onTransition(state, openForMs) {
        transitions[state] += 1
        logTransition(log, { accountKey, state, openForMs })
      },
    })
    const created: AccountHealth = {
      failures: 0,
      lastFailure: null,
      breaker: blockable(breaker, () => isBlocked(accountKey)),
      transitions,
    }
    accounts.set(accountKey, created)
    return created
  }

  return {
    record(accountKey, error) {
      const one = account(accountKey)
      one.failures = error?.countsAgainstHealth ? one.failures + 1 : 0
      if (error?.countsAgainstHealth || (error && providerErrorTraits[error.code].opensCircuit))
        one.lastFailure = { at: now(), code: error.code, cause: error.causeCode ?? null }
    },
    of(accountKey) {
      const { failures, breaker } = account(accountKey)
      if (breaker.state() !== 'CLOSED' || failures >= failuresUntilDown) return 'DOWN'
      return failures === 0 ? 'UP' : 'DEGRADED'
    },
    lastFailure: (accountKey) => account(accountKey).lastFailure,
    circuit: (accountKey) => account(accountKey).breaker.state(),
    breaker: (accountKey) => account(accountKey).breaker,
    blockCallsWhile(condition) {
      isBlocked = condition
    },
    transitions: () => new Map([...accounts].map(([key, { transitions }]) => [key, transitions])),
  }
}

/** The circuit breaker, open while calls are blocked. */
const blockable = (breaker: CircuitBreaker, isBlocked: () => boolean): CircuitBreaker => ({
  state: () => (isBlocked() ? 'OPEN' : breaker.state()),
  retryAfterMs: () => (isBlocked() ? blockedRetryMs : breaker.retryAfterMs()),
  enter: () => (isBlocked() ? null : breaker.enter()),
  isSuspended: isBlocked,
})

const blockedRetryMs = 60_000

interface Transition {
  readonly accountKey: string
  readonly state: CircuitState
  readonly openForMs: number
}

function logTransition(log: Log, { accountKey, state, openForMs }: Transition): void {
  if (state === 'OPEN') log.warn({ accountKey, openForMs }, 'circuit breaker opened: calls are refused')
  if (state === 'CLOSED') log.info({ accountKey }, 'circuit breaker closed: calls are sent again')
}
