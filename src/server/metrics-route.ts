import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { notAllowed, sendJson } from './send-json.ts'

export interface MetricsSource {
  /** In the text format of Prometheus. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

export interface MetricsRoute extends MetricsSource {
  /** Of callers that may read the metrics. */
  readonly token: string
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Serves the metrics to callers with the token. */
export async function serveMetrics(
  { token, render }: MetricsRoute,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!timingSafeEqual(digest(given), digest(token))) {
    response.setHeader('www-authenticate', 'Bearer')
    return sendJson(response, 401, { status: 'unauthorized' })
  }
  return sendMetrics({ render }, request, response)
}

/** Sends the metrics to any caller. */
export async function sendMetrics(
  { render }: MetricsSource,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(response, 'GET, HEAD')
  const { contentType, text } = await render()
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text)
}
