import type { ProviderError, ProviderErrorCode } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'

export type HealthState = 'UP' | 'DEGRADED' | 'DOWN'

/** What the calls that the gateway made anyway say about each provider; nothing is called to find out. */
export interface Health {
  note(provider: ProviderKey, error?: ProviderError): void
  of(provider: ProviderKey): HealthState
}

const failuresUntilDown = 3

/** A refusal of one input says nothing about the provider; these do. */
const troubles: ReadonlySet<ProviderErrorCode> = new Set([
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_CONTRACT',
  'PROVIDER_UNAUTHORIZED',
])

export function createHealth(): Health {
  const failures = new Map<ProviderKey, number>()
  return {
    note(provider, error) {
      const isTrouble = error !== undefined && troubles.has(error.code)
      failures.set(provider, isTrouble ? (failures.get(provider) ?? 0) + 1 : 0)
    },
    of(provider) {
      const count = failures.get(provider) ?? 0
      if (count === 0) return 'UP'
      return count < failuresUntilDown ? 'DEGRADED' : 'DOWN'
    },
  }
}
