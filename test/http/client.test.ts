import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { NotFoundError } from '../../src/domain/errors.ts'
import { ProviderError } from '../../src/domain/provider-error.ts'
import { createHealth } from '../../src/http/health.ts'
import { backgroundWork, path } from '../../src/http/http-types.ts'
import { readBody } from '../helpers/listen.ts'
import { createTestLog } from '../helpers/log.ts'
import { call, openClient } from './open.ts'

const responseSchema = z.object({ ok: z.boolean() })
const read = { method: 'GET', path: '/thing', responseSchema, purpose: 'read a thing' } as const

test('sends path, query, credentials and a JSON body, and returns the response parsed by the schema', async () => {
  const received: unknown[] = []
  const { http } = await openClient(async (request, response) => {
    const { method, url, headers } = request
    received.push({
      method,
      url,
      key: headers['x-api-key'],
      type: headers['content-type'],
      body: await readBody(request),
    })
    response.end('{"ok":true,"unknown":"field"}')
  })
  const query = { page: 2, q: 'a b&c', none: undefined }
  expect(await http.send({ ...read, method: 'POST', query, body: { a: 1 } }, call)).toEqual({ ok: true })
  expect(received).toEqual([
    {
      method: 'POST',
      url: '/thing?page=2&q=a+b%26c',
      key: 'the-secret-key',
      type: 'application/json',
      body: '{"a":1}',
    },
  ])
})

test('sends no body and no content type without a body', async () => {
  const { http } = await openClient(async (request, response) => {
    const hasNone = request.headers['content-type'] === undefined && (await readBody(request)) === ''
    response.end(JSON.stringify({ ok: hasNone }))
  })
  expect(await http.send({ ...read, method: 'DELETE' }, call)).toEqual({ ok: true })
})

