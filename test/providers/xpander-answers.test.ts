import { describe, expect, test } from 'vitest'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import * as answers from '../fixtures/xpander.ts'
import { type Canned, cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { allOf, call } from './open.ts'

const canned = (more: Canned) =>
  cannedProvider(xpander, {
    'GET /v1/connectors': answers.list,
    'GET /v1/connectors/search': answers.list.items,
    ...more,
  })

const connectAnswering = async (answer: unknown) => {
  const adapter = await canned({ [`POST /v1/connectors/${answers.calendarId}/connect`]: answer })
  return adapter.createLink(linkRequest({ connectorKey: answers.calendarId }), call)
}

describe('the three answers to a connect call', () => {
  test('a connection, of which the id is enough', async () => {
    expect(await connectAnswering({ id: 'c1' })).toMatchObject({
      kind: 'connected',
      connection: { remoteId: 'c1', name: 'user-1 · 2c3d4e5f', createdAt: null },
    })
    expect(await connectAnswering(status(201, answers.connection))).toMatchObject({
      connection: { name: 'Production Slack', createdAt: new Date('2026-11-22T04:30:00Z') },
    })
  })

  test('a page', async () => {
    expect(await connectAnswering(answers.page)).toMatchObject({
      kind: 'open',
      url: answers.page.connector_page_url,
      instructions: 'Open the connector page and sign in.',
      providerState: { baseline: [], pendingId: null },
    })
  })

  test('both together, which means the page', async () => {
    expect(await connectAnswering({ ...answers.connection, ...answers.page })).toMatchObject({
      kind: 'open',
      providerState: { pendingId: answers.connection.id },
    })
  })

  test('and a page in spite of credentials is only completed by the name that it keeps', async () => {
    const adapter = await canned({ [`POST /v1/connectors/${answers.slackId}/connect`]: answers.page })
    const outcome = await adapter.createLink(
      linkRequest({ connectorKey: answers.slackId, options: { security: { apiKey: 'key' } } }),
      call,
    )
    if (outcome.kind !== 'open') throw new Error('connected')
    // The connection that was there before was not read, and yet is not taken for the link's.
    expect(
      await adapter.checkLink(
        openLink({ connectorKey: answers.slackId, providerState: outcome.providerState }),
        call,
      ),
    ).toEqual({ kind: 'open' })
  })

  test.each([
    ['neither', { message: 'LEAK' }],
    ['a page without an address', { oauth2_required: true, message: 'LEAK', id: 'c1' }],
    ['a page that is not https', { ...answers.page, connector_page_url: 'http://app.xpander.ai/x' }],
    ['an id that is no text', { id: 7 }],
  ])('and %s is a broken contract', async (_, answer) => {
    const failing = connectAnswering(answer)
    await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
    await expect(failing).rejects.not.toThrow('LEAK')
  })
})

describe('a 429', () => {
  const future = { 'x-ratelimit-reset': '1795349400' } // 2026-11-22T12:10:00Z
  test.each([
    ['about billing is a quota', answers.billing, {}, 'PROVIDER_QUOTA_EXCEEDED'],
    ['about anything else is a rate', answers.rateLimit, {}, 'PROVIDER_RATE_LIMITED'],
    [
      'with Retry-After is a rate whatever it says',
      answers.billing,
      { 'retry-after': '5' },
      'PROVIDER_RATE_LIMITED',
    ],
    [
      'with no calls left is a rate',
      answers.billing,
      { 'x-ratelimit-remaining': '0' },
      'PROVIDER_RATE_LIMITED',
    ],
    ['with a reset to come is a rate', answers.billing, future, 'PROVIDER_RATE_LIMITED'],
    ['that is no JSON is a rate', 'Plan limit reached', {}, 'PROVIDER_RATE_LIMITED'],
  ])('%s', async (_, body, headers, code) => {
    const failing = connectAnswering(status(429, body, headers))
    await expect(failing).rejects.toMatchObject({ code })
    await expect(failing).rejects.not.toThrow('limit reached')
  })
})

test('a validation answer gives its type and nothing of what it repeats', async () => {
  const failing = connectAnswering(status(422, answers.validation))
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', providerErrorCode: 'missing' })
  await expect(failing).rejects.not.toThrow('LEAKME')
})

test('published catalogue entries are read', async () => {
  const adapter = await canned({})
  expect(await allOf(adapter.listConnectors(call))).toMatchObject([
    { key: answers.slackId, name: 'Slack', auth: 'UNKNOWN', linkable: true, logoUrl: null },
    {
      key: answers.calendarId,
      auth: 'OAUTH',
      linkable: false,
      logoUrl: 'https://cdn.example/calendar.svg',
    },
  ])
  const [connection] = await allOf(adapter.listConnections([], call))
  expect(connection).toMatchObject({ remoteId: answers.connection.id, connectorKey: answers.slackId })
  const wanted = reference({ remoteId: answers.connection.id, connectorKey: answers.slackId })
  expect(await adapter.getConnection(wanted, call)).toEqual(connection)
  expect(await adapter.getConnection({ ...wanted, remoteId: 'gone' }, call)).toBeNull()
})
