import { createYoga } from 'graphql-yoga'
import { describe, expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { createAllowsOrigin } from '../../src/server/cors.ts'
import { csrfHeaders, useCsrfPrevention } from '../../src/server/csrf.ts'
import { asJson, type Init, sendRequest, startWithoutProviders, withKey } from './raw-request.ts'

const query = '{ viewer { kind } }'
const body = JSON.stringify({ query })
const result = { data: { viewer: { kind: 'API_KEY' } } }

describe('cross-origin requests', () => {
  const corsHeaders = (headers: Headers) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,apollographql-client-name,last-event-id',
    },
  })
  const call = (origin: string): RequestInit => ({ method: 'POST', headers: { ...asJson, origin }, body })

  test.each([
    [{}, ['https://evil.test', 'null', 'http://localhost.evil.test']],
    [
      { CORS_ORIGINS: 'https://app.example.com' },
      ['http://localhost:5173', 'https://app.example.com.evil.test', 'http://app.example.com', 'null'],
    ],
    [{ CORS_ORIGINS: 'https://app.example.com,https://admin.example.com' }, ['https://evil.test']],
  ])('with %o are not allowed from %o', async (env, origins) => {
    const { url } = await startWithoutProviders(env)
    for (const origin of origins)
      for (const init of [preflight(origin), call(origin)]) {
        const { headers } = await sendRequest(`${url}/graphql`, init)
        expect(corsHeaders(headers)).toEqual([])
        expect(headers.get('vary')).toContain('Origin')
      }
  })

  test.each([
    [{}, ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080', 'https://localhost']],
    [
      { CORS_ORIGINS: 'https://app.example.com,https://admin.example.com' },
      ['https://app.example.com', 'https://admin.example.com'],
    ],
  ])('with %o are allowed from %o, without credentials', async (env, origins) => {
    const { url } = await startWithoutProviders(env)
    for (const origin of origins) {
      const { status, headers } = await sendRequest(`${url}/graphql`, preflight(origin))
      expect(status).toBe(204)
      expect(Object.fromEntries(corsHeaders(headers).map((name) => [name, headers.get(name)]))).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization,content-type,apollographql-client-name,last-event-id',
        'access-control-max-age': '7200',
      })
      const called = await sendRequest(`${url}/graphql`, call(origin))
      expect(JSON.parse(called.text)).toMatchObject(result)
      expect(called.headers.get('access-control-allow-origin')).toBe(origin)
      expect(called.headers.get('access-control-expose-headers')).toContain('RateLimit')
      expect(called.headers.get('vary')).toBe('Origin')
      const unauthenticated = await sendRequest(`${url}/graphql`, { ...call(origin), headers: { origin } })
      expect(unauthenticated.status).toBe(401)
      expect(unauthenticated.headers.get('access-control-allow-origin')).toBe(origin)
    }
  })

  test('of pages of this machine are refused where they are not allowed by default', () => {
    const allows = createAllowsOrigin({ corsOrigins: [], corsLoopback: false })
    expect(allows('http://localhost:5173')).toBe(false)
  })
})

describe('CSRF: requests that another site can send without a preflight', () => {
  const get = `?query=${encodeURIComponent(query)}`
  const requests: readonly (readonly [string, () => Init, string])[] = [
    ['a form', () => ({ method: 'POST', body: new URLSearchParams({ query }) }), ''],
    ['plain text', () => ({ method: 'POST', headers: { 'content-type': 'text/plain' }, body }), ''],
    ['a GET', () => ({}), get],
  ]

  test.each(requests)('%s without credentials is not executed', async (_, init, path) => {
    const { url } = await startWithoutProviders()
    expect(await sendRequest(`${url}/graphql${path}`, init())).toMatchObject({ status: 401 })
    const yoga = createYoga({ schema, plugins: [useCsrfPrevention()], logging: false })
    const refused = await yoga.fetch(`http://gateway.test/graphql${path}`, init())
    expect(refused.status).toBe(403)
  })

  test.each(csrfHeaders)('with %s a GET is executed', async (header) => {
    const yoga = createYoga({ schema, plugins: [useCsrfPrevention()], logging: false })
    const response = await yoga.fetch(`http://gateway.test/graphql?query={__typename}`, {
      headers: { [header]: '1' },
    })
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  })

  test('a GET with an API key needs no other header', async () => {
    const { url } = await startWithoutProviders()
    const response = await sendRequest(`${url}/graphql${get}`, { headers: withKey })
    expect(response.status).toBe(200)
    expect(JSON.parse(response.text)).toMatchObject(result)
  })
})
