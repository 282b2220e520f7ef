import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createClientOf } from '../../src/server/client-address.ts'

function requestFrom(peer: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: peer })
  return Object.assign(new IncomingMessage(socket), { headers })
}

describe('the address of a client', () => {
  test.each([
    ['no proxy is trusted', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['the peer is not trusted', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['the peer is trusted', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['the client sends the header too', ['10.0.0.0/8'], '10.1.2.3', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['there are two proxies', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['the header is not an address', ['10.0.0.0/8'], '10.1.2.3', '<script>', '10.1.2.3'],
    ['an entry before the last is not an address', ['10.0.0.0/8'], '10.1.2.3', 'x, 10.9.9.9', '10.9.9.9'],
    ['the peer is an IPv4-mapped address', ['10.0.0.0/8'], '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['the proxy has an IPv6 address', ['fd00::/8', '::1'], '::1', '2001:db8::7', '2001:db8::7'],
  ])('%s', (_, trusted, peer, forwardedFor, expected) => {
    const client = createClientOf(trusted)(requestFrom(peer, { 'x-forwarded-for': forwardedFor }))
    expect(client.address).toBe(expected)
  })

  test('a trusted proxy without the header is the client; other forwarding headers do not count', () => {
    const headers = {
      forwarded: 'for=198.51.100.1',
      'x-real-ip': '198.51.100.1',
      'cf-connecting-ip': '198.51.100.1',
    }
    expect(createClientOf(['10.0.0.1'])(requestFrom('10.0.0.1', headers)).address).toBe('10.0.0.1')
  })
})
