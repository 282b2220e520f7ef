import { describe, expect, test } from 'vitest'
import { asJson, type Init, postGraphQL, sendRequest, startWithoutProviders, withKey } from './raw-request.ts'

const query = '{ viewer { kind } }'
const body = JSON.stringify({ query })
const result = { data: { viewer: { kind: 'API_KEY' } } }
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

  test('are not allowed by default', async () => {
    const { url } = await startWithoutProviders()
    for (const init of [preflight('https://evil.test'), call('https://evil.test'), call('null'), call(url)]) {
      expect(corsHeaders((await sendRequest(`${url}/graphql`, init)).headers)).toEqual([])
    }
  })

  test.each(['https://app.example.com', 'https://admin.example.com'])(
    'are allowed from the listed origin %s, without credentials',
    async (origin) => {
      const { url } = await startWithoutProviders({
        CORS_ORIGINS: 'https://app.example.com,https://admin.example.com',
      })
      const preflighted = await sendRequest(`${url}/graphql`, preflight(origin))
      expect(preflighted.status).toBeLessThan(300)
      expect(preflighted.headers.get('access-control-allow-origin')).toBe(origin)
      expect(preflighted.headers.get('access-control-allow-headers')).toContain('authorization')
      const called = await sendRequest(`${url}/graphql`, call(origin))
      expect(JSON.parse(called.text)).toMatchObject(result)
      expect(called.headers.get('access-control-allow-origin')).toBe(origin)
      expect(called.headers.get('access-control-allow-credentials')).not.toBe('true')
    },
  )

  test.each([['https://app.example.com'], ['https://app.example.com,https://admin.example.com']])(
    'are not allowed from other origins when CORS_ORIGINS is %s',
    async (CORS_ORIGINS) => {
      const { url } = await startWithoutProviders({ CORS_ORIGINS })
      for (const origin of [
        'https://evil.test',
        'https://app.example.com.evil.test',
        'http://app.example.com',
        'null',
      ]) {
        for (const init of [preflight(origin), call(origin)]) {
          const { headers } = await sendRequest(`${url}/graphql`, init)
          expect(headers.get('access-control-allow-origin')).not.toBe(origin)
          expect(headers.get('access-control-allow-origin')).not.toBe('*')
        }
      }
    },
  )
})

describe('CSRF: requests that another site can send without a preflight', () => {
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
    ['a multipart form', () => ({ method: 'POST', headers: withKey, body: multipart() })],
    [
      'a body without a content type',
      () => ({ method: 'POST', headers: withKey, body: new Blob([body]).stream(), duplex: 'half' }),
    ],
    ['a GET', () => ({ headers: withKey }), `?query=${encodeURIComponent(query)}`],
  ])('%s is rejected', async (_, init, path = '') => {
    const { url } = await startWithoutProviders()
    const rejected = await sendRequest(`${url}/graphql${path}`, init())
    expect(rejected).toMatchObject({ status: 403, code: 'CSRF_PREVENTION' })
  })

  test('a GET query with the CSRF prevention header is executed', async () => {
    const { url } = await startWithoutProviders()
    const response = await sendRequest(`${url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: withCsrf,
    })
    expect(response.status).toBe(200)
    expect(JSON.parse(response.text)).toMatchObject(result)
  })
})

describe('methods', () => {
  test('a mutation by GET returns 405', async () => {
    const { url } = await startWithoutProviders()
    const mutation = encodeURIComponent('mutation { disconnect(connectionId: "x") { __typename } }')
    const response = await sendRequest(`${url}/graphql?query=${mutation}`, { headers: withCsrf })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(response.text).not.toContain('NotFoundError')
  })

  test.each(['PUT', 'DELETE', 'PATCH'])('%s returns 405', async (method) => {
    const { url } = await startWithoutProviders()
    const response = await sendRequest(`${url}/graphql`, { method, headers: asJson, body })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, POST')
  })
})

describe('media types', () => {
  test.each([
    'text/plain',
    'application/xml',
    'application/octet-stream',
    'application/json; charset=utf-16',
  ])('%s returns 415', async (type) => {
    const gateway = await startWithoutProviders()
    const response = await postGraphQL(gateway, body, { 'content-type': type, 'x-graphql-yoga-csrf': '1' })
    expect(response.status).toBe(415)
  })

  test('JSON is read as UTF-8, with or without a charset', async () => {
    const gateway = await startWithoutProviders()
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
    ]) {
      expect(JSON.parse((await postGraphQL(gateway, body, { 'content-type': type })).text)).toMatchObject(
        result,
      )
    }
  })

  test('a response is neither cached nor sniffed', async () => {
    const { headers } = await postGraphQL(await startWithoutProviders(), body)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('request bodies', () => {
  const sized = (bytes: number) => JSON.stringify({ query, variables: { padding: 'x'.repeat(bytes) } })
  const overhead = sized(0).length
  const tooLarge = { status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' }

  test('of 100 KB are accepted', async () => {
    const response = await postGraphQL(await startWithoutProviders(), sized(100_000 - overhead))
    expect(JSON.parse(response.text)).toMatchObject(result)
  })

  test.each([100_001, 5_000_000])('of %d bytes are rejected', async (bytes) => {
    expect(await postGraphQL(await startWithoutProviders(), sized(bytes - overhead))).toMatchObject(tooLarge)
  })

  test('without a content length are rejected once they exceed the limit', async () => {
    const { url } = await startWithoutProviders()
    const stream = new Blob([sized(300_000)]).stream()
    const response = await sendRequest(`${url}/graphql`, {
      method: 'POST',
      headers: asJson,
      body: stream,
      duplex: 'half',
    })
    expect(response).toMatchObject(tooLarge)
  })
})

test('headers of more than 16 KB are rejected', async () => {
  const { url } = await startWithoutProviders()
  expect(
    (await sendRequest(`${url}/graphql`, { headers: { ...withKey, 'x-padding': 'x'.repeat(20_000) } }))
      .status,
  ).toBe(431)
})
