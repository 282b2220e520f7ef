import type { ConfigSchema } from '../../domain/json.ts'
import { createSingleFlight, type SingleFlight } from '../../http/single-flight.ts'
import { createLimiter, type Limiter } from '../util/concurrency-limit.ts'

/** The fetches of this process at one provider account. */
export interface ProviderFetches {
  /** By connector key. `undefined`: the schema could not be fetched. */
  readonly inFlight: SingleFlight<ConfigSchema | null | undefined>
  readonly limiter: Limiter
  /** Circuit breaker: no fetch starts before this time, in ms since the epoch. */
  openUntil: number
}

const concurrencyPerProvider = 5

export interface ConfigSchemaFetches {
  of(accountKey: string): ProviderFetches
}

export function createConfigSchemaFetches(): ConfigSchemaFetches {
  const byAccount = new Map<string, ProviderFetches>()
  return {
    of(accountKey) {
      const known = byAccount.get(accountKey)
      if (known) return known
      const fetches = {
        inFlight: createSingleFlight<ConfigSchema | null | undefined>(),
        limiter: createLimiter(concurrencyPerProvider),
        openUntil: 0,
      }
      byAccount.set(accountKey, fetches)
      return fetches
    },
  }
}
