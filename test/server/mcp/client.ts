import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  type CallToolResult,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
  type ElicitRequestURLParams,
} from '@modelcontextprotocol/sdk/types.js'
import { onTestFinished } from 'vitest'
import { type TestGateway, testApiKey } from '../../helpers/gateway.ts'

type Answer = 'accept' | 'decline' | 'cancel'

export interface McpClientOptions {
  /** API key or session token. */
  readonly token?: string
  /** Handles URL-mode elicitations; without it the client does not support them. */
  readonly onElicit?: (params: ElicitRequestURLParams) => Promise<Answer>
  /** Returns the gateway that a message is sent to; by default the one that the client is connected to. */
  readonly route?: (message: string) => Pick<TestGateway, 'url'>
}

export interface ToolAnswer {
  readonly isError: boolean
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the results of all tools
  readonly value: any
}

/** The official client, connected to the gateway. */
export async function openMcpClient(gateway: Pick<TestGateway, 'url'>, options: McpClientOptions = {}) {
  const { token = testApiKey, onElicit, route = () => gateway } = options
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities: onElicit ? { elicitation: { url: {} } } : {} },
  )
  const completed: string[] = []
  if (onElicit) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({
      action: await onElicit(params as ElicitRequestURLParams),
    }))
    client.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => {
      completed.push(params.elicitationId)
    })
  }
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    fetch: (url, init) =>
      init?.method === 'POST' ? fetch(`${route(String(init.body)).url}/mcp`, init) : fetch(url, init),
  })
  await client.connect(transport as Transport)
  onTestFinished(() => client.close())
  return {
    client,
    sessionId: transport.sessionId ?? '',
    /** IDs of the elicitations that the gateway has completed. */
    completed,
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name: string, args: Record<string, unknown> = {}, signal?: AbortSignal): Promise<ToolAnswer> {
      const result = (await client.callTool({ name, arguments: args }, undefined, {
        timeout: 120_000,
        ...(signal && { signal }),
      })) as CallToolResult
      const texts = result.content.map((part) => (part.type === 'text' ? part.text : ''))
      return {
        isError: result.isError === true,
        text: texts.join('\n'),
        value: result.structuredContent,
      }
    },
  }
}

/** Sends one message without the client. */
export const postMcp = (
  { url }: Pick<TestGateway, 'url'>,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${testApiKey}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

export const request = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params })

/** The result or error of a response in JSON. */
export const resultOf = async (response: Response) => {
  const { result, error } = (await response.json()) as { result?: never; error?: never }
  return { status: response.status, result, error }
}
