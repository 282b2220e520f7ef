import { describe, expect, test } from 'vitest'
import published from '../../schema/persisted-documents.json' with { type: 'json' }
import { manifestOf, sha256, writeManifest } from './manifest.ts'
import { startWithoutProviders, withKey } from './raw-request.ts'
import { apollo, free, get, hex, post, providersId, sessionHeaders } from './trusted-request.ts'

const introspection = { query: '{ __schema { queryType { name } } }' }

describe('TRUSTED_DOCUMENTS decides who may send other documents:', () => {
  test.each([
    ['off', { key: true, session: true }],
    ['sessions', { key: true, session: false }],
    ['all', { key: false, session: false }],
  ] as const)('%s', async (mode, accepted) => {
    const gateway = await startWithoutProviders({ TRUSTED_DOCUMENTS: mode })
    const callers = { key: withKey, session: await sessionHeaders(gateway) }
    for (const caller of ['key', 'session'] as const) {
      expect(await post(gateway, { documentId: providersId }, callers[caller])).toMatchObject({
        status: 200,
        code: undefined,
      })
      for (const body of [free, introspection, { ...free, ...apollo(hex) }]) {
        const expected = accepted[caller]
          ? { status: 200, code: undefined }
          : { status: 403, code: 'PERSISTED_QUERY_ONLY' }
        expect(await post(gateway, body, callers[caller])).toMatchObject(expected)
        expect(await get(gateway, { query: body.query }, callers[caller])).toMatchObject(expected)
      }
    }
  })

  test.each([
    ['JSON', 'application/json', JSON.stringify(free)],
    ['GraphQL JSON', 'application/graphql+json', JSON.stringify(free)],
    ['a GraphQL text', 'application/graphql', free.query],
    ['a form', 'application/x-www-form-urlencoded', String(new URLSearchParams(free))],
    [
      'the text of a trusted document',
      'application/json',
      JSON.stringify({ query: Object.values(published)[0] }),
    ],
    ['an unparsable document', 'application/json', JSON.stringify({ query: '{ hunter2' })],
    ['a document that is no text', 'application/json', JSON.stringify({ query: ['hunter2'] })],
    ['an empty document', 'application/json', JSON.stringify({ query: '' })],
  ])('sessions: refused in every encoding, without repeating it: %s', async (_, type, body) => {
    const gateway = await startWithoutProviders({ TRUSTED_DOCUMENTS: 'sessions' })
    const headers = { ...(await sessionHeaders(gateway)), 'content-type': type, 'x-graphql-yoga-csrf': '1' }
    const response = await post(gateway, body, headers)
    expect(response).toMatchObject({ status: 403, code: 'PERSISTED_QUERY_ONLY' })
    expect(response.text).not.toMatch(/hunter2|viewer|kind/)
  })

  test('sessions: a free subscription is refused', async () => {
    const gateway = await startWithoutProviders({ TRUSTED_DOCUMENTS: 'sessions' })
    const headers = { ...(await sessionHeaders(gateway)), accept: 'text/event-stream' }
    const response = await post(gateway, { query: 'subscription { connectionUpdated { id } }' }, headers)
    expect(response.status).toBe(403)
  })
})

test('the cost limit applies to trusted documents', async () => {
  const document =
    'query Dear { connectors(first: 100) { nodes { provider { connectors(first: 100) { nodes { key } } } } } }'
  const gateway = await startWithoutProviders({ TRUSTED_DOCUMENTS_FILE: writeManifest(manifestOf(document)) })
  const headers = await sessionHeaders(gateway)
  const body = { documentId: `sha256:${sha256(document)}` }
  expect(await post(gateway, body, headers)).toMatchObject({ code: 'COST_LIMIT' })
  expect(await post(gateway, body)).toMatchObject({ code: undefined })
})
