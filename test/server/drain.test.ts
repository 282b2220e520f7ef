import { Agent, type IncomingMessage, type ServerResponse, request as sendHttp } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createDrain } from '../../src/server/drain.ts'
import { createHttpServer } from '../../src/server/http-server.ts'
import { multipartType } from '../../src/server/multipart.ts'

/** A server whose responses to `/slow` and `/stream` are ended by the test. */
async function listen() {
  const server = createHttpServer({ maxConnections: 100, isProxy: () => true })
  const drain = createDrain(server)
  const held: ServerResponse[] = []
  server.on('request', ({ url }: IncomingMessage, response: ServerResponse) => {
    if (url === '/stream' || url === '/multipart') {
      response.setHeader('content-type', url === '/stream' ? 'text/event-stream' : multipartType)
      response.write(':\n\n')
    }
    if (url === '/') response.end('ok')
    else held.push(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return { drain, held, server, url: (path: string) => `http://127.0.0.1:${port}${path}`, agent }
}

interface Answer {
  readonly connection: string | undefined
  readonly text: string
}

/** Rejects if the connection fails or is cut. */
function get(url: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = sendHttp(url, { agent }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += String(chunk)
      })
      response.on('error', reject)
      response.on('end', () => resolve({ connection: response.headers.connection, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('a request on a connection that was idle when the drain began is answered, and ends the connection', async () => {
  const { drain, server, url, agent } = await listen()
  expect(await get(url('/'), agent)).toMatchObject({ connection: 'keep-alive' })
  const drained = drain.drain(60_000)
  await expect.poll(() => server.listening).toBe(false)
  expect(await get(url('/'), agent)).toEqual({ connection: 'close', text: 'ok' })
  await drained
  await expect(get(url('/'), agent)).rejects.toThrow('ECONNREFUSED')
})

test('a running request is waited for, and its response ends the connection', async () => {
  const { drain, held, url, agent } = await listen()
  const answer = get(url('/slow'), agent)
  await expect.poll(() => held.length).toBe(1)
  let isDrained = false
  const drained = drain.drain(60_000).then(() => {
    isDrained = true
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(isDrained).toBe(false)
  held[0]?.end('done')
  expect(await answer).toEqual({ connection: 'close', text: 'done' })
  await drained
})

test('idle connections are closed at last, and the server with them', async () => {
  const { drain, server, url, agent } = await listen()
  await get(url('/'), agent)
  const closed = new Promise((resolve) => server.once('close', resolve))
  await drain.drain(60_000)
  drain.cut()
  await closed
})

test.each(['/stream', '/multipart'])('event streams (%s) are not waited for, and are cut', async (path) => {
  const { drain, held, url, agent } = await listen()
  const stream = get(url(path), agent)
  await expect.poll(() => held.length).toBe(1)
  await drain.drain(60_000)
  drain.cut()
  await expect(stream).rejects.toThrow(/aborted|hang up|ECONNRESET/)
})

test('a drain that takes too long fails with the number of requests', async () => {
  const { drain, held, url, agent } = await listen()
  const answer = get(url('/slow'), agent)
  await expect.poll(() => held.length).toBe(1)
  await expect(drain.drain(50)).rejects.toThrow('1 requests were still running after 50 ms')
  drain.cut()
  await expect(answer).rejects.toThrow()
})
