import { describe, expect, test } from 'vitest'
import { openGateway } from '../../connect/gateway.ts'
import type { SessionPermission } from '../../generated/graphql.ts'
import { CreateApiKeyDocument, RevokeApiKeyDocument } from '../../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { createPortal } from '../portal/open.ts'
import { openMcpClient, postMcp, request, resultOf } from './client.ts'

const env = { MCP: 'on' }
const withoutProviders = { ...env, SANDBOX: 'off' }

const asCaller = (token: string) => ({ authorization: `Bearer ${token}` })

async function createSession(gateway: TestGateway, id: string, permissions?: SessionPermission[]) {
  const { token } = await createPortal(gateway, { endUser: { id }, ...(permissions && { permissions }) })
  return token
}

async function createKey({ send }: TestGateway, scopes: string[]) {
  const { createApiKey } = await send(CreateApiKeyDocument, { input: { name: 'Agent', scopes } })
  if (createApiKey.__typename !== 'CreateApiKeyPayload') throw new Error(JSON.stringify(createApiKey))
  return createApiKey
}

const initialize = request('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: { url: {} } },
  clientInfo: { name: 'test', version: '1' },
})

test('a response has the ID of its request, or a new one', async () => {
  const gateway = await startTestGateway({ env: withoutProviders })
  const idFor = async (headers: Record<string, string>) =>
    (await postMcp(gateway, initialize, headers)).headers.get('x-request-id')
  expect(await idFor({ 'x-request-id': 'request-1234' })).toBe('request-1234')
  for (const headers of [{}, { 'x-request-id': 'no id' }])
    expect(await idFor(headers)).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/)
})

test('without valid credentials every request is refused', async () => {
  const gateway = await startTestGateway({ env: withoutProviders })
  for (const authorization of ['', 'Bearer wrong', 'Basic abc']) {
    const response = await postMcp(gateway, initialize, { authorization })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  }
  await expect(openMcpClient(gateway, { token: 'wrong' })).rejects.toThrow('UNAUTHENTICATED')
})

test('a tool that the caller has no permission for is not listed, and refused', async () => {
  const gateway = await startTestGateway({ env: withoutProviders })
  const { key } = await createKey(gateway, ['catalogue:read', 'links:read'])
  const { names, call } = await openMcpClient(gateway, { token: key })
  expect(await names()).toEqual(['search_applications', 'get_connect_link'])
  expect(await call('disconnect_connection', { id: 'none' })).toMatchObject({
    isError: true,
    value: { code: 'FORBIDDEN' },
  })
  const session = await openMcpClient(gateway, { token: await createSession(gateway, 'user-1', ['READ']) })
  expect(await session.names()).toEqual(['search_applications', 'get_connect_link', 'list_connections'])
})

test('credentials that were revoked are refused within an MCP session', async () => {
  const gateway = await startTestGateway({ env: withoutProviders })
  const { key, apiKey } = await createKey(gateway, ['catalogue:read'])
  const { client } = await openMcpClient(gateway, { token: key })
  await gateway.send(RevokeApiKeyDocument, { id: apiKey.id })
  await expect(client.listTools()).rejects.toThrow('UNAUTHENTICATED')
})

test('a session token acts as its end user: another session gets nothing', async () => {
  const gateway = await openGateway({ env })
  const [ada, grace] = [await createSession(gateway, 'ada'), await createSession(gateway, 'grace')]
  const first = await openMcpClient(gateway, { token: ada })
  const second = await openMcpClient(gateway, { token: grace })

  const { tools } = await first.client.listTools()
  expect(JSON.stringify(tools)).not.toMatch(/"(endUser|endUserId|organizationId|tags?)":/)
  const { value } = await first.call('create_connect_link', {
    provider: 'PIPEDREAM',
    input: { connector: 'github', endUser: { id: 'grace' } },
  })
  // The end user of the argument is not the session's.
  expect((await first.call('get_connect_link', { id: value.connectLink.id })).isError).toBe(false)

  expect(await second.call('get_connect_link', { id: value.connectLink.id })).toMatchObject({
    isError: true,
    value: { code: 'NOT_FOUND' },
  })
  await gateway.makeConnection('PIPEDREAM', 'github', { endUser: { id: 'ada' } })
  await gateway.list()
  const listed = await first.call('list_connections')
  expect(listed.value.nodes).toMatchObject([{ endUser: { id: 'ada' } }])
  const { value: none } = await second.call('list_connections', { filter: { endUserId: 'ada' } })
  expect([none.totalCount, none.nodes]).toEqual([0, []])
  for (const name of ['reconnect_connection', 'disconnect_connection'])
    expect((await second.call(name, { id: listed.value.nodes[0].id })).value.code).toBe('NOT_FOUND')
})

test('the session ID of another caller, or of none, is not found', async () => {
  const gateway = await startTestGateway({ env: withoutProviders })
  const [ada, grace] = [await createSession(gateway, 'ada'), await createSession(gateway, 'grace')]
  const { sessionId } = await openMcpClient(gateway, { token: ada })
  expect(sessionId).toMatch(/^[\x21-\x7e]+$/)
  const list = request('tools/list')
  const send = (token: string, id: string) =>
    postMcp(gateway, list, { ...asCaller(token), 'mcp-session-id': id })
  expect((await send(ada, sessionId)).status).toBe(200)
  // Also with the next token of the same end user.
  expect((await send(await createSession(gateway, 'ada'), sessionId)).status).toBe(200)
  for (const id of [sessionId, 'none', `${sessionId}A`, sessionId.slice(0, -30)]) {
    const { status, error, result } = await resultOf(await send(grace, id))
    expect([status, error, result]).toEqual([404, { code: -32001, message: 'Session not found' }, undefined])
  }
  expect((await postMcp(gateway, list, { 'mcp-session-id': sessionId })).status).toBe(404)
  // No two sessions have the same ID.
  expect((await openMcpClient(gateway, { token: ada })).sessionId).not.toBe(sessionId)
})

