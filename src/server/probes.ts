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

/** Answers all requests before the gateway is started, for example while the database is migrated. */
export function createStartingHandler(publicUrl: URL) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    normalizeTarget(request, publicUrl)
    const [path] = (request.url ?? '/').split('?')
    if (path === '/health') return sendHealth(response)
    response.setHeader('retry-after', 1)
    sendReadiness(response, 'starting')
  }
}
