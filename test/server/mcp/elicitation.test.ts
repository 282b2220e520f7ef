import type { ElicitRequestURLParams } from '@modelcontextprotocol/sdk/types.js'
import { validate } from 'graphql'
import { describe, expect, test, vi } from 'vitest'
import { schema } from '../../../src/graphql/schema.ts'
import { describeLink } from '../../../src/server/mcp/link-result.ts'
import type { McpCaller } from '../../../src/server/mcp/run-tool.ts'
import { waitForLink } from '../../../src/server/mcp/wait-for-link.ts'
import { openGateway } from '../../connect/gateway.ts'
import {
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  RevokeConnectLinkDocument,
} from '../../generated/graphql.ts'
import { approveAndReturn, startTestGateway, type TestGateway } from '../../helpers/gateway.ts'
import { createPortal } from '../portal/open.ts'
import { openMcpClient, postMcp } from './client.ts'

const env = { MCP: 'on' }
const endUser = { id: 'user-1', name: 'Ada Lovelace' }
const github = { provider: 'PIPEDREAM', input: { connector: 'github', endUser } }

const createSession = async (gateway: TestGateway, id: string) =>
  (await createPortal(gateway, { endUser: { id } })).token

/** The call of the tool, and with it the test, can end before the last response to the person's browser. */
const approveLater = (url: string) => setTimeout(() => void approveAndReturn(url).catch(() => undefined), 0)

/** A client whose person accepts, and connects after that. */
async function openAccepting(gateway: TestGateway, options: { token?: string } = {}) {
  const elicited: ElicitRequestURLParams[] = []
  const opened = await openMcpClient(gateway, {
    ...options,
    onElicit: async (params) => {
      elicited.push(params)
      approveLater(params.url)
      return 'accept'
    },
  })
  return { ...opened, elicited }
}

test('the operation of the gateway itself is valid', () => {
  expect(validate(schema, describeLink.document)).toEqual([])
})

test('a link is shown by elicitation, and the call returns when it is completed', async () => {
  const gateway = await openGateway({ env })
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  const { call, elicited, completed } = await openAccepting(gateway)
  const { isError, text, value } = await call('create_connect_link', github)
  expect([isError, value.connectLink]).toMatchObject([
    false,
    { status: 'COMPLETED', connection: { status: 'ACTIVE', connector: { name: 'GitHub' } } },
  ])
  expect(text).toContain('The connection is ready.')
  const { id, connection } = value.connectLink
  expect(elicited).toEqual([
    {
      mode: 'url',
      elicitationId: id,
      url: expect.stringContaining(`${gateway.url}/connect/`),
      message: 'Connect GitHub at Pipedream for Ada Lovelace.',
    },
  ])
  expect(completed).toEqual([id])

  const again = await call('reconnect_connection', { id: connection.id })
  expect([again.isError, again.value.connectLink]).toMatchObject([
    false,
    { status: 'COMPLETED', connection: { id: connection.id } },
  ])
  expect(elicited[1]?.message).toBe('Reconnect GitHub at Pipedream for Ada Lovelace.')
  expect(completed).toEqual([id, again.value.connectLink.id])
  for (const { url } of elicited) expect(gateway.logged()).not.toContain(url.slice(-43))
})

test('another session gets neither the elicitation nor its completion', async () => {
  const gateway = await openGateway({ env })
  const other = await openAccepting(gateway, { token: await createSession(gateway, 'grace') })
  const same = await openAccepting(gateway, { token: await createSession(gateway, 'user-1') })
  const first = await openAccepting(gateway, { token: await createSession(gateway, 'user-1') })
  const { value } = await first.call('create_connect_link', {
    provider: 'PIPEDREAM',
    input: { connector: 'github' },
  })
  expect(first.completed).toEqual([value.connectLink.id])
  expect(first.elicited[0]?.message).toBe('Connect GitHub at Pipedream for user-1.')
  for (const { elicited, completed } of [other, same]) expect([elicited, completed]).toEqual([[], []])
})

test.each(['decline', 'cancel'] as const)(
  'a link whose elicitation ends with %s is revoked',
  async (action) => {
    const gateway = await openGateway({ env })
    const { call, completed } = await openMcpClient(gateway, { onElicit: async () => action })
    const { isError, text, value } = await call('create_connect_link', github)
    expect([isError, value.connectLink.status]).toEqual([true, 'REVOKED'])
    expect(text).toContain('The link was revoked')
    expect(completed).toEqual([])
  },
)

test('a waiting call is none of the requests in flight', async () => {
  const gateway = await openGateway({ env: { ...env, MAX_IN_FLIGHT: '1' } })
  const { call } = await openMcpClient(gateway, { onElicit: async () => 'decline' })
  const { value } = await call('create_connect_link', github)
  expect(value).toMatchObject({ connectLink: { status: 'REVOKED' } })
})

test('several gateways: one holds the tool call, and another one gets all other requests and completes the link', async () => {
  const first = await openGateway({ env })
  const { sandbox, clock } = first
  const second = await startTestGateway({ env, sandbox, clock, keepData: true })
  const sent: string[] = []
  const route = (message: string) => {
    const holder = message.includes('"tools/call"') ? first : second
    sent.push(
      `${holder === first ? 'first' : 'second'} ${/"method":"([^"]+)"/.exec(message)?.[1] ?? 'answer'}`,
    )
    return holder
  }
  const accepting = await openMcpClient(first, {
    route,
    onElicit: async ({ url }) => {
      approveLater(url.replace(first.url, second.url))
      return 'accept'
    },
  })
  const { value } = await accepting.call('create_connect_link', github)
  expect(value).toMatchObject({ connectLink: { status: 'COMPLETED', connection: { status: 'ACTIVE' } } })
  expect(accepting.completed).toEqual([value.connectLink.id])
  expect(sent).toEqual([
    'second initialize',
    'second notifications/initialized',
    'first tools/call',
    'second answer',
  ])
  const declining = await openMcpClient(first, { route, onElicit: async () => 'decline' })
  const declined = await declining.call('create_connect_link', github)
  expect(declined.value).toMatchObject({ connectLink: { status: 'REVOKED' } })
})

