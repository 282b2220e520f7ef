import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from './json.ts'

const limit = 5000
const maskedHeaders = ['authorization', 'x-api-key', 'cookie', 'proxy-authorization']
const wholeSecrets = /^(security|headers|auth|credentials|cfmap_json)$/i
const secretWords = /secret|password|passphrase|token|api_?key|private_?key|access_?key/i

export interface LoggedRequest {
  readonly method: string
  /** With the vendor's prefix and the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body?: Json
  /** Sandbox time. */
  readonly at: string
}

/** What was asked of the vendors, oldest first, without credentials. */
export interface RequestLog {
  add(request: LoggedRequest): void
  list(): readonly LoggedRequest[]
  clear(): void
}

export function createRequestLog(): RequestLog {
  let logged: LoggedRequest[] = []
  return {
    add({ body, ...request }) {
      const entry = { ...request, headers: maskHeaders(request.headers) }
      logged.push(body === undefined ? entry : { ...entry, body: maskBody(body) })
      if (logged.length > limit) logged.shift()
    },
    list: () => logged,
    clear() {
      logged = []
    },
  }
}

function maskHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const masked = maskedHeaders.filter((name) => headers[name] !== undefined).map((name) => [name, '***'])
  return { ...headers, ...Object.fromEntries(masked) }
}

function maskBody(body: Json): Json {
  if (isList(body)) return body.map(maskBody)
  if (typeof body !== 'object' || body === null) return body
  const entries = Object.entries(body).map(([key, value]) => {
    const scalar = typeof value !== 'object' && typeof value !== 'boolean'
    const secret = wholeSecrets.test(key) || (scalar && secretWords.test(key))
    return [key, secret && value !== null ? '***' : maskBody(value ?? null)]
  })
  return Object.fromEntries(entries)
}

// Array.isArray does not narrow readonly arrays out of a union.
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
