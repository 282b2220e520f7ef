import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createHttp } from '../../src/http/client.ts'
import { noProxies, type ProxySettings } from '../../src/http/dispatcher.ts'
import { operation } from '../../src/http/http-types.ts'
import { listen } from '../helpers/listen.ts'
import { createTestLog } from '../helpers/log.ts'
import { startProxy, startTlsServer } from '../helpers/proxy.ts'

const responseSchema = z.object({ ok: z.boolean() })
const write = { method: 'POST', path: '/thing', responseSchema, purpose: 'make a thing' } as const

/** A client of this address; with what it has logged. */
function openClient(baseUrl: string, proxy: Partial<ProxySettings>) {
  const { log, text } = createTestLog()
  const factory = createHttp({
    log,
    now: () => new Date(),
    deadlineMs: 5_000,
    proxy: { ...noProxies, ...proxy },
  })
  onTestFinished(() => factory.close())
  const authorization = { headers: async () => ({}) }
  const http = factory.client({
    provider: 'XPANDER',
    name: 'xpander',
    baseUrl: new URL(baseUrl),
    authorization,
  })
  return {
    logged: text,
    send: () => http.send(write, operation()),
    /** The error of a call, and the cause that is logged. */
    async fail() {
      const error = await http.send(write, operation()).catch((thrown: unknown) => thrown)
      const line = text()
        .split('\n')
        .find((one) => one.includes('provider call failed'))
      return { error, cause: JSON.parse(line ?? '{}').cause }
    },
  }
}

const startServer = () => listen((_, response) => void response.end('{"ok":true}'))

test('calls go through the proxy, with its credentials', async () => {
  const { port } = await startServer()
  const proxy = await startProxy('user:the-secret')
  const httpProxy = `http://user:the-secret@127.0.0.1:${proxy.port}`
  const { send, logged } = openClient(`http://provider.test:${port}`, { httpProxy })
  expect(await send()).toEqual({ ok: true })
  expect(proxy.tunnels).toEqual([
    { target: `provider.test:${port}`, authorization: `Basic ${btoa('user:the-secret')}` },
  ])
  expect(logged()).not.toContain('the-secret')
})

test.each(['provider.test', '.test', '*.test', 'other.test, provider.test', '*'])(
  'hosts of NO_PROXY are called directly: %s',
  async (noProxy) => {
    const proxy = await startProxy()
    const httpProxy = `http://127.0.0.1:${proxy.port}`
    const { fail } = openClient('http://provider.test', { httpProxy, noProxy })
    const { error, cause } = await fail()
    // The host does not exist.
    expect(cause).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/)
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', mayHaveActed: false })
    expect(proxy.tunnels).toEqual([])
  },
)

test.each(['127.0.0.1', 'localhost'])('%s is never called through the proxy', async (host) => {
  const { port } = await startServer()
  const { send } = openClient(`http://${host}:${port}`, { httpProxy: 'http://127.0.0.1:1' })
  expect(await send()).toEqual({ ok: true })
})

test('an https proxy setting applies to https addresses only, and the certificate is checked', async () => {
  const { port } = await startTlsServer('provider.test', (_, response) => void response.end('{"ok":true}'))
  const proxy = await startProxy()
  const { fail } = openClient(`https://provider.test:${port}`, {
    httpProxy: 'http://127.0.0.1:1',
    httpsProxy: `http://127.0.0.1:${proxy.port}`,
  })
  const { error, cause } = await fail()
  expect(cause).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', mayHaveActed: false })
  expect(proxy.tunnels).toMatchObject([{ target: `provider.test:${port}` }])
})

test('a proxy that cannot be reached, or demands other credentials, is named by the cause', async () => {
  const { port } = await startServer()
  const unreachable = openClient(`http://provider.test:${port}`, { httpProxy: 'http://user:pw@127.0.0.1:1' })
  expect(await unreachable.fail()).toMatchObject({ cause: 'ECONNREFUSED', error: { mayHaveActed: false } })
  const proxy = await startProxy('user:right')
  const httpProxy = `http://user:the-secret@127.0.0.1:${proxy.port}`
  const refused = openClient(`http://provider.test:${port}`, { httpProxy })
  const result = await refused.fail()
  expect(result).toMatchObject({ cause: 'PROXY_STATUS_407', error: { mayHaveActed: false } })
  expect(inspect(result, { depth: 5 }) + refused.logged()).not.toContain('the-secret')
})