test('an answer to the elicitation of another caller changes nothing', async () => {
  const gateway = await openGateway({ env })
  const link = await gateway.createLink('PIPEDREAM', 'github', { endUser })
  const token = await createSession(gateway, 'grace')
  const answer = { jsonrpc: '2.0', id: `${link.id}.${'x'.repeat(43)}`, result: { action: 'decline' } }
  const send = (message: object) => postMcp(gateway, message, { authorization: `Bearer ${token}` })
  for (const message of [answer, { ...answer, id: 'none' }, { jsonrpc: '2.0', id: 1, result: {} }])
    expect((await send(message)).status).toBe(202)
  expect((await gateway.readLink(link.id)).status).toBe('CREATED')
})

test('without the permissions to read and revoke the link, and with too many streams, the URL is a text', async () => {
  const gateway = await openGateway({ env })
  const { token } = await createPortal(gateway, { endUser, permissions: ['LINK'] })
  const onElicit = vi.fn(async () => 'accept' as const)
  const limited = await openMcpClient(gateway, { token, onElicit })
  const input = { connector: 'github' }
  const created = await limited.call('create_connect_link', { provider: 'PIPEDREAM', input })
  expect(created.text).toContain(`open this URL in a browser: ${created.value.connectLink.url} `)

  for (let n = 0; n < 10; n += 1) gateway.connect.streamLimit.acquire(endUser.id)
  const { call } = await openMcpClient(gateway, { token: await createSession(gateway, 'user-1'), onElicit })
  const { isError, value, text } = await call('create_connect_link', { provider: 'PIPEDREAM', input })
  expect([isError, value.connectLink.status]).toEqual([false, 'CREATED'])
  expect(text).toContain('open this URL in a browser')
  expect(onElicit).not.toHaveBeenCalled()
})

test('a link that is revoked elsewhere ends the call', async () => {
  const gateway = await openGateway({ env })
  const { call } = await openMcpClient(gateway, {
    onElicit: async ({ elicitationId: id }) => {
      await gateway.send(RevokeConnectLinkDocument, { id })
      return 'accept'
    },
  })
  expect(await call('create_connect_link', github)).toMatchObject({
    isError: true,
    value: { connectLink: { status: 'REVOKED' } },
  })
})

test('a connection that is held by a guard ends the call', async () => {
  const gateway = await openGateway({ env })
  const { call, completed } = await openAccepting(gateway)
  const { isError, text, value } = await call('create_connect_link', {
    ...github,
    input: { ...github.input, guard: 'SAME_BROWSER' },
  })
  expect([isError, value.connectLink]).toMatchObject([
    false,
    { awaitingConfirmation: true, connection: null },
  ])
  expect(text).toContain('The connection is held until the application confirms it')
  expect(completed).toEqual([])
})

test('the client hears of the progress', async () => {
  const gateway = await openGateway({ env })
  const { client } = await openAccepting(gateway)
  const messages: (string | undefined)[] = []
  await client.callTool({ name: 'create_connect_link', arguments: github }, undefined, {
    timeout: 120_000,
    onprogress: ({ message }) => messages.push(message),
  })
  expect(messages[0]).toBe('The link is CREATED.')
  expect(messages.at(-1)).toBe('The link is COMPLETED.')
})

test('the call ends when the credentials end', async () => {
  const gateway = await openGateway({ env })
  const { createApiKey } = await gateway.send(CreateApiKeyDocument, {
    input: { name: 'Agent', scopes: ['links:read', 'links:write'] },
  })
  if (createApiKey.__typename !== 'CreateApiKeyPayload') throw new Error(JSON.stringify(createApiKey))
  const { key, apiKey } = createApiKey
  const { call } = await openMcpClient(gateway, {
    token: key,
    onElicit: async () => {
      await gateway.send(RevokeApiKeyDocument, { id: apiKey.id })
      return 'accept'
    },
  })
  expect(await call('create_connect_link', github)).toMatchObject({
    isError: true,
    value: { code: 'UNAUTHENTICATED' },
  })
})

describe('the wait for a link', () => {
  const event = (status: string) => ({ data: { connectLinkUpdated: { id: 'link', status } } })

  /** A caller whose link has these statuses, and then stays as it is. */
  const callerOf = (...statuses: string[]): McpCaller => ({
    viewer: {} as McpCaller['viewer'],
    exchange: {} as McpCaller['exchange'],
    execute: () => Promise.reject(new Error('nothing to execute')),
    subscribe: async (_document, _operation, signal) =>
      (async function* () {
        for (const status of statuses) yield event(status)
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      })(),
  })

  test('has a limit', async () => {
    const [start, onProgress] = [vi.fn(async () => undefined), vi.fn()]
    const waited = await waitForLink(callerOf('CREATED', 'OPENED'), 'link', { start, onProgress, limitMs: 1 })
    expect(waited).toEqual({ isShown: true })
    expect(start).toHaveBeenCalledOnce()
    expect(onProgress.mock.calls).toEqual([['CREATED'], ['OPENED']])
  })

  test('throws unexpected errors', async () => {
    const start = () => Promise.reject(new Error('the client is gone'))
    await expect(
      waitForLink(callerOf('CREATED'), 'link', { start, onProgress: () => undefined }),
    ).rejects.toThrow('the client is gone')
  })
})
