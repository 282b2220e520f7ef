import type { ExpirySource } from '../../domain/statuses.ts'
import type { ProviderClocks } from '../../http/provider-clocks.ts'
import type { Expiry } from '../../providers/adapter.ts'
import type { ConnectContext } from '../context.ts'

/** No provider documents links that are valid for more than a few days. */
const longestLifetimeMs = 366 * 86_400_000

/**
 * The provider's expiry by the gateway's clock. `at` is `null` if it is not a time at which a link that was created just
 * now can expire: a wrong date, or the provider's clock is wrong by an unknown offset.
 */
export function usableExpiry({ clocks, now }: ConnectContext, accountKey: string, expiry: Expiry): Expiry {
  if (expiry.at === null) return expiry
  const at = isTimeOfProvider[expiry.source] ? toGatewayTime(clocks, accountKey, expiry.at) : expiry.at
  const lifetimeMs = at.getTime() - now().getTime()
  return lifetimeMs > 0 && lifetimeMs <= longestLifetimeMs ? { ...expiry, at } : { ...expiry, at: null }
}

/** Whether the time is one of the provider's clock; the others are computed from the gateway's clock. */
const isTimeOfProvider: Readonly<Record<ExpirySource, boolean>> = {
  PROVIDER: true,
  TOKEN_CLAIM: true,
  PROVIDER_DEFAULT: false,
  GATEWAY_POLICY: false,
  NONE: false,
}

/** The time unchanged if the clocks may agree, else the closest one that is consistent with their offset. */
function toGatewayTime(clocks: ProviderClocks, accountKey: string, at: Date): Date {
  const range = clocks.toGatewayTime(accountKey, at)
  if (range === null) return at
  if (at < range.earliest) return range.earliest
  return at > range.latest ? range.latest : at
}
