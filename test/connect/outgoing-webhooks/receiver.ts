import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { onTestFinished, vi } from 'vitest'
import type { TestGateway } from '../../helpers/gateway.ts'

export interface ReceivedMessage {
  readonly headers: Record<string, string>
  readonly body: string
  /** The parsed body. */
  readonly type: string
  readonly timestamp: string
  readonly data: Record<string, unknown>
}

export interface Receiver {
  readonly url: string
  readonly received: ReceivedMessage[]
  /** Handles the following requests; `null`: answers 204 again. */
  respond(handler: ((request: IncomingMessage, response: ServerResponse) => void) | null): void
  types(): readonly string[]
}

/** A receiver on a loopback address, until the test ends. */
export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedMessage[] = []
  let handler: Parameters<Receiver['respond']>[0] = null
  const server = createServer(async (request, response) => {
    const body = await text(request)
    received.push({ headers: request.headers as Record<string, string>, body, ...JSON.parse(body) })
    if (handler === null) response.writeHead(204).end()
    else handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    respond(next) {
      handler = next
    },
    types: () => received.map(({ type }) => type),
  }
}

const createDocument = `mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) {
    ... on CreateWebhookEndpointPayload { secret webhookEndpoint { id } }
    ... on Error { code message } } }`

/** Creates an endpoint with the API key of the environment. */
export async function createEndpoint(gateway: TestGateway, input: object) {
  const response = await gateway.post(createDocument, { input })
  const { data, errors } = (await response.json()) as {
    data: { createWebhookEndpoint: { secret: string; webhookEndpoint: { id: string } } }
    errors?: unknown
  }
  if (errors !== undefined || !('secret' in data.createWebhookEndpoint))
    throw new Error(JSON.stringify([errors, data]))
  const { secret, webhookEndpoint } = data.createWebhookEndpoint
  return { secret, id: webhookEndpoint.id }
}

/** The message as the official library verifies it at that time, by default when it was sent; throws if it refuses it. */
export function verify(
  secret: string,
  { body, headers }: ReceivedMessage,
  now = new Date(Number(headers['webhook-timestamp']) * 1_000),
): unknown {
  vi.useFakeTimers({ now, toFake: ['Date'] })
  try {
    return new Webhook(secret).verify(body, headers)
  } finally {
    vi.useRealTimers()
  }
}