test('by default there is no MCP server', async () => {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  for (const method of ['GET', 'POST', 'OPTIONS'])
    expect([method, (await fetch(`${gateway.url}/mcp`, { method })).status]).toEqual([
      method,
      method === 'GET' ? 404 : 405,
    ])
})

describe('requests that are no message of MCP', () => {
  test.each([
    ['broken JSON', '{"jsonrpc":', {}, 400],
    ['no JSON-RPC', { hello: 'world' }, {}, 400],
    ['null', 'null', {}, 400],
    ['a batch', [request('tools/list')], {}, 400],
    ['a huge body', { ...request('tools/list'), filler: 'x'.repeat(200_000) }, {}, 413],
    ['another media type', request('tools/list'), { 'content-type': 'text/plain' }, 415],
    ['no accepted event stream', request('tools/list'), { accept: 'application/json' }, 406],
    ['an unknown version', request('tools/list'), { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['a foreign origin', request('tools/list'), { origin: 'https://evil.test' }, 403],
  ] as const)('%s', async (_, body, headers, status) => {
    const gateway = await startTestGateway({ env: withoutProviders })
    const response = await postMcp(gateway, body, headers)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } })
  })

  test('other methods', async () => {
    const gateway = await startTestGateway({ env: withoutProviders })
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, headers } = await fetch(`${gateway.url}/mcp`, { method })
      expect([status, headers.get('allow')]).toEqual([405, 'POST'])
    }
  })

  test('an unknown method, and a tool call that is malformed', async () => {
    const gateway = await startTestGateway({ env: withoutProviders })
    for (const [message, code] of [
      [request('resources/list'), -32601],
      [request('tools/call', { name: 'none' }), -32602],
      [request('tools/call', { name: 7 }), expect.any(Number)],
      [request('tools/call', { name: 'search_applications', arguments: [] }), expect.any(Number)],
      [request('tools/call'), expect.any(Number)],
    ] as const) {
      const { status, error } = await resultOf(await postMcp(gateway, message))
      expect([status, error]).toMatchObject([200, { code }])
    }
  })
})

test('a version that the server does not know is negotiated, and a script needs no session', async () => {
  const gateway = await startTestGateway({ env: withoutProviders })
  const { result } = await resultOf(
    await postMcp(gateway, {
      ...initialize,
      params: { ...initialize.params, protocolVersion: '1999-01-01' },
    }),
  )
  expect(result).toMatchObject({ protocolVersion: expect.stringMatching(/^202\d-/) })
  const { result: tools } = await resultOf(await postMcp(gateway, request('tools/list')))
  expect(tools).toMatchObject({ tools: expect.any(Array) })
})

test('pages of allowed origins may call it and read the session ID', async () => {
  const origin = 'https://app.example.com'
  const gateway = await startTestGateway({ env: { ...withoutProviders, CORS_ORIGINS: origin } })
  const preflight = await fetch(`${gateway.url}/mcp`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-headers': 'authorization,mcp-session-id' },
  })
  expect(preflight.status).toBe(204)
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization,mcp-session-id',
  })
  const { headers } = await postMcp(gateway, initialize, { origin })
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  expect(headers.get('access-control-expose-headers')).toContain('Mcp-Session-Id')
  expect(headers.get('mcp-session-id')).toBeTruthy()
})

test('limits of the API apply', async () => {
  const gateway = await startTestGateway({ env: { ...withoutProviders, RATE_LIMIT_SESSION: '100' } })
  const { call } = await openMcpClient(gateway, { token: await createSession(gateway, 'ada') })
  const codes: string[] = []
  for (let n = 0; n < 20; n += 1) codes.push((await call('list_connections', { first: 1 })).value.code)
  expect(codes[0]).toBeUndefined()
  expect(codes.at(-1)).toBe('RATE_LIMITED')
})

test('a request is logged and audited by its tool, without the URL of the link', async () => {
  const gateway = await openGateway({ env: { ...env, METRICS_TOKEN: 'a-token-for-the-metrics' } })
  const { call } = await openMcpClient(gateway)
  const { value } = await call('create_connect_link', {
    provider: 'PIPEDREAM',
    input: { connector: 'github', endUser: { id: 'ada' } },
  })
  await call('get_connect_link', { id: 'none' })
  expect(gateway.logged()).toContain(
    '"operation":"create_connect_link","type":"mcp","caller":"API_KEY","status":200',
  )
  expect(gateway.logged()).toMatch(/"operation":"get_connect_link","type":"mcp".*"code":"NOT_FOUND"/)
  expect(gateway.logged()).not.toContain(value.connectLink.url.slice(-43))
  const response = await gateway.post('{ auditEvents(first: 5) { nodes { operation outcome requestId } } }')
  const { data } = await response.json()
  const [event] = data.auditEvents.nodes
  expect(event).toMatchObject({ operation: 'createConnectLink', outcome: 'SUCCESS' })
  expect(gateway.logged()).toContain(`"requestId":"${event.requestId}","operation":"create_connect_link"`)
})
