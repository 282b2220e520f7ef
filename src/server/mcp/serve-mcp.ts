import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type CallToolResult,
  InitializeRequestSchema,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
} from '@modelcontextprotocol/sdk/types.js'
import type { ConnectContext } from '../../connect/context.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { type CheckCaller, isRefusal } from '../check-caller.ts'
import type { ClientOf } from '../client-address.ts'
import { type AllowsOrigin, corsHeaders } from '../cors.ts'
import { requestIdOf } from '../graphql-request.ts'
import type { HttpExchange } from '../pages/pages-context.ts'
import { readBody } from '../read-body.ts'
import { notAllowed, sendJson } from '../send-json.ts'
import type { ExecuteOwn, SubscribeOwn } from '../yoga.ts'
import { answerElicitation } from './elicitation.ts'
import { startMcpLog } from './mcp-log.ts'
import { connectServer } from './mcp-server.ts'
import type { McpCaller } from './run-tool.ts'
import { type McpSession, openSession, sealSession } from './session-id.ts'
import { loadTools, type Tool } from './tools.ts'

export interface McpOptions {
  readonly connect: ConnectContext
  readonly checkCaller: CheckCaller
  readonly clientOf: ClientOf
  readonly allowsOrigin: AllowsOrigin
  readonly execute: ExecuteOwn
  readonly subscribe: SubscribeOwn
}

const bodyLimitBytes = 100_000

/** The handler of `/mcp`: one message of a client in each request, which any process can answer. */
export function createMcpHandler(options: McpOptions) {
  const tools = loadTools()
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!admitOrigin(options, request, response)) return
    // Without streams and sessions that a process keeps, there is nothing to open or to end.
    if (request.method !== 'POST') return notAllowed(response, 'POST')
    const viewer = await authenticate(options, request, response)
    if (viewer === null) return
    const body = await readBody(request, bodyLimitBytes)
    if (body === undefined) {
      response.setHeader('connection', 'close')
      return sendError(response, 413, { code: -32000, message: 'The body is too large' })
    }
    const message = parseJson(body)
    if (message === undefined) return sendError(response, 400, { code: -32700, message: 'Parse error' })
    if (Array.isArray(message))
      return sendError(response, 400, { code: -32600, message: 'Batches are not supported' })
    await answer(options, { exchange: { request, response }, viewer, tools, message })
  }
}

interface McpRequest {
  readonly exchange: HttpExchange
  readonly viewer: Viewer
  readonly tools: readonly Tool[]
  readonly message: unknown
}

async function answer(options: McpOptions, { exchange, viewer, tools, message }: McpRequest): Promise<void> {
  const { connect, execute, subscribe } = options
  const { request, response } = exchange
  const entry = startMcpLog(connect, { exchange, viewer, tools, message })
  const session = sessionOf(connect, viewer, request)
  if (session === null) return sendError(response, 404, { code: -32001, message: 'Session not found' })
  const caller = { viewer, exchange, execute, subscribe }
  if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message))
    await answerElicitation(caller, message)
  const initialize = InitializeRequestSchema.safeParse(message).data
  const elicitsUrls = initialize?.params.capabilities.elicitation?.url !== undefined
  const transport = await connectServer({
    caller,
    tools,
    log: connect.log,
    elicits: session.elicitsUrls && mayElicit(caller, entry.tool),
    newSessionId: initialize && (() => sealSession(connect.encryption, viewer, { elicitsUrls })),
    onResult: ({ isError, structuredContent }: CallToolResult) => {
      if (isError) entry.code = String(structuredContent?.code ?? 'LINK_ENDED')
    },
  })
  await transport.handleRequest(request, response, message)
}

/** A client without a session, such as a script, gets all tools but no elicitation. */
function sessionOf(connect: ConnectContext, viewer: Viewer, { headers }: IncomingMessage): McpSession | null {
  const id = headers['mcp-session-id']
  return id === undefined ? { elicitsUrls: false } : openSession(connect.encryption, viewer, String(id))
}

/** Whether the call may wait for its link: the caller needs to read it, and to revoke it if the person declines. */
const mayElicit = ({ viewer: { scopes } }: McpCaller, tool: Tool | undefined): boolean =>
  tool?.createsLink === true && scopes.includes('links:read') && scopes.includes('links:write')

/** Answers preflights, and requests of pages whose origin is not allowed. */
function admitOrigin(
  { allowsOrigin }: McpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { method = '', headers } = request
  const origin = headers.origin ?? null
  const requestedHeaders = headers['access-control-request-headers'] ?? null
  const policy = { allowsOrigin, methods: 'POST', exposed: ['Mcp-Session-Id'] }
  response.setHeaders(new Map(corsHeaders({ method, origin, requestedHeaders }, policy)))
  if (method === 'OPTIONS') {
    response.writeHead(204, { 'content-length': '0' }).end()
    return false
  }
  if (origin === null || allowsOrigin(origin)) return true
  sendError(response, 403, { code: -32000, message: 'The origin is not allowed' })
  return false
}

/** The caller; `null`: the request was refused. */
async function authenticate(
  { checkCaller, clientOf }: McpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Viewer | null> {
  const { headers } = request
  // The same in the log, the audit log and the response.
  const requestId = requestIdOf(headers['x-request-id']?.toString() ?? null) ?? randomUUID()
  headers['x-request-id'] = requestId
  const common = {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  response.setHeaders(new Map(Object.entries(common)))
  const caller = await checkCaller(headers.authorization ?? null, clientOf(request))
  if (!isRefusal(caller)) return caller
  response.setHeaders(new Map(Object.entries(caller.headers)))
  sendJson(response, caller.status, { errors: [caller.error] })
  return null
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

const sendError = (
  response: ServerResponse,
  status: number,
  error: { readonly code: number; readonly message: string },
): void => sendJson(response, status, { jsonrpc: '2.0', error, id: null })
