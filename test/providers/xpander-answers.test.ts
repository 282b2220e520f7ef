import { describe, expect, test } from 'vitest'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import * as responses from '../fixtures/xpander.ts'
import { type Canned, cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { allOf, call, readAll } from './open.ts'

const readyCalendar = { ...responses.calendar, status: 'ready' }

const canned = (more: Canned) =>
  cannedProvider(xpander, {
    'GET /v1/tools': { ...responses.list, items: [responses.slack, readyCalendar] },
    ...more,
  })

const createLinkWithResponse = async (response: unknown) => {
  const adapter = await canned({ [`POST /v1/tools/connectors/${responses.calendarId}/connect`]: response })
  return adapter.createLink(linkRequest({ connectorKey: responses.calendarId }), call)
}

const connectWithResponse = async (response: unknown) => {
  const adapter = await canned({ [`POST /v1/tools/connectors/${responses.slackId}/connect`]: response })
  const options = { security: { apiKey: 'key' } }
  return adapter.createLink(linkRequest({ connectorKey: responses.slackId, options }), call)
}

describe('createLink', () => {
  test('with credentials returns the connection of a response with at least an ID', async () => {
    expect(await connectWithResponse({ id: 'c1' })).toMatchObject({
      kind: 'connected',
      connection: { remoteId: 'c1', name: 'user-1 · 2c3d4e5f', createdAt: null },
    })
    expect(await connectWithResponse(status(201, responses.connection))).toMatchObject({
      connection: { name: 'Production Slack', createdAt: new Date('2026-11-22T04:30:00Z') },
    })
  })

  test('returns an open link for a page', async () => {
    expect(await createLinkWithResponse(responses.page)).toMatchObject({
      kind: 'open',
      url: responses.page.connector_page_url,
      instructions:
        'Open the connector page and sign in. Name the connection "user-1 · 2c3d4e5f". Make it available to the whole organization.',
      providerState: { baseline: [], pendingId: null },
    })
  })

  test('does not count a connection as connected if the connector uses OAuth: the page does not complete with it', async () => {
    const name = 'user-1 · 2c3d4e5f'
    const created = { ...responses.connection, id: 'without-token', name }
    const connectPath = `POST /v1/tools/connectors/${responses.calendarId}/connect`
    const adapter = await canned({ [connectPath]: created })
    const connectorKey = responses.calendarId
    const outcome = await adapter.createLink(linkRequest({ connectorKey }), call)
    if (outcome.kind !== 'open') throw new Error('connected')
    expect(outcome.url).toMatch(new RegExp(`/connectors/${connectorKey}$`))
    const { providerState } = outcome
    expect(providerState).toEqual({ baseline: ['without-token'], name, pendingId: null })
    const check = async (connections: readonly object[]) => {
      const items = [{ ...readyCalendar, connections }]
      const later = await canned({ 'GET /v1/tools': { ...responses.list, items } })
      return later.checkLink(openLink({ connectorKey, providerState }), call)
    }
    expect(await check([created])).toEqual({ kind: 'open' })
    expect(await check([created, { id: 'new', name }])).toMatchObject({ connection: { remoteId: 'new' } })
  })

  test('returns an open link for a response with a connection and a page', async () => {
    expect(await createLinkWithResponse({ ...responses.connection, ...responses.page })).toMatchObject({
      kind: 'open',
      providerState: { pendingId: responses.connection.id },
    })
  })

  test('returns a link that completes only by name for a page despite credentials', async () => {
    const adapter = await canned({
      [`POST /v1/tools/connectors/${responses.slackId}/connect`]: responses.page,
    })
    const outcome = await adapter.createLink(
      linkRequest({ connectorKey: responses.slackId, options: { security: { apiKey: 'key' } } }),
      call,
    )
    if (outcome.kind !== 'open') throw new Error('connected')
    // The existing connection is not part of the baseline, but it is not a candidate either.
    expect(
      await adapter.checkLink(
        openLink({ connectorKey: responses.slackId, providerState: outcome.providerState }),
        call,
      ),
    ).toEqual({ kind: 'open' })
  })

  test.each([
    ['neither a connection nor a page', { message: 'LEAK' }],
    ['a page without a URL', { oauth2_required: true, message: 'LEAK', id: 'c1' }],
    ['a page that is not https', { ...responses.page, connector_page_url: 'http://app.xpander.ai/x' }],
    ['an ID that is not a string', { id: 7 }],
  ])('throws PROVIDER_INVALID_RESPONSE for %s', async (_, response) => {
    const failing = createLinkWithResponse(response)
    await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' })
    await expect(failing).rejects.not.toThrow('LEAK')
  })
})

describe('a 429 response', () => {
  const reset = { 'x-ratelimit-reset': '1795349400' } // 2026-11-22T12:10:00Z
  const at = (time: string) => ({ date: `Sun, 22 Nov 2026 ${time} GMT` })
  test.each([
    ['about billing is an exceeded quota', responses.billing, {}, 'PROVIDER_QUOTA_EXCEEDED'],
    ['about anything else is a rate limit', responses.rateLimit, {}, 'PROVIDER_RATE_LIMITED'],
    [
      'with Retry-After is a rate limit regardless of its text',
      responses.billing,
      { 'retry-after': '5' },
      'PROVIDER_RATE_LIMITED',
    ],
    [
      'with no remaining calls is a rate limit',
      responses.billing,
      { 'x-ratelimit-remaining': '0' },
      'PROVIDER_RATE_LIMITED',
    ],
    [
      'with a reset time after its own time is a rate limit',
      responses.billing,
      { ...reset, ...at('12:09:00') },
      'PROVIDER_RATE_LIMITED',
    ],
    [
      'with a reset time before its own time is an exceeded quota',
      responses.billing,
      { ...reset, ...at('12:11:00') },
      'PROVIDER_QUOTA_EXCEEDED',
    ],
    ['that is not JSON is a rate limit', 'Plan limit reached', {}, 'PROVIDER_RATE_LIMITED'],
  ])('%s', async (_, body, headers, code) => {
    const failing = createLinkWithResponse(status(429, body, headers))
    await expect(failing).rejects.toMatchObject({ code })
    await expect(failing).rejects.not.toThrow('limit reached')
  })
})

test('a validation error is reported with its type but without the repeated input', async () => {
  const failing = createLinkWithResponse(status(422, responses.validation))
  await expect(failing).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', providerErrorCode: 'missing' })
  await expect(failing).rejects.not.toThrow('LEAKME')
})

test('reads published catalogue entries', async () => {
  const adapter = await canned({ 'GET /v1/tools': responses.list })
  expect(await allOf(adapter.listConnectors(call))).toMatchObject([
    {
      key: responses.slackId,
      name: 'Slack',
      auth: 'UNKNOWN',
      linkable: true,
      logoUrl: null,
      connectionHint: 'Bot token',
      credentialsOption: 'security',
    },
    {
      key: responses.calendarId,
      auth: 'OAUTH',
      linkable: false,
      connectionHint: null,
      credentialsOption: null,
      logoUrl: 'https://cdn.example/calendar.svg',
    },
  ])
  const [connection] = await allOf(adapter.listConnections([], call))
  expect(connection).toMatchObject({ remoteId: responses.connection.id, connectorKey: responses.slackId })
  const existing = reference({ remoteId: responses.connection.id, connectorKey: responses.slackId })
  expect(await adapter.getConnection(existing, call)).toEqual(connection)
  expect(await adapter.getConnection({ ...existing, remoteId: 'gone' }, call)).toBeNull()
})

describe('an unreadable row', () => {
  const existing = reference({ remoteId: responses.connection.id, connectorKey: responses.slackId })
  const withRows = (...items: unknown[]) => canned({ 'GET /v1/tools': { ...responses.list, items } })
  const unreadable = { code: 'PROVIDER_INVALID_RESPONSE' }

  test.each([
    ['connector', [{ id: responses.slackId }]],
    ['connector without an ID', [null]],
    ['connection without an ID', [{ ...responses.slack, connections: ['?'] }]],
  ])('of the %s is an error of a read of the connection, not its absence', async (_, items) => {
    const adapter = await withRows(...items)
    await expect(adapter.getConnection(existing, call)).rejects.toMatchObject(unreadable)
  })

  test('of another connector or connection does not affect the read', async () => {
    const connections = [{}, responses.connection]
    const adapter = await withRows({ id: 'other' }, { ...responses.slack, connections })
    expect(await adapter.getConnection(existing, call)).toMatchObject({ remoteId: existing.remoteId })
    expect(await readAll(adapter.listConnections([], call))).toMatchObject({
      items: [{ remoteId: existing.remoteId }],
      // The ID of a connector does not identify the connections in it.
      skipped: [
        { id: null, problems: ['name: invalid_type'] },
        { id: null, problems: ['id: invalid_type'] },
      ],
    })
  })
})
