import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { normalizeTarget, withFinalSlash } from '../../src/server/request-target.ts'
import { startWithoutProviders } from './raw-request.ts'

const incoming = (url: string, more: object = {}) =>
  ({ url, httpVersion: '1.1', headers: { host: 'x' }, ...more }) as IncomingMessage

function targetOf(url: string, publicUrl: string): string | undefined {
  const request = incoming(url)
  expect(normalizeTarget(request, new URL(publicUrl))).toBe(true)
  return request.url
}

describe('the target of a request', () => {
  test.each([
    ['/gw/graphql', 'https://x/gw', '/graphql'],
    ['/graphql', 'https://x/gw', '/graphql'],
    ['/gw/mcp', 'https://x/gw', '/mcp'],
    ['/gw/graphql?query=1', 'https://x/gw/', '/graphql?query=1'],
    ['/a/b/connect/token', 'https://x/a/b', '/connect/token'],
    ['/gw/', 'https://x/gw', '/'],
    ['/gw/?token=1', 'https://x/gw', '/?token=1'],
    ['/gw/assets/page.css?v=1', 'https://x/gw', '/assets/page.css?v=1'],
    ['/gwen/graphql', 'https://x/gw', '/gwen/graphql'],
    ['/gw/nothing', 'https://x/gw', '/gw/nothing'],
    ['/gw/graphql', 'https://x', '/gw/graphql'],
    // The public URL's path is the name of a route.
    ['/connect/connect/token', 'https://x/connect', '/connect/token'],
    ['/connect/token', 'https://x/connect', '/connect/token'],
    ['/graphql', 'https://x/graphql', '/graphql'],
    // The absolute form.
    ['http://other/health', 'https://x', '/health'],
    ['HTTPS://other/gw/graphql?a=1', 'https://x/gw', '/graphql?a=1'],
    ['http://other', 'https://x', '/'],
    ['http://other?a=1', 'https://x', '/?a=1'],
  ])('%s at %s is the path %s', (url, publicUrl, path) => {
    expect(targetOf(url, publicUrl)).toBe(path)
  })

  test.each(['http://', 'http://a b/', 'http://a:b/'])('%s has no valid host', (url) => {
    expect(normalizeTarget(incoming(url), new URL('https://x'))).toBe(false)
  })

  test.each([
    ['/gw', 'https://x/gw', './gw/'],
    ['/a/b?token=1', 'https://x/a/b/', './b/?token=1'],
    ['/gw/', 'https://x/gw', null],
    ['/', 'https://x', null],
    ['/graphql', 'https://x/graphql', null],
  ])('%s at %s is redirected to %s', (url, publicUrl, location) => {
    expect(withFinalSlash(incoming(url), new URL(publicUrl))).toBe(location)
  })
})

/** Sends a request as it is, and returns what is received until the server closes the connection. */
function sendRaw(url: string, text: string): Promise<string> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let received = ''
    socket.on('data', (chunk) => {
      received += String(chunk)
    })
    socket.on('end', () => resolve(received))
    socket.on('error', reject)
  })
}

test('HTTP/1.0 without Host and the absolute form are accepted on every route', async () => {
  const { url } = await startWithoutProviders()
  for (const path of ['/health', '/ready', '/', '/assets/page.css'])
    for (const target of [path, `http://gateway.test${path}`])
      expect(await sendRaw(url, `GET ${target} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
  const body = '{"query":"{ __typename }"}'
  const post = `POST http://gateway.test/graphql HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  expect(await sendRaw(url, post)).toMatch(/^HTTP\/1\.1 401 [\s\S]*UNAUTHENTICATED/)
  expect(await sendRaw(url, 'OPTIONS / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 [\s\S]*"ready"/)
})

test('HTTP/1.1 without Host is still refused', async () => {
  const { url } = await startWithoutProviders()
  const response = await sendRaw(url, 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n')
  expect(response).toMatch(/^HTTP\/1\.1 400 /)
})
