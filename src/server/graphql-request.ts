import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { readBody } from './read-body.ts'

/**
 * What the GraphQL server and its plugins read of a request, directly from the request of node:http. It takes the place of
 * the `Request` of the Fetch API, whose body stream, headers and signal would cost more than most operations.
 */
export class GraphQLRequest implements Pick<Request, 'method' | 'url' | 'signal' | 'text' | 'json'> {
  readonly method: string
  readonly url: string
  readonly headers: Pick<Headers, 'get' | 'has'>
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #bodyLimitBytes: number
  #controller: AbortController | undefined
  #id: string | null = null

  constructor(request: IncomingMessage, response: ServerResponse, bodyLimitBytes: number) {
    this.method = request.method ?? 'GET'
    this.url = `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`
    this.headers = new RequestHeaders(request.headers)
    this.#request = request
    this.#response = response
    this.#bodyLimitBytes = bodyLimitBytes
  }

  /** Identifies the request in logs and in the audit log: the header `X-Request-Id` of the request, else a random UUID. */
  assignId(): string {
    this.#id ??= requestIdOf(this.headers.get('x-request-id')) ?? randomUUID()
    return this.#id
  }

  /** Aborts when the client disconnects before the response is sent, or by `abort`. Created when it is first read. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      const abortUnlessSent = () => {
        if (!this.#response.writableFinished) this.#controller?.abort()
      }
      if (this.#response.closed) abortUnlessSent()
      else this.#response.once('close', abortUnlessSent)
    }
    return this.#controller.signal
  }

  /** Aborts the signal, now and for those who read it later. */
  abort(): void {
    if (this.signal.aborted) return
    this.#controller?.abort()
  }

  /** The body; rejects with REQUEST_ENTITY_TOO_LARGE above the limit. */
  async text(): Promise<string> {
    const body = await readBody(this.#request, this.#bodyLimitBytes)
    if (body === undefined) throw tooLarge()
    return body.toString()
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }
}

/** The header `X-Request-Id`, if it fits into logs. */
export function requestIdOf(id: string | null): string | undefined {
  return id !== null && /^[\w.:=+/-]{8,100}$/.test(id) ? id : undefined
}

/** Headers by names in any case, of which `get` returns `null` for absent ones. */
class RequestHeaders implements Pick<Headers, 'get' | 'has'> {
  readonly #headers: IncomingMessage['headers']

  constructor(headers: IncomingMessage['headers']) {
    this.#headers = headers
  }

  get(name: string): string | null {
    const value = this.#headers[name.toLowerCase()]
    return (Array.isArray(value) ? value.join(', ') : value) ?? null
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }
}

const tooLarge = () =>
  new GraphQLError('Request body too large', {
    extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
  })
