import type { ServerResponse } from 'node:http'
import { graphqlHeaders } from './graphql-headers.ts'
import { startHeartbeat } from './heartbeat.ts'

/** A stream is one of server-sent events or of parts. */
type Body = string | null | AsyncIterable<string | Uint8Array>

interface ResponseOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent now and then while a stream is open; by default a comment of server-sent events. */
  readonly heartbeat?: string | undefined
}

/** What the GraphQL server and its plugins use of the `Response` of the Fetch API, with a body that is sent as it is. */
export class GraphQLResponse {
  readonly status: number
  /** By names in lower case. */
  readonly headers: ResponseHeaders
  readonly body: Body
  readonly heartbeat: string | undefined

  constructor(body: Body = null, { status = 200, headers = {}, heartbeat }: ResponseOptions = {}) {
    this.body = body
    this.heartbeat = heartbeat
    this.status = status
    this.headers = new ResponseHeaders(headers)
  }
}

class ResponseHeaders implements Pick<Headers, 'get' | 'set' | 'has'> {
  readonly values: Record<string, string> = {}

  constructor(initial: Readonly<Record<string, string>>) {
    for (const name in initial) this.set(name, initial[name] as string)
  }

  get(name: string): string | null {
    return this.values[name.toLowerCase()] ?? null
  }

  set(name: string, value: string): void {
    this.values[name.toLowerCase()] = value
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }
}

/** Sends a response; of an event stream, resolves when it has ended or the client has disconnected. */
export async function sendResponse(
  { status, headers, body, heartbeat }: GraphQLResponse,
  response: ServerResponse,
): Promise<void> {
  // All at once: `setHeader` would copy and check each name.
  const sent = { ...graphqlHeaders, ...headers.values }
  if (body === null || typeof body === 'string') {
    // A length, so that the response is not sent in chunks.
    const length = { 'content-length': Buffer.byteLength(body ?? '') }
    response.writeHead(status, { ...sent, ...length }).end(body)
    return
  }
  // By `setHeaders`: the shutdown recognizes event streams by the header.
  response.setHeaders(new Map(Object.entries(sent))).writeHead(status)
  await sendStream(body, response, heartbeat)
}

async function sendStream(
  body: AsyncIterable<string | Uint8Array>,
  response: ServerResponse,
  heartbeat: string | undefined,
): Promise<void> {
  const stopHeartbeat = startHeartbeat(response, heartbeat)
  try {
    for await (const chunk of body) {
      if (response.destroyed) return
      if (!response.write(chunk)) await drained(response)
    }
    response.end()
  } catch (error) {
    // Without an end, so that the client does not take the stream for complete.
    response.destroy()
    throw error
  } finally {
    stopHeartbeat()
  }
}

/** Resolves when more can be written, or when the client has disconnected. */
const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
