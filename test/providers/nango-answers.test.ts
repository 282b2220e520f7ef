import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { nango } from '../../src/providers/nango/nango.ts'
import * as recorded from '../fixtures/nango.ts'
import { type Canned, cannedProvider, linkRequest, openLink, reference, status } from './canned.ts'
import { onlyConnection } from './connected.ts'
import { allOf, call } from './open.ts'

const canned = (responses: Canned) => cannedProvider(nango, responses)

const crm = reference({ remoteId: recorded.connectionId, connectorKey: 'acme-crm' })
const onePath = `/connections/${recorded.connectionId}`
const request = linkRequest({ connectorKey: 'acme-crm' })

const connection = {
  remoteId: recorded.connectionId,
  direction: 'TOOL',
  connectorKey: 'acme-crm',
  name: null,
  externalAccount: null,
  status: 'ACTIVE',
  health: 'OK',
  healthMessage: null,
  remoteGroup: null,
  endUserId: 'user-1',
  createdAt: new Date('2026-11-29T03:06:33.421Z'),
}

describe('a recorded answer', () => {
  test('of the integrations is the catalogue, also without templates', async () => {
    const adapter = await canned({ 'GET /integrations': recorded.integrations })
    expect(await allOf(adapter.listConnectors(call))).toMatchObject([
      {
        key: 'acme-erp',
        name: 'Acme ERP',
        logoUrl: 'http://nango.local:3003/images/template-logos/private-api-basic.svg',
        auth: 'UNKNOWN',
        linkable: true,
        directions: ['TOOL'],
        configSchema: null,
      },
      { key: 'acme-crm', name: 'Acme CRM' },
    ])
  })

  test('of a session is a link with the address of the API', async () => {
    const adapter = await canned({ 'POST /connect/sessions': status(201, recorded.session) })
    const link = await adapter.createLink(request, call)
    expect(link).toMatchObject({
      kind: 'open',
      expiry: { at: new Date('2026-11-29T03:34:08.501Z'), source: 'PROVIDER' },
      requiresProviderLogin: false,
      providerState: null,
      remoteLinkId: null,
    })
    const url = new URL(link.kind === 'open' ? link.url : '')
    expect(url.origin).toBe('http://nango.local:3009')
    expect(url.searchParams.get('session_token')).toBe(recorded.token)
    expect(url.searchParams.get('apiURL')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('of a body that it does not accept is a rejection with the field', async () => {
    const adapter = await canned({ 'POST /connect/sessions': status(400, recorded.badSession) })
    await expect(adapter.createLink(request, call)).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      providerErrorCode: 'invalid_body.end_user',
      providerMessage: expect.stringContaining('end_user.id'),
    })
  })

  test('of no connections leaves a link open', async () => {
    const adapter = await canned({ 'GET /connections': recorded.noConnections })
    expect(await adapter.checkLink(openLink({ connectorKey: 'acme-crm' }), call)).toEqual({ kind: 'open' })
    expect(await allOf(adapter.listConnections([], call))).toEqual([])
  })

  test('of the connections is the list, in which a link finds its own', async () => {
    const adapter = await canned({ 'GET /connections': recorded.connections })
    expect(await allOf(adapter.listConnections([], call))).toEqual([connection])
    // The tag is that of another link.
    expect(await adapter.checkLink(openLink({ connectorKey: 'acme-crm' }), call)).toEqual({ kind: 'open' })
    const made = openLink({ linkId: recorded.taggedLink, connectorKey: 'acme-crm' })
    expect(onlyConnection(await adapter.checkLink(made, call))).toEqual(connection)
  })

  test('of one connection is the same connection, without its credentials', async () => {
    const adapter = await canned({ [`GET ${onePath}`]: recorded.connection })
    const read = await adapter.getConnection(crm, call)
    expect(read).toEqual(connection)
    expect(JSON.stringify(read)).not.toContain(recorded.apiKey)
  })

  test('of a session for a reconnect is a link, which the renewed connection completes', async () => {
    const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
    const [listed] = recorded.connections.connections
    const renewed = { ...listed, tags: { end_user_id: 'user-1', connect_link_id: linkId } }
    const answers = { current: recorded.connections as unknown }
    const adapter = await canned({
      'GET /connections': () => answers.current,
      'POST /connect/sessions/reconnect': status(201, recorded.session),
    })
    expect(await adapter.createReconnectLink?.(crm, request, call)).toMatchObject({ kind: 'open' })
    const target = {
      purpose: 'RECONNECT',
      remoteConnectionId: crm.remoteId,
      connectorKey: 'acme-crm',
    } as const
    const link = openLink({ linkId, ...target })
    expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
    answers.current = { connections: [renewed] }
    expect(onlyConnection(await adapter.checkLink(link, call))).toEqual(connection)
    answers.current = recorded.noConnections
    expect(await adapter.checkLink(link, call)).toMatchObject({
      status: 'FAILED',
      reason: 'DELETED_AT_PROVIDER',
    })
  })

  test('of a reconnect of an unknown connection says that it does not exist', async () => {
    const adapter = await canned({
      'GET /connections': recorded.connections,
      'POST /connect/sessions/reconnect': status(400, recorded.unknownReconnect),
    })
    await expect(adapter.createReconnectLink?.(crm, request, call)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `Nango has no connection "${recorded.connectionId}".`,
    })
  })

  test('of a deletion, of a second one and of a later read', async () => {
    const answers = { current: status(200, recorded.deleted) }
    const adapter = await canned({
      [`DELETE ${onePath}`]: () => answers.current,
      [`GET ${onePath}`]: status(404, recorded.notFound),
    })
    expect(await adapter.disconnect?.(crm, call)).toBe(true)
    answers.current = status(400, recorded.unknownConnection)
    expect(await adapter.disconnect?.(crm, call)).toBe(false)
    expect(await adapter.getConnection(crm, call)).toBeNull()
  })

  test('of a key without a scope names the scope', async () => {
    const adapter = await canned({ 'GET /integrations': status(403, recorded.missingScope) })
    await expect(allOf(adapter.listConnectors(call))).rejects.toMatchObject({
      code: 'PROVIDER_UNAUTHORIZED',
      providerErrorCode: 'forbidden',
      providerMessage: 'Insufficient scope. Required: environment:integrations:create',
    })
  })

  test('of a used session is that the link did not exist any more', async () => {
    const url = recorded.session.data.connect_link
    const gone = await canned({ 'DELETE /connect/session': status(401, recorded.unknownSession) })
    expect(await gone.revokeLink?.(openLink({ url }), call)).toBe(false)
    const open = await canned({ 'DELETE /connect/session': status(204) })
    expect(await open.revokeLink?.(openLink({ url }), call)).toBe(true)
  })
})

