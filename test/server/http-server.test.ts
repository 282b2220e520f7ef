import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { addressMatcher } from '../../src/server/client-address.ts'
import { createHttpServer, type HttpServerOptions } from '../../src/server/http-server.ts'

async function listen(options: Partial<HttpServerOptions>): Promise<number> {
  const server = createHttpServer({ maxConnections: 100, isProxy: () => false, ...options })
  server.on('request', (_, response) => response.end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

interface Peer {
  readonly socket: Socket
  readonly closed: Promise<string>
}

/** Connects and sends `text`; `closed` resolves with what was received when the server closes the connection. */
function open(port: number, text = ''): Peer {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  let received = ''
  socket.on('data', (chunk) => {
    received += String(chunk)
  })
  socket.write(text)
  return { socket, closed: new Promise((resolve) => socket.once('close', () => resolve(received))) }
}

const request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'
const firstData = ({ socket, closed }: Peer) =>
  Promise.race([
    new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data)))),
    closed,
  ])

test('connections that send nothing, or headers without an end, are closed after the timeout', async () => {
  const port = await listen({ headersTimeoutMs: 200 })
  const silent = Array.from({ length: 5 }, () => open(port))
  const slow = open(port, 'GET / HTTP/1.1\r\nhost: x\r\n')
  for (const { closed } of [...silent, slow]) expect(await closed).toMatch(/^($|HTTP\/1\.1 408)/)
})

test('connections above the maximum are closed at once', async () => {
  const port = await listen({ maxConnections: 2, isProxy: () => true })
  const kept = [open(port, request), open(port, request)]
  for (const peer of kept) expect(await firstData(peer)).toContain('200 OK')
  expect(await open(port, request).closed).toBe('')
})

test('one peer gets a tenth of the connections, again after it has closed one', async () => {
  const port = await listen({ maxConnections: 20 })
  const [first, second] = [open(port, request), open(port, request)]
  expect(await firstData(first)).toContain('200 OK')
  expect(await firstData(second)).toContain('200 OK')
  expect(await open(port, request).closed).toBe('')
  first.socket.destroy()
  await first.closed
  await expect.poll(() => firstData(open(port, request))).toContain('200 OK')
})

test('a proxy gets all of them', async () => {
  const port = await listen({ maxConnections: 20, isProxy: addressMatcher(['127.0.0.0/8', '::1']) })
  for (const peer of Array.from({ length: 5 }, () => open(port, request)))
    expect(await firstData(peer)).toContain('200 OK')
})
