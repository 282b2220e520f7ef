import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { isPublicAddress } from '../../src/http/public-address.ts'
import { createPublicAgent } from '../../src/http/public-agent.ts'

test.each([
  ...[
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
  ],
])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))

test.each([
  ...[
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
  ],
  ...['255.255.255.255', '::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'],
  ...['2002:7f00:1::', '2001:db8::1', 'ff02::1', '::127.0.0.1', 'not an address', ''],
])('%j is not public', (address) => expect(isPublicAddress(address)).toBe(false))

test('a name is refused if it resolves to a private address, whatever it resolved to before', async () => {
  let requests = 0
  const server = createServer((_, response) => {
    requests += 1
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = createPublicAgent({ allowPrivate: false, connectTimeoutMs: 1_000 })
  const open = createPublicAgent({ allowPrivate: true, connectTimeoutMs: 1_000 })
  onTestFinished(async () => {
    await Promise.all([dispatcher.close(), open.close()])
    server.close()
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  await expect(request(url, { dispatcher })).rejects.toThrow('not public')
  expect(requests).toBe(0)
  const { statusCode, body } = await request(url, { dispatcher: open })
  await body.dump()
  expect([statusCode, requests]).toEqual([200, 1])
})
