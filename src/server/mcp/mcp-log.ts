import type { ConnectContext } from '../../connect/context.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { HttpExchange } from '../pages/pages-context.ts'
import type { Tool } from './tools.ts'

/** What the log line and the metrics of a request say. */
export interface McpLog {
  /** The tool that is called. */
  readonly tool: Tool | undefined
  /** Code of the error with which a tool has answered. */
  code?: string
}

export interface LoggedRequest {
  readonly exchange: HttpExchange
  readonly viewer: Viewer
  readonly tools: readonly Tool[]
  readonly message: unknown
}

const methods = ['initialize', 'notifications/initialized', 'notifications/cancelled', 'ping', 'tools/list']

/** Writes one line at `info` when the response has ended, and measures. Of the message it contains names only. */
export function startMcpLog(
  { log, metrics }: Pick<ConnectContext, 'log' | 'metrics'>,
  { exchange: { request, response }, viewer, tools, message }: LoggedRequest,
): McpLog {
  const startedAt = performance.now()
  const { method, params, result, error } = (message ?? {}) as Record<string, unknown>
  const { name } = (params ?? {}) as Record<string, unknown>
  const tool = method === 'tools/call' ? tools.find((one) => one.name === name) : undefined
  const isAnswer = method === undefined && (result !== undefined || error !== undefined)
  const operation =
    tool?.name ?? methods.find((one) => one === method) ?? (isAnswer ? 'elicitation/create' : 'other')
  const entry: McpLog = { tool }
  response.once('close', () => {
    const { code } = entry
    const ms = performance.now() - startedAt
    const { statusCode: status } = response
    const labels = { operation, type: 'mcp', caller: viewer.kind }
    metrics.request({ ...labels, outcome: code ?? (status < 400 ? 'OK' : `HTTP_${status}`) }, ms / 1_000)
    log.info(
      { requestId: request.headers['x-request-id'], ...labels, status, code, ms: Math.round(ms) },
      'request',
    )
  })
  return entry
}
