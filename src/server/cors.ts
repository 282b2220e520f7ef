import type { Plugin } from 'graphql-yoga'
import { isLoopbackHost } from '../domain/loopback.ts'
import { parseUrl } from '../domain/parse-url.ts'

/** Whether pages of an origin may call the API; `origin` is the value of the header. */
export type AllowsOrigin = (origin: string) => boolean

export interface OriginOptions {
  readonly corsOrigins: readonly string[]
  /** Whether pages of this machine are allowed too, on any port. */
  readonly corsLoopback: boolean
}

export function createAllowsOrigin({ corsOrigins, corsLoopback }: OriginOptions): AllowsOrigin {
  return (origin) => corsOrigins.includes(origin) || (corsLoopback && isLoopbackOrigin(origin))
}

function isLoopbackOrigin(origin: string): boolean {
  const url = parseUrl(origin)
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.origin === origin && isLoopbackHost(url.hostname)
  )
}

/** How long browsers may keep the answer to a preflight, in seconds; Chromium keeps it no longer than that. */
const maxAgeSeconds = 7_200
const exposedHeaders = 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'

/** What an endpoint allows to pages of other origins. */
export interface CorsPolicy {
  readonly allowsOrigin: AllowsOrigin
  readonly methods: string
  /** Headers that pages may read in addition to those of every endpoint. */
  readonly exposed?: readonly string[]
}

/** What a request says about the page that sends it; `null`: the header is absent. */
export interface CorsRequest {
  readonly method: string
  readonly origin: string | null
  /** `Access-Control-Request-Headers` */
  readonly requestedHeaders: string | null
}

/**
 * The CORS headers of a response: the listed origins may read it, without cookies. Request headers are not limited:
 * clients send headers of their own, and none has an effect without valid credentials.
 */
export function corsHeaders(
  { method, origin, requestedHeaders }: CorsRequest,
  { allowsOrigin, methods, exposed = [] }: CorsPolicy,
): ReadonlyMap<string, string> {
  const isPreflight = method === 'OPTIONS'
  // Of every response, so that no cache serves one origin's response to another.
  const headers = new Map([['vary', isPreflight ? 'Origin, Access-Control-Request-Headers' : 'Origin']])
  if (origin === null || !allowsOrigin(origin)) return headers
  headers.set('access-control-allow-origin', origin)
  if (!isPreflight)
    return headers.set('access-control-expose-headers', [exposedHeaders, ...exposed].join(', '))
  headers.set('access-control-allow-methods', methods).set('access-control-max-age', String(maxAgeSeconds))
  return requestedHeaders === null ? headers : headers.set('access-control-allow-headers', requestedHeaders)
}

/** Answers CORS preflights of the GraphQL endpoint, and adds the CORS headers to all responses. */
export function useCors(allowsOrigin: AllowsOrigin): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      // Safari waits for a body without the length.
      if (request.method === 'OPTIONS')
        endResponse(new fetchAPI.Response(null, { status: 204, headers: { 'content-length': '0' } }))
    },
    onResponse({ request: { method, headers }, response }) {
      const origin = headers.get('origin')
      const requestedHeaders = headers.get('access-control-request-headers')
      const added = corsHeaders({ method, origin, requestedHeaders }, { allowsOrigin, methods: 'GET, POST' })
      for (const [name, value] of added) response.headers.set(name, value)
    },
  }
}
