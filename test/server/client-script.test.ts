import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { visit } from './pages/visit.ts'

test('/connect.js is one small module without imports, with a versioned address that never changes', async () => {
  const { url } = await startTestGateway()
  const script = await visit(`${url}/connect.js`)
  expect(script.status).toBe(200)
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=300',
    'x-content-type-options': 'nosniff',
  })
  expect(script.text).not.toMatch(/\bimport\b|process\.env/)
  expect(script.text).toMatch(/export\s*\{.*openConnect/)
  expect(gzipSync(script.body).length).toBeLessThanOrEqual(6_000)

  const location = String(script.headers['content-location'])
  expect(location).toMatch(/^connect\.[0-9a-f]{16}\.js$/)
  const versioned = await visit(`${url}/${location}`)
  expect(versioned.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(versioned.body).toEqual(script.body)
  const other = await visit(`${url}/connect.0123456789abcdef.js`)
  expect(other.headers['cache-control']).toBe('no-cache')
  expect(other.body).toEqual(script.body)

  const { etag } = script.headers
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const response = await visit(`${url}/connect.js`, { headers: { 'if-none-match': String(known) } })
    expect([response.status, response.text]).toEqual([304, ''])
    expect(response.headers).toMatchObject({ etag, 'access-control-allow-origin': '*' })
  }
  const head = await visit(`${url}/connect.js`, { method: 'HEAD' })
  expect([head.status, head.text]).toEqual([200, ''])
  expect(head.headers['content-length']).toBe(String(script.body.length))
  expect((await visit(`${url}/connect.js`, { method: 'POST' })).status).toBe(405)
  for (const path of ['/connect.mjs', '/connect.js/', '/connect.x.js', '/xconnect.js'])
    expect((await visit(`${url}${path}`)).status).toBe(404)
})
