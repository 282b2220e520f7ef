import type { ConfigSchema } from '../../domain/json.ts'
import { createSingleFlight, type SingleFlight } from '../../http/single-flight.ts'
import type { ProviderRegistry } from '../../providers/provider-registry.ts'
import { createLimiter, type Limiter } from '../util/concurrency-limit.ts'

/** The fetches of this process at one provider. */
export interface ProviderFetches {
  /** By connector key. `undefined`: the schema could not be fetched. */
  readonly inFlight: SingleFlight<ConfigSchema | null | undefined>
  readonly limiter: Limiter
  /** Circuit breaker: no fetch starts before this time, in ms since the epoch. */
  openUntil: number
}

const concurrencyPerProvider = 5

/** By account key. */
export type ConfigSchemaFetches = ReadonlyMap<string, ProviderFetches>

export const createConfigSchemaFetches = ({ accountKeys }: ProviderRegistry): ConfigSchemaFetches =>
  new Map(
    accountKeys.map((accountKey) => [
      accountKey,
      { inFlight: createSingleFlight(), limiter: createLimiter(concurrencyPerProvider), openUntil: 0 },
    ]),
  )
