import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../connect/context.ts'
import { receiveWebhook } from '../connect/webhooks/receive-webhook.ts'
import { readBody } from './read-body.ts'
import { sendJson } from './send-json.ts'

const limitBytes = 256_000

/**
 * Receives a webhook delivery: answers 204 once it is verified and stored, before it is processed; 405, 413 or 401 if
 * it is rejected. The signature is verified over the raw body.
 */
export async function handleWebhook(
  connect: ConnectContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, provider = '', secret = ''] =
    /^\/webhooks\/([a-z]+)\/([\w-]{1,100})$/.exec(request.url ?? '') ?? []
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    return sendJson(response, 405, { status: 'method not allowed' })
  }
  const body = await readBody(request, limitBytes)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    return sendJson(response, 413, { status: 'too large' })
  }
  const isAuthentic = await receiveWebhook(connect, { provider, secret, body, headers: request.headers })
  // The same 401 for an unknown URL and a wrong signature, so that it reveals nothing.
  if (isAuthentic) response.writeHead(204).end()
  else sendJson(response, 401, { status: 'unauthorized' })
}
