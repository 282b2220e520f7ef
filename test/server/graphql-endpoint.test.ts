import { describe, expect, test } from 'vitest'
import { asJson, postGraphQL, sendRequest, startWithoutProviders, withKey } from './raw-request.ts'

const query = '{ viewer { kind } }'
const body = JSON.stringify({ query })
const result = { data: { viewer: { kind: 'API_KEY' } } }
const withCsrf = { ...withKey, 'x-graphql-yoga-csrf': '1' }

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
