import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from './json.ts'

const maxEntries = 5000
const maskedHeaders = ['authorization', 'x-api-key', 'cookie', 'proxy-authorization']
/** Values of these keys are masked whatever their type. */
const secretKeys = /^(security|headers|auth|credentials|cfmap_json)$/i
/** Only scalar values (booleans excluded) of matching keys are masked. */
const secretKeyPattern = /secret|password|passphrase|token|api_?key|private_?key|access_?key/i

export interface LoggedRequest {
  readonly method: string
  /** With the vendor's prefix and the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body?: Json
  /** Sandbox time. */
  readonly at: string
}

/** The API requests to the vendors, oldest first, with credentials masked; only the last 5000 are kept. */
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
      if (logged.length > maxEntries) logged.shift()
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
  if (isArray(body)) return body.map(maskBody)
  if (typeof body !== 'object' || body === null) return body
  const entries = Object.entries(body).map(([key, value]) => {
    const isScalar = typeof value !== 'object' && typeof value !== 'boolean'
    const isSecret = secretKeys.test(key) || (isScalar && secretKeyPattern.test(key))
    return [key, isSecret && value !== null ? '***' : maskBody(value ?? null)]
  })
  return Object.fromEntries(entries)
}

// Array.isArray does not narrow a union to its readonly array member.
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
