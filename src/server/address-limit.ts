import type { IncomingMessage } from 'node:http'
import type { RateLimiter, RateLimitState } from '../connect/util/rate-limiter.ts'
import { type ClientOf, networkOf } from './client-address.ts'

/**
 * Counts an unauthenticated request against the limit of its client's address. Returns after how many seconds the client
 * may try again; `null`: the request is within the limit.
 */
export type AddressLimit = (request: IncomingMessage, path: string) => number | null

export interface AddressLimitOptions {
  readonly rateLimiter: Pick<RateLimiter, 'consume'>
  readonly clientOf: ClientOf
  /** Requests for pages and streams in a minute; `null`: not limited. */
  readonly perMinute: number | null
}

/** Deliveries of a provider come from few addresses, and must not be lost because of others that use the same. */
const webhooksPerPage = 10

export function createAddressLimit({ rateLimiter, clientOf, perMinute }: AddressLimitOptions): AddressLimit {
  return (request, path) => {
    if (perMinute === null) return null
    const network = networkOf(clientOf(request).address)
    const { isAllowed, resetSeconds }: RateLimitState = path.startsWith('/webhooks/')
      ? rateLimiter.consume(`webhooks ${network}`, 1, perMinute * webhooksPerPage)
      : rateLimiter.consume(`pages ${network}`, 1, perMinute)
    return isAllowed ? null : resetSeconds
  }
}
