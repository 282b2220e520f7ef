import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { isPublicAddress } from './public-address.ts'

/** The address of a host is not one of the public Internet. */
export class AddressNotPublicError extends Error {
  override readonly name = 'AddressNotPublicError'
  constructor() {
    super('the host has an address that is not public')
  }
}

/**
 * Resolves a host and fails if any of its addresses is not public. The connection uses these addresses: a name that
 * resolves to another one later (DNS rebinding) makes no difference.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '')
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address)))
      return callback(new AddressNotPublicError(), '')
    const [{ address, family } = { address: '', family: 4 }] = addresses
    return options.all ? callback(null, addresses) : callback(null, address, family)
  })
}

/** A pool for requests to addresses that callers choose; without `allowPrivate` only to public ones. */
export function createPublicAgent({
  allowPrivate,
  connectTimeoutMs,
}: {
  readonly allowPrivate: boolean
  readonly connectTimeoutMs: number
}): Agent {
  const connect = { timeout: connectTimeoutMs, ...(!allowPrivate && { lookup: publicLookup }) }
  // Any number of connections: those who call limit it, and a request must not wait here while its time runs.
  return new Agent({ connect, pipelining: 1 })
}
