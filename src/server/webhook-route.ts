import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../connect/context.ts'
import { receiveWebhook } from '../connect/webhooks/receive-webhook.ts'
import { readBody } from './read-body.ts'
import { sendJson } from './send-json.ts'

const limitBytes = 256_000

/** Takes what a provider posts: bytes first, then whether it is from the provider, and an answer before anything comes of it. */
export async function answerWebhook(
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
  const isBelieved = await receiveWebhook(connect, { provider, secret, body, headers: request.headers })
  // One answer for everything that is not believed: a guess learns nothing.
  if (isBelieved) response.writeHead(204).end()
  else sendJson(response, 401, { status: 'unauthorized' })
}
