import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from './json.ts'

/** One HTTP request, below the vendor's prefix. */
export interface SandboxRequest {
  readonly method: string
  /** Raw (not percent-decoded), without the vendor's prefix and without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON, or a form as an object of strings; undefined when the body is empty or cannot be parsed. */
  readonly body: Json | undefined
  /** The body as received. Non-empty while `body` is undefined: the body could not be parsed. */
  readonly rawBody: string
  /** The time of the sandbox clock when the request arrived. */
  readonly now: Date
}

export interface SandboxResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent unchanged (set its content-type in `headers`), anything else as JSON. */
  readonly body?: unknown
}

export type RouteResult = SandboxResponse | Promise<SandboxResponse>
