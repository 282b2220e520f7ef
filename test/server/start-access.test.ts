import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createStartAccess } from '../../src/server/start-access.ts'
import { startTestGateway, type TestGateway, testApiKey } from '../helpers/gateway.ts'
import { startCookieOf, visit } from './pages/visit.ts'

const html = { accept: 'text/html' }

/** What a visitor sees at the start page and in GraphiQL. */
async function seenBy(url: string, headers: Record<string, string> = {}) {
  const start = await visit(`${url}/`, { headers })
  const graphiql = await visit(`${url}/graphql`, { headers: { ...html, ...headers } })
  expect([start.status, graphiql.status]).toEqual([200, 200])
  return { hasForm: start.text.includes('data-token'), hasKey: graphiql.text.includes(testApiKey) }
}

const everything = { hasForm: true, hasKey: true }
const nothing = { hasForm: false, hasKey: false }

describe('the start token', () => {
  test('is exchanged for a cookie that shows the form and fills in the API key', async () => {
    const gateway = await startTestGateway()
    const { status, headers } = await visit(gateway.startUrl)
    expect({ status, location: headers.location }).toEqual({ status: 303, location: './' })
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const [cookie = '', ...attributes] = (headers['set-cookie']?.[0] ?? '').split('; ')
    expect(cookie).toMatch(new RegExp(`^connect_gateway_${new URL(gateway.url).port}=[\\w-]{43}$`))
    expect(attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Lax'])
    expect(await seenBy(gateway.url, { cookie: `other=1; ${cookie}` })).toEqual(everything)
    expect(await seenBy(gateway.url)).toEqual(nothing)
  })

  test('works once; the browser that used it is redirected again, at either address', async () => {
    const gateway = await startTestGateway()
    const cookie = await startCookieOf(gateway)
    const graphiqlUrl = gateway.startUrl.replace('/?', '/graphql?query=x&')
    for (const url of [gateway.startUrl, graphiqlUrl]) {
      const second = await visit(url, { headers: html })
      expect(second.status).toBe(403)
      expect(second.text).toContain('can be opened once')
      expect(second.headers['set-cookie']).toBeUndefined()
    }
    const { headers } = await visit(graphiqlUrl, { headers: { ...html, ...cookie } })
    expect([headers.location, headers['set-cookie']]).toEqual(['./graphql?query=x', undefined])
    expect(await seenBy(gateway.url, cookie)).toEqual(everything)
  })

  test.each<[name: string, method: string, headers: Record<string, string>]>([
    ['a HEAD', 'HEAD', {}],
    ['a prefetch', 'GET', { 'sec-purpose': 'prefetch' }],
  ])('is not used up by %s', async (_, method, headers) => {
    const gateway = await startTestGateway()
    expect(await visit(gateway.startUrl, { method, headers })).toMatchObject({ status: 503 })
    expect(await seenBy(gateway.url, await startCookieOf(gateway))).toEqual(everything)
  })

  test('is not used up by a wrong one, which gets no cookie', async () => {
    const gateway = await startTestGateway()
    for (const token of ['', 'x', 'null', 'undefined', '\u0000', 'a'.repeat(43)]) {
      const { status, headers } = await visit(`${gateway.url}/?token=${encodeURIComponent(token)}`)
      expect([status, headers['set-cookie']]).toEqual([403, undefined])
    }
    expect(await seenBy(gateway.url, await startCookieOf(gateway))).toEqual(everything)
  })

  test('does not exist in production', async () => {
    const gateway = await startTestGateway({
      env: { NODE_ENV: 'production', GRAPHIQL: 'on', GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) },
    })
    expect(gateway.startUrl).toMatch(/token=null$/)
    expect((await visit(gateway.startUrl)).headers['set-cookie']).toBeUndefined()
    expect(await seenBy(gateway.url)).toEqual(nothing)
  })
})

describe('the start cookie', () => {
  test('is sent over https only if PUBLIC_URL is https, and only below its path', () => {
    const cookieOf = (url: string) => {
      const { token, exchange } = createStartAccess(new URL(url))
      return exchange(token)?.replace(/=[\w-]{43}/, '')
    }
    expect(cookieOf('https://example.com/gateway/')).toBe(
      'connect_gateway_443; Path=/gateway/; HttpOnly; SameSite=Lax; Secure',
    )
    expect(cookieOf('http://example.com')).toBe('connect_gateway_80; Path=/; HttpOnly; SameSite=Lax')
  })

  test('does not authenticate GraphQL requests', async () => {
    const gateway = await startTestGateway()
    const { cookie } = await startCookieOf(gateway)
    const send = (headers: Record<string, string>) => gateway.post('{ viewer { kind } }', {}, headers)
    expect((await send({ cookie })).status).toBe(401)
    expect((await send({ cookie, 'x-graphql-yoga-csrf': '1' })).status).toBe(401)
    expect((await send({ cookie, authorization: `Bearer ${testApiKey}` })).status).toBe(200)
  })

  test('of one gateway is worth nothing at another', async () => {
    const [first, second] = [await startTestGateway(), await startTestGateway()]
    await startCookieOf(second)
    const { cookie } = await startCookieOf(first)
    const renamed = cookie.replace(/^\w+=/, `connect_gateway_${new URL(second.url).port}=`)
    expect(await seenBy(second.url, { cookie: renamed })).toEqual(nothing)
  })
})

/** Forwards each connection as it is, as `ssh -L`, socat and load balancers do. Returns its URL. */
function forwardTcp({ url }: TestGateway): Promise<string> {
  const server = createServer((socket) => {
    const target = connect(Number(new URL(url).port), '127.0.0.1')
    socket.pipe(target).pipe(socket)
    for (const one of [socket, target]) one.on('error', () => undefined)
  })
  return listening(server)
}

/** Forwards requests with the headers that nginx sends with `proxy_pass` alone. Returns its URL. */
function proxyLikeNginx({ url }: TestGateway): Promise<string> {
  const server = createHttpServer((request, response) => {
    const headers = { ...request.headers, host: new URL(url).host, connection: 'close' }
    const forwarded = httpRequest(`${url}${request.url}`, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forwarded)
  })
  return listening(server)
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const direct = async ({ url }: TestGateway) => url
const remote = { host: 'gateway.example.com' }

describe.each<
  [name: string, open: (gateway: TestGateway) => Promise<string>, headers: Record<string, string>]
>([
  ['this machine', direct, {}],
  ['nginx with only proxy_pass', proxyLikeNginx, remote],
  ['a forwarded TCP port', forwardTcp, remote],
  ['a forwarded TCP port with a loopback host name', forwardTcp, { host: '127.0.0.1:4000' }],
  ['a proxy that sends only CF-Connecting-IP', direct, { 'cf-connecting-ip': '203.0.113.9' }],
  ['a proxy that sends only X-Forwarded-Proto', direct, { 'x-forwarded-proto': 'https' }],
  ['a proxy that sends X-Forwarded-For', direct, { 'x-forwarded-for': '127.0.0.1' }],
  ['a page of another site (DNS rebinding)', direct, { host: 'evil.test', origin: 'http://evil.test' }],
])('a visitor from %s', (_, open, headers) => {
  test('sees neither form nor API key before or after the exchange, without the cookie', async () => {
    const gateway = await startTestGateway()
    const url = await open(gateway)
    expect(await seenBy(url, headers)).toEqual(nothing)
    const { cookie } = await startCookieOf(gateway)
    expect(await seenBy(url, headers)).toEqual(nothing)
    // The control: the same requests with the cookie show both.
    expect(await seenBy(url, { ...headers, cookie })).toEqual(everything)
  })
})
