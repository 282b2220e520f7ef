import { describe, expect, onTestFinished, test } from 'vitest'
import published from '../../schema/persisted-documents.json' with { type: 'json' }
import { ConnectLinkUpdatedDocument, CreateSessionDocument } from '../generated/graphql.ts'
import { createLinkOrThrow } from '../graphql/open.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { sha256 } from './manifest.ts'
import { asJson, sendRequest, startWithoutProviders, withKey } from './raw-request.ts'
import {
  apollo,
  asSpecified,
  free,
  get,
  hashOf,
  hex,
  post,
  providersId,
  sessionHeaders,
} from './trusted-request.ts'

describe('a published operation is executed by its hash:', () => {
  test.each<[name: string, body: object]>([
    ['documentId', { documentId: providersId }],
    ['documentId without prefix', { documentId: hex }],
    ['documentId with operation name', { documentId: providersId, operationName: 'Providers' }],
    ['documentId beside a null query', { documentId: providersId, query: null }],
    ['persistedQuery of Apollo Client', apollo(hex)],
    ['documentId before persistedQuery', { documentId: providersId, ...apollo('0'.repeat(64)) }],
  ])('%s', async (_, body) => {
    const response = await post(await startWithoutProviders(), body, asSpecified)
    expect(response.status).toBe(200)
    expect(JSON.parse(response.text)).toMatchObject({ data: { viewer: { kind: 'API_KEY' } } })
  })

  test('every one, with variables checked', async () => {
    const gateway = await startWithoutProviders()
    const ids = Object.keys(published)
    expect(ids.length).toBeGreaterThan(10)
    for (const documentId of ids) {
      const { code } = await post(gateway, { documentId, variables: { id: 5.5, input: 5 } }, asSpecified)
      expect([undefined, 'BAD_USER_INPUT', 'METHOD_NOT_ALLOWED']).toContain(code)
    }
  })

  test('by GET, but no mutation', async () => {
    const gateway = await startWithoutProviders()
    const { extensions } = apollo(hex)
    for (const parameters of [{ documentId: providersId }, { extensions: JSON.stringify(extensions) }])
      expect(await get(gateway, parameters)).toMatchObject({ status: 200, code: undefined })
    expect(await get(gateway, { documentId: hashOf(CreateSessionDocument) })).toMatchObject({ status: 405 })
    const { url } = gateway
    const withKeyOnly = await sendRequest(`${url}/graphql?documentId=${providersId}`, { headers: withKey })
    expect(withKeyOnly).toMatchObject({ status: 200, code: undefined })
  })

  test.each(['POST', 'GET'])(
    'a subscription by %s, in a session that may send nothing else',
    async (method) => {
      const gateway = await startTestGateway({ env: { TRUSTED_DOCUMENTS: 'sessions' } })
      const { id } = await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'ada' } })
      const headers = { ...asJson, ...(await sessionHeaders(gateway)), accept: 'text/event-stream' }
      const documentId = hashOf(ConnectLinkUpdatedDocument)
      const parameters = new URLSearchParams({ documentId, variables: JSON.stringify({ id }) })
      const query = method === 'GET' ? `?${parameters}` : ''
      const body = method === 'GET' ? {} : { body: JSON.stringify({ documentId, variables: { id } }) }
      const stop = new AbortController()
      onTestFinished(() => stop.abort())
      const init = {
        method,
        headers: { ...headers, 'x-graphql-yoga-csrf': '1' },
        signal: stop.signal,
        ...body,
      }
      const response = await fetch(`${gateway.url}/graphql${query}`, init)
      expect(response.status).toBe(200)
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      while (!text.includes('"status":"CREATED"')) {
        const chunk = await reader?.read()
        if (chunk?.value === undefined) throw new Error(`the stream has ended: ${text}`)
        text += chunk.value
      }
    },
  )

  test('needs authentication', async () => {
    const gateway = await startWithoutProviders()
    const response = await post(gateway, { documentId: providersId }, { authorization: 'Bearer x' })
    expect(response).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })
})

describe('an ID that is not in the list', () => {
  const unknown = '0'.repeat(64)
  test.each<[name: string, id: string]>([
    ['an unknown hash', `sha256:${unknown}`],
    ['an unknown hash without prefix', unknown],
    ['uppercase digits', `sha256:${hex.toUpperCase()}`],
    ['another prefix', `md5:${hex}`],
    ['two prefixes', `sha256:${providersId}`],
    ['a hash that is cut off', providersId.slice(0, -1)],
    ['an empty text', ''],
    ['a name of Object.prototype', '__proto__'],
    ['another name of Object.prototype', 'constructor'],
    ['90 KB', 'a'.repeat(90_000)],
    ['a path', '../../schema/persisted-documents.json'],
  ])('is not found: %s', async (_, id) => {
    const gateway = await startWithoutProviders()
    for (const body of [{ documentId: id }, apollo(id)]) {
      const response = await post(gateway, body, asSpecified)
      expect(response).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_NOT_FOUND' })
      expect(JSON.parse(response.text).errors).toMatchObject([{ message: 'PersistedQueryNotFound' }])
      expect(response.text.length).toBeLessThan(200)
      // Clients of the older media type read the error only with status 200.
      expect(await post(gateway, body)).toMatchObject({ status: 200, code: 'PERSISTED_QUERY_NOT_FOUND' })
    }
  })

  test('is never registered by sending the document with it', async () => {
    const gateway = await startWithoutProviders()
    const hash = sha256(free.query)
    expect(await post(gateway, apollo(hash))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' })
    expect(await post(gateway, { ...free, ...apollo(hash) })).toMatchObject({ status: 200, code: undefined })
    expect(await post(gateway, apollo(hash))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' })
  })
})

describe('a malformed request is answered with 400:', () => {
  test.each<[name: string, body: object | string]>([
    ['a number', { documentId: 5 }],
    ['a list', { documentId: [providersId] }],
    ['an object', { documentId: { toString: 1 } }],
    ['a boolean', { documentId: false }],
    ['a hash that is a list', apollo([hex])],
    ['a hash that is a number', apollo(5)],
    ['an unknown version of persistedQuery', apollo(hex, 2)],
    ['persistedQuery that is a list', { extensions: { persistedQuery: [1] } }],
    ['extensions that are a text', { documentId: providersId, extensions: 'x' }],
    ['variables that are a text', { documentId: providersId, variables: 'x' }],
    ['neither document nor ID', {}],
    ['null for both', { query: null, documentId: null }],
    ['both', { ...free, documentId: providersId }],
    ['an ID under __proto__', `{"__proto__": {"documentId": "${providersId}"}}`],
    ['an unknown key beside the ID', { documentId: providersId, foo: 1 }],
  ])('%s', async (_, body) => {
    const response = await post(await startWithoutProviders(), body, asSpecified)
    expect(response).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(response.text).not.toContain('API_KEY')
  })

  test('both in the URL of a GET', async () => {
    const gateway = await startWithoutProviders()
    const both = { query: free.query, documentId: providersId }
    expect(await get(gateway, both)).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test('1 MB is not read', async () => {
    const gateway = await startWithoutProviders()
    const response = await post(gateway, { documentId: 'a'.repeat(1_000_000) })
    expect(response).toMatchObject({ status: 413, code: 'REQUEST_ENTITY_TOO_LARGE' })
  })
})
