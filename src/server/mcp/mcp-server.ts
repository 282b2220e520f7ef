import { readFileSync } from 'node:fs'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  type CallToolRequest,
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ProgressToken,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import type { Log } from '../../domain/log.ts'
import { createElicitation } from './elicitation.ts'
import { linkResult, linkText, type ToolLink } from './link-result.ts'
import { type McpCaller, runTool, toolResult } from './run-tool.ts'
import { type Tool, toolsFor } from './tools.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))

const serverInfo = { name: 'connect-gateway', title: 'Connect Gateway', version }

const instructions =
  'Connects accounts of end users at applications such as CRMs, databases and file storage. Search an application, create a connect link for it, and have a person open the URL of the link; then the connection is listed. IDs are opaque: pass them on as they are.'

/** The SDK would create one for each server. */
const jsonSchemaValidator = new AjvJsonSchemaValidator()

export interface McpServerOptions {
  readonly caller: McpCaller
  readonly tools: readonly Tool[]
  readonly log: Log
  /** Whether links may be shown by elicitation. */
  readonly elicits: boolean
  /** The session ID that the response to `initialize` has; `undefined`: the message is another one. */
  readonly newSessionId: (() => string) | undefined
  /** Called with the result of each tool call. */
  onResult(result: CallToolResult): void
}

/** Server and transport for one HTTP request; they keep nothing for the next one. */
export async function connectServer(options: McpServerOptions): Promise<StreamableHTTPServerTransport> {
  const { caller, tools, elicits, newSessionId } = options
  const transport = new StreamableHTTPServerTransport({
    ...(newSessionId && { sessionIdGenerator: newSessionId }),
    enableJsonResponse: !elicits,
  })
  const server = new Server(serverInfo, { capabilities: { tools: {} }, instructions, jsonSchemaValidator })
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: toolsFor(tools, caller.viewer).map(({ name, title, description, annotations, inputSchema }) => ({
      name,
      title,
      description,
      annotations,
      inputSchema: { ...inputSchema(caller.viewer) },
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { requestId, _meta }) => {
    const result = await callTool({ ...options, transport }, params, {
      requestId,
      progressToken: _meta?.progressToken,
    })
    options.onResult(result)
    return result
  })
  // The types of the SDK do not agree with each other under `exactOptionalPropertyTypes`.
  await server.connect(transport as Transport)
  caller.exchange.response.once('close', () => void server.close())
  return transport
}

interface CallOptions extends McpServerOptions {
  readonly transport: StreamableHTTPServerTransport
}

interface CallId {
  readonly requestId: RequestId
  readonly progressToken: ProgressToken | undefined
}

async function callTool(
  { caller, tools, log, elicits, transport }: CallOptions,
  { name, arguments: args = {} }: CallToolRequest['params'],
  call: CallId,
): Promise<CallToolResult> {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, 'There is no such tool')
  try {
    const outcome = await runTool(caller, tool, args)
    if (tool.createsLink)
      return await linkResult(caller, outcome, elicits ? createElicitation({ transport, ...call }) : null)
    const isLink = tool.field === 'connectLink' && !outcome.error
    return toolResult(outcome, ...(isLink ? [linkText(outcome.value as ToolLink)] : []))
  } catch (err) {
    // The message of any other error would be sent to the client.
    log.error({ err }, 'a tool has failed')
    throw new McpError(ErrorCode.InternalError, 'Unexpected error.')
  }
}
