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

/**
 * Answers CORS preflights, and allows the listed origins to read responses, without cookies. Request headers are not
 * limited: clients send headers of their own, and none has an effect without valid credentials.
 */
export function useCors(allowsOrigin: AllowsOrigin): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      // Safari waits for a body without the length.
      if (request.method === 'OPTIONS')
        endResponse(new fetchAPI.Response(null, { status: 204, headers: { 'content-length': '0' } }))
    },
    onResponse({ request, response: { headers } }) {
      const isPreflight = request.method === 'OPTIONS'
      // Of every response, so that no cache serves one origin's response to another.
      headers.set('vary', isPreflight ? 'Origin, Access-Control-Request-Headers' : 'Origin')
      const origin = request.headers.get('origin')
      if (origin === null || !allowsOrigin(origin)) return
      headers.set('access-control-allow-origin', origin)
      if (!isPreflight) return headers.set('access-control-expose-headers', exposedHeaders)
      headers.set('access-control-allow-methods', 'GET, POST')
      headers.set('access-control-max-age', String(maxAgeSeconds))
      const requested = request.headers.get('access-control-request-headers')
      if (requested !== null) headers.set('access-control-allow-headers', requested)
    },
  }
}
