import { BlockList, isIP } from 'node:net'

/** IANA special-purpose registries: private, loopback, link-local (cloud metadata), shared, reserved, multicast. */
const reserved = {
  ipv4: [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
    ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
    ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ],
  // Of IPv6 only 2000::/3 is public; of it these are not. 64:ff9b::/96 and 2002::/16 contain IPv4 addresses.
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
} as const

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

const reservedV4 = listOf('ipv4', reserved.ipv4)
const reservedV6 = listOf('ipv6', reserved.ipv6)
const globalV6 = listOf('ipv6', ['2000::/3'])
const mappedV4 = /^::ffff:(\d+(?:\.\d+){3})$/i

/** Whether an IP address is one of the public Internet. */
export function isPublicAddress(address: string): boolean {
  const mapped = mappedV4.exec(address)?.[1]
  if (mapped !== undefined) return isPublicAddress(mapped)
  if (isIP(address) === 4) return !reservedV4.check(address, 'ipv4')
  return isIP(address) === 6 && globalV6.check(address, 'ipv6') && !reservedV6.check(address, 'ipv6')
}

/** The host of a URL as an IP address, which is connected to without a lookup; `null`: it is a name. */
export function literalAddress({ hostname }: URL): string | null {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) === 0 ? null : address
}
