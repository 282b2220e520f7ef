import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Who sent a request, as far as the transport shows. */
export interface Client {
  /** IP address, without the IPv6 form of an IPv4 address; empty if the connection is closed already. */
  readonly address: string
  /** The `User-Agent` header, cut to 500 characters. */
  readonly userAgent: string | null
}

/** Returns the client of a request. */
export type ClientOf = (request: IncomingMessage) => Client

/**
 * `X-Forwarded-For` counts only if the peer is a trusted proxy. It is read from its end, where proxies append: the first
 * address that is not a trusted proxy is the client. `trustedProxies` are IP addresses and subnets ("10.0.0.0/8").
 */
export function createClientOf(trustedProxies: readonly string[]): ClientOf {
  const isTrusted = addressMatcher(trustedProxies)
  return (request) => ({
    address: clientAddress(request, isTrusted),
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
  })
}

function clientAddress(request: IncomingMessage, isTrusted: (address: string) => boolean): string {
  const peer = withoutIPv4Mapping(request.socket.remoteAddress ?? '')
  if (!isTrusted(peer)) return peer
  const header = request.headers['x-forwarded-for'] ?? ''
  const forwarded = (Array.isArray(header) ? header.join() : header).split(',').map((entry) => entry.trim())
  let client = peer
  for (const entry of forwarded.reverse()) {
    const address = withoutIPv4Mapping(entry)
    // An entry that is no address was not written by a proxy: what precedes it cannot be trusted either.
    if (isIP(address) === 0) break
    client = address
    if (!isTrusted(address)) break
  }
  return client
}

/** Whether an IP address is one of the entries or in one of them; an entry is an address or a subnet. */
export function addressMatcher(entries: readonly string[]): (address: string) => boolean {
  if (entries.length === 0) return () => false
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return (peer) => {
    const address = withoutIPv4Mapping(peer)
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
}

/** What one client has at least: an IPv4 address, or an IPv6 network of 64 bits. Other texts are returned unchanged. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = [], tail = []] = address
    .replace(/%.*$/, '')
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0')
  const groups = [...head, ...zeros, ...tail].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

const withoutIPv4Mapping = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
