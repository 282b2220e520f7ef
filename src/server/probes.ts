import type { IncomingMessage, ServerResponse } from 'node:http'
import { normalizeTarget } from './request-target.ts'
import { sendJson } from './send-json.ts'

export type Readiness = 'ready' | 'not ready' | 'starting' | 'stopping'

/** Answers whether the process runs, whatever it is doing. */
export const sendHealth = (response: ServerResponse) => sendJson(response, 200, { status: 'ok' })

/** Answers whether requests should be sent to this process: 200, else 503. */
export const sendReadiness = (response: ServerResponse, status: Readiness) =>
  sendJson(response, status === 'ready' ? 200 : 503, { status })

/** The default of HAProxy's `option httpchk`. */
export const isDefaultHealthCheck = ({ method }: IncomingMessage, path: string): boolean =>
  method === 'OPTIONS' && path === '/'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface StartingOptions {
  readonly publicUrl: URL
  /** Resolves with the handler of the started gateway; rejects if it cannot be started. */
  started(): Promise<Handler>
  /** How long requests wait for the start, 30 s by default. */
  readonly waitMs?: number
}

/**
 * Handles requests before the gateway is started, for example while the database is migrated: health checks are answered,
 * others wait for the start, and are 503 if it takes too long. Proxies without health checks of their own send requests
 * as soon as the port is open, and do not repeat them after a 503.
 */
export function createStartingHandler({ publicUrl, started, waitMs = 30_000 }: StartingOptions): Handler {
  return (request, response) => {
    normalizeTarget(request, publicUrl)
    const [path = '/'] = (request.url ?? '/').split('?')
    if (path === '/health') return sendHealth(response)
    if (path === '/ready' || isDefaultHealthCheck(request, path)) return sendReadiness(response, 'starting')
    const sendStarting = () => {
      response.setHeader('retry-after', 1)
      sendReadiness(response, 'starting')
    }
    const timer = setTimeout(sendStarting, waitMs)
    response.once('close', () => clearTimeout(timer))
    const isWaiting = () => !response.headersSent && !response.destroyed
    started().then(
      (handle) => {
        clearTimeout(timer)
        if (isWaiting()) handle(request, response)
      },
      () => isWaiting() && sendStarting(),
    )
  }
}
