import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { openSandbox } from './open.ts'

const key = { authorization: 'Bearer secret-token:sandbox' }
const workspace = '/census/api/v1/workspace'
const link = { type: 'hubspot', redirect_uri: 'https://app.example/back' }

describe('faults', () => {
  test('replace the next matching responses, as often as `times`, and the requests have no effect', async () => {
    const sandbox = await openSandbox()
    const fault = { provider: 'CENSUS', method: 'post', path: '/api/v1/destination', times: 2, status: 429 }
    const replacement = { headers: { 'Retry-After': '7' }, body: { status: 429 } }
    expect(
      (await sandbox.request('POST', '/__sandbox/faults', { body: { ...fault, ...replacement } })).status,
    ).toBe(201)
    expect(
      (await sandbox.request('GET', '/census/api/v1/destination_connect_links', { headers: key })).status,
    ).toBe(200)
    const create = () =>
      sandbox.request('POST', '/census/api/v1/destination_connect_links', { headers: key, body: link })
    const first = await create()
    expect([first.status, first.headers.get('retry-after'), first.body]).toEqual([429, '7', { status: 429 }])
    expect((await sandbox.request('GET', '/__sandbox/faults')).body).toMatchObject([
      { provider: 'census', times: 1 },
    ])
    expect([(await create()).status, (await create()).status]).toEqual([429, 201])
    const list = await sandbox.request('GET', '/census/api/v1/destination_connect_links', { headers: key })
    expect(list.body.data).toHaveLength(1)
  })

  test('reset the connection, truncate the JSON, respond slowly, or respond with HTML', async () => {
    const sandbox = await openSandbox()
    const fault = (kind: string, delayMs?: number) =>
      sandbox.request('POST', '/__sandbox/faults', { body: { provider: 'census', times: 1, kind, delayMs } })
    const readWorkspace = () => sandbox.request('GET', workspace, { headers: key })
    await fault('reset')
    await expect(readWorkspace()).rejects.toThrow()
    await fault('truncate')
    await expect(readWorkspace()).rejects.toThrow()
    await fault('slow', 20)
    expect((await readWorkspace()).body).toEqual({})
    await fault('html')
    const html = await readWorkspace()
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    expect((await readWorkspace()).status).toBe(200)
  })

  test('only delay when nothing but delayMs is set, and can be cleared', async () => {
    const sandbox = await openSandbox()
    await sandbox.request('POST', '/__sandbox/faults', { body: { provider: 'census', times: 1, delayMs: 1 } })
    expect((await sandbox.request('GET', workspace, { headers: key })).status).toBe(200)
    await sandbox.request('POST', '/__sandbox/faults', {
      body: { provider: 'census', times: 9, status: 500 },
    })
    await sandbox.request('DELETE', '/__sandbox/faults')
    expect((await sandbox.request('GET', workspace, { headers: key })).status).toBe(200)
  })

  test.each([{ kind: 'reset' }, { status: 503 }])(
    'with `acts` replace the response after the request took effect: %j',
    async (replacement) => {
      const sandbox = await openSandbox()
      const path = '/census/api/v1/destination_connect_links'
      await sandbox.request('POST', '/__sandbox/faults', {
        body: { provider: 'census', acts: true, ...replacement },
      })
      await sandbox.request('POST', path, { headers: key, body: link }).catch(() => null)
      expect((await sandbox.request('GET', path, { headers: key })).body.data).toHaveLength(1)
    },
  )

  test.each([
    ['an unknown provider', { provider: 'unknown', times: 1, status: 500 }, 'provider must be one of'],
    ['an unknown kind', { provider: 'census', times: 1, kind: 'loud' }, 'kind must be one of'],
    ['a status out of range', { provider: 'census', times: 1, status: 42 }, 'status must be a whole number'],
    ['an unknown field', { provider: 'census', times: 1, stauts: 500 }, 'unknown field stauts'],
    [
      'a value of acts other than true',
      { provider: 'census', status: 500, acts: 'true' },
      'acts must be true',
    ],
    ['a fault without effect', { provider: 'census', times: 1 }, 'one of status, body, delayMs or kind'],
    ['a body that is not an object', '[]', 'expected a JSON object'],
  ])('are rejected for %s', async (_name, body, message) => {
    const sandbox = await openSandbox()
    const response = await sandbox.request('POST', '/__sandbox/faults', { body })
    expect(response.status).toBe(400)
    expect(response.body.error).toContain(message)
  })
})