describe('a session', () => {
  test('of an unknown integration is refused, with the name of the connector', async () => {
    const adapter = await canned({ 'POST /connect/sessions': status(400, recorded.unknownIntegration) })
    await expect(adapter.createLink(request, call)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Nango has no connector "acme-crm".',
    })
  })

  test('is made without a webhook if Nango refuses its URL', async () => {
    const answers = [status(400, recorded.refusedWebhook), status(201, recorded.session)]
    const adapter = await canned({ 'POST /connect/sessions': () => answers.shift() })
    const webhookUri = 'http://10.0.0.1/webhooks/nango/secret'
    expect(await adapter.createLink({ ...request, webhookUri }, call)).toMatchObject({ kind: 'open' })
    expect(answers).toEqual([])
  })

  test.each([
    ['another https host', 'https://connect.example.com/', true],
    ['http on a public host', 'http://connect.example.com/', false],
    ['http on a private host', 'http://10.0.0.7:3009/', true],
    ['no URL', 'javascript:alert(1)', false],
  ])('that leads to %s', async (_, address, isTrusted) => {
    const data = { ...recorded.session.data, connect_link: address }
    const adapter = await canned({ 'POST /connect/sessions': status(201, { data }) })
    const creation = adapter.createLink(request, call)
    await (isTrusted
      ? expect(creation).resolves.toMatchObject({ kind: 'open' })
      : expect(creation).rejects.toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE' }))
  })

  test('without a readable expiry has that of all sessions', async () => {
    const data = { ...recorded.session.data, expires_at: 'soon' }
    const adapter = await canned({ 'POST /connect/sessions': status(201, { data }) })
    expect(await adapter.createLink(request, call)).toMatchObject({
      expiry: { at: new Date('2026-11-22T12:30:00Z'), source: 'PROVIDER_DEFAULT' },
    })
  })
})

describe('a connection', () => {
  const read = async (fields: object) => {
    const adapter = await canned({ [`GET ${onePath}`]: { ...recorded.connection, ...fields } })
    return adapter.getConnection(crm, call)
  }

  test.each([
    [{ errors: [{ type: 'auth', log_id: '1' }] }, { status: 'NEEDS_ATTENTION', health: 'NEEDS_REAUTH' }],
    [{ errors: [{ type: 'sync', log_id: '1' }] }, { status: 'ACTIVE', health: 'DEGRADED' }],
    [{ errors: null }, { status: 'ACTIVE', health: 'UNKNOWN' }],
    [{ tags: {}, end_user: { id: 'user-7' } }, { endUserId: 'user-7' }],
    [{ tags: null, end_user: null }, { endUserId: null }],
    [
      { metadata: { email: 'ada@example.com' } },
      { externalAccount: { id: 'ada@example.com', email: 'ada@example.com' } },
    ],
    [{ metadata: { accountId: 7, account_name: 'Acme' } }, { externalAccount: { id: '7', name: 'Acme' } }],
    [{ metadata: { nested: { id: 1 } }, more: true }, { externalAccount: null }],
  ])('with %j', async (fields, expected) => {
    expect(await read(fields)).toMatchObject(expected)
  })

  test('whose credentials cannot be refreshed is that of the list, and needs a new authorization', async () => {
    const failed = status(424, { error: { code: 'server_error', message: 'The refresh failed' } })
    const adapter = await canned({ [`GET ${onePath}`]: failed, 'GET /connections': recorded.connections })
    expect(await adapter.getConnection(crm, call)).toMatchObject({
      remoteId: recorded.connectionId,
      status: 'NEEDS_ATTENTION',
      health: 'NEEDS_REAUTH',
    })
  })

  test('with an ID that the application has chosen is unique for its integration', async () => {
    const rows = ['acme-crm', 'acme-erp'].map((provider_config_key) => ({
      connection_id: 'user/1',
      provider_config_key,
    }))
    const adapter = await canned({
      'GET /connections': { connections: rows },
      'GET /connections/user%2F1': { ...recorded.connection, connection_id: 'user/1' },
    })
    const [first, second] = await allOf(adapter.listConnections([], call))
    expect([first?.remoteId, second?.remoteId]).toEqual(['acme-crm/user/1', 'acme-erp/user/1'])
    expect(await adapter.getConnection(first ?? crm, call)).toMatchObject({ remoteId: 'acme-crm/user/1' })
  })
})

