import type { ProviderError } from '../domain/provider-error.ts'

export type HealthState = 'UP' | 'DEGRADED' | 'DOWN'

/** The health of each provider account, derived from the outcomes of regular calls; there are no health-check calls. */
export interface Health {
  /** `error`: undefined for a success. A success, or an error that does not count against health, resets to UP. */
  record(accountKey: string, error?: ProviderError): void
  of(accountKey: string): HealthState
}

/** Consecutive failures. */
const failuresUntilDown = 3

export function createHealth(): Health {
  const failures = new Map<string, number>()
  return {
    record(accountKey, error) {
      failures.set(accountKey, error?.countsAgainstHealth ? (failures.get(accountKey) ?? 0) + 1 : 0)
    },
    of(accountKey) {
      const count = failures.get(accountKey) ?? 0
      if (count === 0) return 'UP'
      return count < failuresUntilDown ? 'DEGRADED' : 'DOWN'
    },
  }
}