test('the request log contains the API requests to the vendors, with credentials masked', async () => {
  const sandbox = await openSandbox()
  const body = {
    type: 'hubspot',
    security: { a: 1 },
    nested: { client_secret: 's', auth: 'x', name: 'kept' },
  }
  await sandbox.request('POST', '/census/api/v1/destination_connect_links?page=2', { headers: key, body })
  await sandbox.request('GET', '/__sandbox/faults')
  const log = await sandbox.request('GET', '/__sandbox/requests')
  expect(log.body).toMatchObject([
    {
      method: 'POST',
      path: '/census/api/v1/destination_connect_links?page=2',
      headers: { authorization: '***', 'content-type': 'application/json' },
      body: { type: 'hubspot', security: '***', nested: { client_secret: '***', auth: '***', name: 'kept' } },
      at: '2026-11-22T12:00:00.000Z',
    },
  ])
  await sandbox.request('DELETE', '/__sandbox/requests')
  expect((await sandbox.request('GET', '/__sandbox/requests')).body).toEqual([])
})

test('the control API advances the sandbox clock, and a reset restores the initial state', async () => {
  const sandbox = await openSandbox()
  await sandbox.request('POST', '/census/api/v1/destination_connect_links', { headers: key, body: link })
  const advanced = await sandbox.request('POST', '/__sandbox/clock', { body: { advanceSeconds: 86_400 } })
  expect(advanced.body).toEqual({ now: '2026-11-23T12:00:00.000Z' })
  expect((await sandbox.request('POST', '/__sandbox/clock', { body: { advanceSeconds: 'x' } })).status).toBe(
    400,
  )
  const links = () => sandbox.request('GET', '/census/api/v1/destination_connect_links', { headers: key })
  expect((await links()).body.data).toMatchObject([{ expired: true }])
  await sandbox.request('POST', '/__sandbox/faults', { body: { provider: 'census', times: 1, status: 500 } })
  expect((await sandbox.request('POST', '/__sandbox/reset')).status).toBe(204)
  expect((await links()).body.data).toEqual([])
  expect((await sandbox.request('POST', '/__sandbox/clock', { body: { advanceSeconds: 0 } })).body).toEqual({
    now: '2026-11-22T12:00:00.000Z',
  })
  expect((await sandbox.request('GET', '/__sandbox/requests')).body).toHaveLength(1)
})

test('a restart keeps the state of the data file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dataFile = join(folder, 'deep', 'sandbox.json')
  const first = await openSandbox({ dataFile })
  const created = await first.request('POST', '/census/api/v1/destination_connect_links', {
    headers: key,
    body: link,
  })
  await first.request('POST', '/__sandbox/clock', { body: { advanceSeconds: 60 } })
  await first.close()
  expect(JSON.parse(readFileSync(dataFile, 'utf8')).census.links).toHaveLength(1)
  const second = await openSandbox({ dataFile })
  const read = await second.request('GET', '/census/api/v1/destination_connect_links/101', { headers: key })
  expect(read.body.data.expiration).toBe(created.body.data.expiration)
  const clock = await second.request('POST', '/__sandbox/clock', { body: { advanceSeconds: 0 } })
  expect(clock.body).toEqual({ now: '2026-11-22T12:01:00.000Z' })
})

test('other host names, other origins and oversized bodies are rejected', async () => {
  const sandbox = await openSandbox()
  expect(await statusWithHost(sandbox.port, 'sandbox.example')).toBe(403)
  expect(await statusWithHost(sandbox.port, `localhost:${sandbox.port}`)).toBe(200)
  const foreign = { headers: { origin: 'https://evil.example' } }
  expect((await sandbox.request('POST', '/__sandbox/reset', foreign)).status).toBe(403)
  const body = { filler: 'x'.repeat(1_000_001) }
  expect((await sandbox.request('POST', '/census/api/v1/destinations', { headers: key, body })).status).toBe(
    413,
  )
  expect((await sandbox.request('GET', '/nothing')).status).toBe(404)
  expect((await sandbox.request('GET', '/__sandbox/reset')).status).toBe(405)
})

test('uses the next free port when the port is in use', async () => {
  const first = await openSandbox()
  const second = await startSandbox({ port: first.port })
  onTestFinished(() => second.close())
  expect(second.port).toBeGreaterThan(first.port)
})

function statusWithHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', path: '/__sandbox/requests', headers: { host } },
      (response) => {
        response.resume()
        resolve(response.statusCode)
      },
    )
    request.on('error', reject).end()
  })
}

test('servePage serves the hosted pages from another server, but no API', async () => {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/sandbox/, '')
    if (!sandbox.servePage(request, response, path)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const sandbox = await openSandbox({ pagesUrl: new URL(`${origin}/sandbox`) })
  const created = await sandbox.request('POST', '/census/api/v1/destination_connect_links', {
    headers: key,
    body: link,
  })
  expect(created.body.data.uri).toMatch(new RegExp(`^${origin}/sandbox/census/pbc\\?auth=`))
  expect((await fetch(created.body.data.uri)).status).toBe(200)
  expect((await fetch(`${origin}/sandbox${workspace}`, { headers: key })).status).toBe(404)
  expect((await fetch(`${origin}/sandbox/__sandbox/requests`)).status).toBe(404)
  const approved = await sandbox.decide(created.body.data.uri, 'approve')
  expect(approved.headers.get('location')).toBe(link.redirect_uri)
})