test('a template gives an integration its authorization, categories and the fields to enter', async () => {
  const adapter = await canned({
    'GET /integrations': recorded.integrations,
    'GET /providers': recorded.templates,
  })
  const connectors = await allOf(adapter.listConnectors(call))
  expect(connectors).toMatchObject([
    {
      key: 'acme-erp',
      auth: 'KEYS',
      categories: ['erp'],
      docsUrl: 'https://nango.dev/docs/private-api-basic',
      configSchema: {
        type: 'object',
        required: ['tenant', 'region', 'username', 'password'],
        properties: {
          tenant: { type: 'string', title: 'Tenant', pattern: '^[a-z]+$' },
          region: { type: 'string', title: 'Region', enum: ['eu', 'us'] },
          site: { type: 'string', title: 'Site', format: 'uri' },
          username: { type: 'string', title: 'User name' },
          password: { type: 'string', title: 'Password', writeOnly: true },
        },
      },
    },
    { key: 'acme-crm', auth: 'OAUTH', configSchema: null },
  ])
  const [erp] = connectors
  expect(Object.keys(Object(erp?.configSchema?.properties))).toEqual([
    'tenant',
    'region',
    'site',
    'username',
    'password',
  ])
})

describe('parseWebhook', () => {
  const secret = 'sandbox-key'
  const deliver = async (fields: unknown, { key = secret, variables = {} } = {}) => {
    const body = Buffer.from(typeof fields === 'string' ? fields : JSON.stringify(fields))
    const signature = createHmac('sha256', key).update(body).digest('hex')
    const adapter = await cannedProvider(nango, {}, variables)
    return adapter.parseWebhook?.({ body, headers: { 'x-nango-hmac-sha256': signature }, secrets: [] })
  }

  test('reads a success and a failure, which has the ID of no connection', async () => {
    expect(await deliver(recorded.successWebhook)).toEqual([
      { kind: 'CONNECTED', remoteId: '3e387938-e574-48fc-9d2d-5271f7100878', at: null, failure: null },
    ])
    expect(await deliver(recorded.deniedWebhook)).toEqual([
      {
        kind: 'FAILED',
        remoteId: null,
        at: null,
        failure: { code: 'ACCESS_DENIED', message: expect.stringContaining('The user said no') },
      },
    ])
  })

  test('reads a failed reconnect and a failed refresh as being about their connection', async () => {
    const { connectionId: remoteId } = recorded.deniedWebhook
    const override = { ...recorded.deniedWebhook, operation: 'override' }
    expect(await deliver(override)).toMatchObject([{ kind: 'FAILED', remoteId }])
    const refresh = { ...recorded.deniedWebhook, operation: 'refresh' }
    expect(await deliver(refresh)).toEqual([{ kind: 'CHANGED', remoteId, at: null, failure: null }])
  })

  test.each([
    ['another type', { type: 'sync', success: true }],
    ['no result', { type: 'auth', operation: 'creation' }],
    ['no JSON', '{'],
  ])('has no events for a signed body with %s', async (_, body) => {
    expect(await deliver(body)).toEqual([])
  })

  test('refuses a body that is not signed with the secret', async () => {
    expect(await deliver(recorded.successWebhook, { key: 'another' })).toBeUndefined()
    const variables = { NANGO_WEBHOOK_SECRET: 'of-the-environment' }
    expect(await deliver(recorded.successWebhook, { variables })).toBeUndefined()
    const signed = { key: 'of-the-environment', variables }
    expect(await deliver(recorded.successWebhook, signed)).toHaveLength(1)
  })

  test.each([undefined, '', 'abc', 'g'.repeat(64), ['a'.repeat(64)]])(
    'refuses the signature %j',
    async (value) => {
      const adapter = await canned({})
      const headers = { 'x-nango-hmac-sha256': value }
      expect(adapter.parseWebhook?.({ body: Buffer.from('{}'), headers, secrets: [] })).toBeUndefined()
    },
  )
})
