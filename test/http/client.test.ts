import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { NotFoundError, ProviderError } from '../../src/domain/errors.ts'
import { path } from '../../src/http/http-types.ts'
import { readBody } from '../helpers/listen.ts'
import { call, openClient } from './open.ts'

const responseSchema = z.object({ ok: z.boolean() })
const read = { method: 'GET', path: '/thing', responseSchema, purpose: 'read a thing' } as const

test('a call carries path, query, credentials and a JSON body, and gives the answer in the shape asked for', async () => {
  const seen: unknown[] = []
  const { http } = await openClient(async (request, response) => {
    const { method, url, headers } = request
    seen.push({
      method,
      url,
      key: headers['x-api-key'],
      type: headers['content-type'],
      body: await readBody(request),
    })
    response.end('{"ok":true,"more":"passes"}')
  })
  const query = { page: 2, q: 'a b&c', none: undefined }
  expect(await http.send({ ...read, method: 'POST', query, body: { a: 1 } }, call)).toEqual({ ok: true })
  expect(seen).toEqual([
    {
      method: 'POST',
      url: '/thing?page=2&q=a+b%26c',
      key: 'the-secret-key',
      type: 'application/json',
      body: '{"a":1}',
    },
  ])
})

test('a call without a body sends none', async () => {
  const { http } = await openClient(async (request, response) => {
    const none = request.headers['content-type'] === undefined && (await readBody(request)) === ''
    response.end(JSON.stringify({ ok: none }))
  })
  expect(await http.send({ ...read, method: 'DELETE' }, call)).toEqual({ ok: true })
})

test.each([
  ['', '/v1/x'],
  ['/', '/v1/x'],
  ['/prefix', '/prefix/v1/x'],
  ['/deep/prefix/', '/deep/prefix/v1/x'],
])('a base URL with the path "%s" leads to %s', async (prefix, expected) => {
  const urls: unknown[] = []
  const { http } = await openClient(
    (request, response) => {
      urls.push(request.url)
      response.end('{"ok":true}')
    },
    { prefix },
  )
  await http.send({ ...read, path: '/v1/x' }, call)
  expect(urls).toEqual([expected])
})

test('an id is one segment of the path, whatever it holds', () => {
  expect(path`/v1/users/${'a/b?c#d é%2F'}/x/${7}`).toBe('/v1/users/a%2Fb%3Fc%23d%20%C3%A9%252F/x/7')
})

test('an answer that does not come in time is a timeout', async () => {
  const { http, outcomes } = await openClient(() => undefined, { deadlineMs: 50 })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT', retryable: true })
  expect(outcomes).toMatchObject([{ code: 'PROVIDER_TIMEOUT' }])
})

test('an answer that starts in time and does not end in time is a timeout', async () => {
  const { http } = await openClient((_, response) => void response.write('{"ok":'), { deadlineMs: 50 })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' })
})

test("a caller who leaves gets the caller's own reason, and the provider is not blamed", async () => {
  const leaving = new AbortController()
  const { http, outcomes } = await openClient(() => leaving.abort(new Error('gone')))
  await expect(http.send(read, leaving)).rejects.toThrow('gone')
  expect(outcomes).toEqual([])
})

test('a good answer that breaks off is a broken contract', async () => {
  const { http } = await openClient((_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"ok":true', () => response.socket?.end())
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
})

test('an answer larger than the limit is not read to its end', async () => {
  const written = { bytes: 0 }
  const { http } = await openClient((_, response) => {
    const chunk = Buffer.alloc(1_000_000, ' ')
    const write = () => {
      if (response.destroyed || written.bytes > 100_000_000) return
      written.bytes += chunk.length
      response.write(chunk, write)
    }
    write()
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  expect(written.bytes).toBeLessThan(100_000_000)
})

test('an address where nobody listens is an unavailable provider', async () => {
  const { http } = await openClient((request) => request.socket.destroy())
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
})

test.each([
  ['no JSON at all', 'hello the-secret-answer'],
  ['JSON that breaks off', '{"ok":tr'],
  ['an empty body', ''],
  ['the wrong shape', '{"ok":"the-secret-answer"}'],
])('a good status with %s is a broken contract that quotes nothing', async (_, text) => {
  const { http, logged } = await openClient((_request, response) => void response.end(text))
  const error = await http.send(read, call).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  expect(error).toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE', retryable: false })
  expect(inspect(error) + logged()).not.toMatch(/the-secret/)
})

test('a schema for nothing takes an empty answer and no other', async () => {
  const { http } = await openClient((request, response) => {
    response.writeHead(request.url === '/thing' ? 204 : 200)
    response.end(request.url === '/thing' ? undefined : 'not JSON')
  })
  const nothing = { ...read, method: 'DELETE', responseSchema: z.undefined() } as const
  expect(await http.send(nothing, call)).toBeUndefined()
  await expect(http.send({ ...nothing, path: '/other' }, call)).rejects.toMatchObject({
    code: 'PROVIDER_INVALID_RESPONSE',
  })
})

test('a redirect is not followed', async () => {
  const urls: unknown[] = []
  const { http } = await openClient((request, response) => {
    urls.push(request.url)
    response.writeHead(302, { location: '/elsewhere' })
    response.end()
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  expect(urls).toEqual(['/thing'])
})

test('a 404 becomes nothing, or the error of the thing that was named', async () => {
  const { http, outcomes } = await openClient((_, response) => {
    response.writeHead(404)
    response.end('{}')
  })
  expect(await http.find(read, call)).toBeNull()
  const onNotFound = () => new NotFoundError('There is no such thing.')
  await expect(http.send({ ...read, onNotFound: onNotFound }, call)).rejects.toThrow(
    'There is no such thing.',
  )
  await expect(http.send({ ...read, onNotFound: () => undefined }, call)).rejects.toMatchObject({
    code: 'PROVIDER_REJECTED',
  })
  // What is not there is no fault of the provider.
  expect(outcomes.map((error) => error?.code)).toEqual([undefined, undefined, 'PROVIDER_REJECTED'])
})

test('a 401 is tried once more with renewed credentials, and only once', async () => {
  const keys: unknown[] = []
  const renewed: unknown[] = []
  const authorization = {
    headers: async () => ({ authorization: `Bearer ${renewed.length}` }),
    renew: (rejected: Record<string, string>) => void renewed.push(rejected.authorization),
  }
  const { http } = await openClient(
    (request, response) => {
      keys.push(request.headers.authorization)
      response.writeHead(401)
      response.end()
    },
    { authorization },
  )
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
  expect(keys).toEqual(['Bearer 0', 'Bearer 1'])
  expect(renewed).toEqual(['Bearer 0'])
})

test('credentials that cannot be renewed are not tried again', async () => {
  const seen: unknown[] = []
  const { http } = await openClient((request, response) => {
    seen.push(request.url)
    response.writeHead(401)
    response.end()
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
  expect(seen).toHaveLength(1)
})

test('the log tells what was attempted, and neither address, credentials nor bodies', async () => {
  const { http, logged } = await openClient((_, response) => {
    response.writeHead(500)
    response.end('the-secret-answer')
  })
  const secret = { ...read, path: '/the-secret-path', query: { token: 'the-secret-token' } }
  await expect(http.send(secret, call)).rejects.toThrow()
  expect(logged()).toContain('read a thing')
  expect(logged()).toContain('PROVIDER_UNAVAILABLE')
  expect(logged()).not.toMatch(/the-secret/)
})
