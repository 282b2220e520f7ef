import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { graphqlHeaders } from './graphql-headers.ts'

type Body = string | null | ReadableStream<Uint8Array>

interface ResponseOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** What the GraphQL server and its plugins use of the `Response` of the Fetch API, with a body that is sent as it is. */
export class GraphQLResponse {
  readonly status: number
  /** By names in lower case. */
  readonly headers: ResponseHeaders
  readonly body: Body

  constructor(body: Body = null, { status = 200, headers = {} }: ResponseOptions = {}) {
    this.body = body
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
  { status, headers, body }: GraphQLResponse,
  response: ServerResponse,
): Promise<void> {
  if (response.destroyed) return void (body instanceof ReadableStream && body.cancel())
  // All at once: `setHeader` would copy and check each name.
  const sent = { ...graphqlHeaders, ...headers.values }
  if (body === null || typeof body === 'string') {
    // A length, so that the response is not sent in chunks.
    const length = { 'content-length': Buffer.byteLength(body ?? '') }
    response.writeHead(status, { ...sent, ...length }).end(body)
    return
  }
  response.writeHead(status, sent)
  await sendStream(body, response)
}

async function sendStream(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader()
  const closed = new AbortController()
  response.once('close', () => {
    closed.abort()
    void reader.cancel().catch(() => undefined)
  })
  for (;;) {
    const { done, value } = await reader.read()
    if (done || closed.signal.aborted) break
    if (!response.write(value))
      await once(response, 'drain', { signal: closed.signal }).catch(() => undefined)
  }
  response.end()
}
