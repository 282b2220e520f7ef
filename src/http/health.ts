import type { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'

export type HealthState = 'UP' | 'DEGRADED' | 'DOWN'

/** The health of each provider, derived from the outcomes of regular calls; there are no health-check calls. */
export interface Health {
  /** `error`: undefined for a success. A success, or an error that does not count against health, resets to UP. */
  record(provider: ProviderKey, error?: ProviderError): void
  of(provider: ProviderKey): HealthState
}

/** Consecutive failures. */
const failuresUntilDown = 3

export function createHealth(): Health {
  const failures = new Map<ProviderKey, number>()
  return {
    record(provider, error) {
      failures.set(provider, error?.countsAgainstHealth ? (failures.get(provider) ?? 0) + 1 : 0)
    },
    of(provider) {
      const count = failures.get(provider) ?? 0
      if (count === 0) return 'UP'
      return count < failuresUntilDown ? 'DEGRADED' : 'DOWN'
    },
  }
}
