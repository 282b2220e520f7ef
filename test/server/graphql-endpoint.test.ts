import { describe, expect, test } from 'vitest'
import { asJson, ask, askGraphQL, type Init, startDoor, withKey } from './raw-request.ts'

const query = '{ viewer { kind } }'
const body = JSON.stringify({ query })
const answer = { data: { viewer: { kind: 'API_KEY' } } }
const withCsrf = { ...withKey, 'x-graphql-yoga-csrf': '1' }

describe('cross-origin requests', () => {
  const corsHeaders = (headers: Headers) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  const call = (origin: string): RequestInit => ({ method: 'POST', headers: { ...asJson, origin }, body })

  test('are allowed to nobody by default', async () => {
    const { url } = await startDoor()
    for (const init of [preflight('https://evil.test'), call('https://evil.test'), call('null'), call(url)]) {
      expect(corsHeaders((await ask(`${url}/graphql`, init)).headers)).toEqual([])
    }
  })

  test.each(['https://app.example.com', 'https://admin.example.com'])(
    'are allowed to %s when it is listed, without cookies',
    async (origin) => {
      const { url } = await startDoor({
        CORS_ORIGINS: 'https://app.example.com,https://admin.example.com',
      })
      const asked = await ask(`${url}/graphql`, preflight(origin))
      expect(asked.status).toBeLessThan(300)
      expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
      expect(asked.headers.get('access-control-allow-headers')).toContain('authorization')
      const called = await ask(`${url}/graphql`, call(origin))
      expect(JSON.parse(called.text)).toEqual(answer)
      expect(called.headers.get('access-control-allow-origin')).toBe(origin)
      expect(called.headers.get('access-control-allow-credentials')).not.toBe('true')
    },
  )

  test.each([['https://app.example.com'], ['https://app.example.com,https://admin.example.com']])(
    'are not allowed to others when only %s is listed',
    async (CORS_ORIGINS) => {
      const { url } = await startDoor({ CORS_ORIGINS })
      for (const origin of [
        'https://evil.test',
        'https://app.example.com.evil.test',
        'http://app.example.com',
        'null',
      ]) {
        for (const init of [preflight(origin), call(origin)]) {
          const { headers } = await ask(`${url}/graphql`, init)
          expect(headers.get('access-control-allow-origin')).not.toBe(origin)
          expect(headers.get('access-control-allow-origin')).not.toBe('*')
        }
      }
    },
  )
})

describe('what a foreign page could send without asking first', () => {
  const multipart = () => {
    const form = new FormData()
    form.set('operations', body)
    form.set('map', '{}')
    return form
  }

  test.each<[name: string, init: () => Init, path?: string]>([
    [
      'a form',
      () => ({
        method: 'POST',
        headers: withKey,
        body: new URLSearchParams({ query }),
      }),
    ],
    ['plain text', () => ({ method: 'POST', headers: { ...withKey, 'content-type': 'text/plain' }, body })],
    ['a form with files', () => ({ method: 'POST', headers: withKey, body: multipart() })],
    [
      'a body without a type',
      () => ({ method: 'POST', headers: withKey, body: new Blob([body]).stream(), duplex: 'half' }),
    ],
    ['a GET', () => ({ headers: withKey }), `?query=${encodeURIComponent(query)}`],
  ])('%s is refused', async (_, init, path = '') => {
    const { url } = await startDoor()
    const refused = await ask(`${url}/graphql${path}`, init())
    expect(refused).toMatchObject({ status: 403, code: 'CSRF_PREVENTION' })
  })

  test('a GET query is answered when it carries the header that only programs send', async () => {
    const { url } = await startDoor()
    const asked = await ask(`${url}/graphql?query=${encodeURIComponent(query)}`, { headers: withCsrf })
    expect(asked.status).toBe(200)
    expect(JSON.parse(asked.text)).toEqual(answer)
  })
})

describe('methods', () => {
  test('a mutation is not sent by GET', async () => {
    const { url } = await startDoor()
    const mutation = encodeURIComponent('mutation { disconnect(connectionId: "x") { __typename } }')
    const asked = await ask(`${url}/graphql?query=${mutation}`, { headers: withCsrf })
    expect(asked.status).toBe(405)
    expect(asked.headers.get('allow')).toBe('POST')
    expect(asked.text).not.toContain('NotFoundError')
  })

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is not for this endpoint', async (method) => {
    const { url } = await startDoor()
    const asked = await ask(`${url}/graphql`, { method, headers: asJson, body })
    expect(asked.status).toBe(405)
    expect(asked.headers.get('allow')).toBe('GET, POST')
  })
})

describe('media types', () => {
  test.each([
    'text/plain',
    'application/xml',
    'application/octet-stream',
    'application/json; charset=utf-16',
  ])('%s is not read', async (type) => {
    const door = await startDoor()
    const asked = await askGraphQL(door, body, { 'content-type': type, 'x-graphql-yoga-csrf': '1' })
    expect(asked.status).toBe(415)
  })

  test('JSON is read as UTF-8, named or not', async () => {
    const door = await startDoor()
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
    ]) {
      expect(JSON.parse((await askGraphQL(door, body, { 'content-type': type })).text)).toEqual(answer)
    }
  })

  test('an API answer is kept nowhere and taken for nothing else', async () => {
    const { headers } = await askGraphQL(await startDoor(), body)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('bodies', () => {
  const sized = (bytes: number) => JSON.stringify({ query, variables: { padding: 'x'.repeat(bytes) } })
  const overhead = sized(0).length
  const tooLarge = { status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' }

  test('of 100 KB are read', async () => {
    const asked = await askGraphQL(await startDoor(), sized(100_000 - overhead))
    expect(JSON.parse(asked.text)).toEqual(answer)
  })

  test.each([100_001, 5_000_000])('of %d bytes are refused', async (bytes) => {
    expect(await askGraphQL(await startDoor(), sized(bytes - overhead))).toMatchObject(tooLarge)
  })

  test('of unsaid length are refused when they grow too large', async () => {
    const { url } = await startDoor()
    const stream = new Blob([sized(300_000)]).stream()
    const asked = await ask(`${url}/graphql`, {
      method: 'POST',
      headers: asJson,
      body: stream,
      duplex: 'half',
    })
    expect(asked).toMatchObject(tooLarge)
  })
})

test('headers of more than 16 KB are refused', async () => {
  const { url } = await startDoor()
  expect(
    (await ask(`${url}/graphql`, { headers: { ...withKey, 'x-padding': 'x'.repeat(20_000) } })).status,
  ).toBe(431)
})