test.each([
  ['', '/v1/x'],
  ['/', '/v1/x'],
  ['/prefix', '/prefix/v1/x'],
  ['/deep/prefix/', '/deep/prefix/v1/x'],
])('prepends the base URL path "%s": %s', async (prefix, expected) => {
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

test('path encodes each ID as one segment', () => {
  expect(path`/v1/users/${'a/b?c#d é%2F'}/x/${7}`).toBe('/v1/users/a%2Fb%3Fc%23d%20%C3%A9%252F/x/7')
})

test('throws PROVIDER_TIMEOUT if no response arrives in time', async () => {
  const { http, outcomes } = await openClient(() => undefined, { deadlineMs: 50 })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT', retryable: true })
  expect(outcomes).toMatchObject([{ code: 'PROVIDER_TIMEOUT' }])
})

test('throws PROVIDER_TIMEOUT if the body is not complete in time', async () => {
  const { http } = await openClient((_, response) => void response.write('{"ok":'), { deadlineMs: 50 })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' })
})

test("throws the caller's abort reason and reports no outcome if the caller disconnects", async () => {
  const caller = new AbortController()
  const { http, outcomes } = await openClient(() => caller.abort(new Error('disconnected')))
  await expect(http.send(read, backgroundWork(caller.signal))).rejects.toThrow('disconnected')
  expect(outcomes).toEqual([])
})

test('throws PROVIDER_INVALID_RESPONSE for a truncated 2xx response', async () => {
  const { http } = await openClient((_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"ok":true', () => response.socket?.end())
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
})

test('stops reading a response above the size limit', async () => {
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

test('throws PROVIDER_UNAVAILABLE if the connection is closed', async () => {
  const { http } = await openClient((request) => request.socket.destroy())
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
})

test.each([
  ['a body that is not JSON', 'hello the-secret-response'],
  ['truncated JSON', '{"ok":tr'],
  ['an empty body', ''],
  ['a body that does not match the schema', '{"ok":"the-secret-response"}'],
])('throws PROVIDER_INVALID_RESPONSE for 200 with %s, without quoting it', async (_, text) => {
  const { http, logged } = await openClient((_request, response) => void response.end(text))
  const error = await http.send(read, call).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  expect(error).toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE', retryable: false })
  expect(inspect(error) + logged()).not.toMatch(/the-secret/)
})

test('z.undefined() accepts an empty response only', async () => {
  const { http } = await openClient((request, response) => {
    response.writeHead(request.url === '/thing' ? 204 : 200)
    response.end(request.url === '/thing' ? undefined : 'not JSON')
  })
  const remove = { ...read, method: 'DELETE', responseSchema: z.undefined() } as const
  expect(await http.send(remove, call)).toBeUndefined()
  await expect(http.send({ ...remove, path: '/other' }, call)).rejects.toMatchObject({
    code: 'PROVIDER_INVALID_RESPONSE',
  })
})

test('does not follow redirects', async () => {
  const urls: unknown[] = []
  const { http } = await openClient((request, response) => {
    urls.push(request.url)
    response.writeHead(302, { location: '/elsewhere' })
    response.end()
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
  expect(urls).toEqual(['/thing'])
})

test('find returns null for a 404, and send throws the error of onNotFound or PROVIDER_REJECTED', async () => {
  const { http, outcomes } = await openClient((_, response) => {
    response.writeHead(404)
    response.end('{}')
  })
  expect(await http.find(read, call)).toBeNull()
  const onNotFound = () => new NotFoundError('The resource does not exist.')
  await expect(http.send({ ...read, onNotFound: onNotFound }, call)).rejects.toThrow(
    'The resource does not exist.',
  )
  await expect(http.send({ ...read, onNotFound: () => undefined }, call)).rejects.toMatchObject({
    code: 'PROVIDER_REJECTED',
  })
  // A missing resource is not a failure of the provider.
  expect(outcomes.map((error) => error?.code)).toEqual([undefined, undefined, 'PROVIDER_REJECTED'])
})

test('a request says which other status means that its resource does not exist', async () => {
  const { http, outcomes } = await openClient((_request, response) =>
    response.writeHead(400).end('{"code":"unknown_thing"}'),
  )
  const isMissing = ({ status }: { readonly status: number }) => status === 400
  expect(await http.find({ ...read, isMissing }, call)).toBeNull()
  expect(outcomes).toEqual([undefined])
  const onNotFound = () => new NotFoundError('The thing does not exist.')
  await expect(http.send({ ...read, isMissing, onNotFound }, call)).rejects.toThrow('does not exist')
  await expect(http.find({ ...read, isMissing: () => false }, call)).rejects.toMatchObject({
    code: 'PROVIDER_REJECTED',
  })
})

test('credentials of a request replace those of the account, are never renewed and are not repeated', async () => {
  const seen: unknown[] = []
  const { http, logged } = await openClient(
    (request, response) => {
      seen.push([request.headers.authorization, request.headers['x-api-key']])
      response.writeHead(401).end('{"message":"unknown token the-token-of-the-link"}')
    },
    { authorization: { headers: async () => ({ 'x-api-key': 'account' }), renew: () => undefined } },
  )
  const failing = http.send({ ...read, bearer: 'the-token-of-the-link' }, call)
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
  expect(seen).toEqual([['Bearer the-token-of-the-link', undefined]])
  expect(logged()).not.toContain('the-token')
})

test('retries a 401 once with renewed credentials', async () => {
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

test('does not retry a 401 if the credentials cannot be renewed', async () => {
  const urls: unknown[] = []
  const { http } = await openClient((request, response) => {
    urls.push(request.url)
    response.writeHead(401)
    response.end()
  })
  await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
  expect(urls).toHaveLength(1)
})

test('logs the purpose of a failed call, and neither URL, credentials nor bodies', async () => {
  const { http, logged } = await openClient((_, response) => {
    response.writeHead(500)
    response.end('the-secret-response')
  })
  const secret = { ...read, path: '/the-secret-path', query: { token: 'the-secret-token' } }
  await expect(http.send(secret, call)).rejects.toThrow()
  expect(logged()).toContain('read a thing')
  expect(logged()).toContain('PROVIDER_UNAVAILABLE')
  expect(logged()).not.toMatch(/the-secret/)
})

describe('the message of a provider', () => {
  /** A server that answers with all that it has received, in several encodings. */
  const echo = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request)
    const received = [body, JSON.stringify(request.headers)]
    const texts = received.flatMap((text) => [
      text,
      encodeURIComponent(text),
      Buffer.from(text).toString('base64'),
    ])
    response.writeHead(400)
    response.end(JSON.stringify({ message: `Rejected: ${texts.join(' ')}`, detail: { error: received } }))
  }
  const secrets = { security: { apiKey: 'the-secret-1', nested: ['the-secret-2', 73_811] } }
  const body = { ...secrets, file: '{"private":"the-secret-3"}', service: 'github', enabled: true }
  const basic = `Basic ${Buffer.from('user:the-secret-4').toString('base64')}`
  const authorization = { headers: async () => ({ authorization: basic, 'x-api-key': 'the-secret-5' }) }
  const write = { ...read, method: 'POST', body } as const

  test('repeats nothing that was sent, but public fields', async () => {
    const { http, logged } = await openClient(echo, { authorization })
    const error = await http.send({ ...write, publicFields: ['service'] }, call).catch((thrown) => thrown)
    expect(error.providerMessage).toMatch(/^Rejected: .*"service":"github","enabled":true/)
    const output = inspect(error) + logged()
    expect(output).not.toMatch(/the-secret|73811/)
    expect(output).not.toContain(basic.slice(6))
    const encoded = [...output.matchAll(/[\w+/]{12,}/g)].map(([run]) => Buffer.from(run, 'base64').toString())
    expect(encoded.join()).not.toMatch(/the-secret|73811/)
  })

  test('treats every field as secret unless it is declared public', async () => {
    const { http } = await openClient(echo)
    const error = await http.send(write, call).catch((thrown) => thrown)
    expect(error.providerMessage).not.toContain('github')
  })

  test('is logged at the level info, with the purpose', async () => {
    const { http, logged } = await openClient((_, response) => {
      response.writeHead(422)
      response.end('{"message":"The name is taken"}')
    })
    await expect(http.send(read, call)).rejects.toMatchObject({ providerMessage: 'The name is taken' })
    const lines = logged()
      .split('\n')
      .filter((line) => line.includes('The name is taken'))
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { level: 30, purpose: 'read a thing', providerMessage: 'The name is taken' },
    ])
  })

  test.each([500, 503, 302])('is not read from a response with status %i', async (status) => {
    const { http, logged } = await openClient((_, response) => {
      response.writeHead(status)
      response.end('{"message":"The name is taken"}')
    })
    const error = await http.send(read, call).catch((thrown) => thrown)
    expect(error.providerMessage).toBeUndefined()
    expect(logged()).not.toContain('taken')
  })
})

describe('the health of the provider', () => {
  test.each([
    ['an object without an expected field', '{"ok":"yes"}', false],
    ['a list', '[]', false],
    ['no JSON', '<html>', true],
    ['no body', '', true],
    ['no object', '"ok"', true],
  ])('after 200 with %s', async (_, text, countsAgainstHealth) => {
    const { http, outcomes } = await openClient((_request, response) => response.end(text))
    await expect(http.send(read, call)).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
    expect(outcomes).toMatchObject([{ countsAgainstHealth }])
    const health = createHealth({ log: createTestLog().log })
    health.record('XPANDER', outcomes[0])
    expect(health.of('XPANDER')).toBe(countsAgainstHealth ? 'DEGRADED' : 'UP')
  })

  test('is not affected by the failure of an optional read', async () => {
    const answer = { status: 500 }
    const { http, outcomes } = await openClient((_request, response) =>
      response.writeHead(answer.status).end('{"ok":true}'),
    )
    const request = { ...read, optional: true } as const
    await expect(http.send(request, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(outcomes).toEqual([])
    answer.status = 200
    await http.send(request, call)
    expect(outcomes).toEqual([undefined])
  })
})
