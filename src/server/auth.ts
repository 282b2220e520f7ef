import { createHash, timingSafeEqual } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import type { Viewer } from '../connect/context.ts'

/** Who the bearer of that header is; `null`: nobody. */
export type Authenticate = (authorization: string | null) => Viewer | null

const scopes = ['catalogue:read', 'connections:read', 'connections:write', 'links:read', 'links:write']

/** Knows one API key. Hashes are compared, so that neither the length nor the content of a guess shows in time. */
export function apiKeyAuthentication(apiKey: string): Authenticate {
  const expected = digest(apiKey)
  const viewer: Viewer = { kind: 'API_KEY', name: 'GATEWAY_API_KEY', scopes, endUser: null }
  return (authorization) => {
    const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? ''
    return timingSafeEqual(digest(given), expected) ? viewer : null
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Turns everyone else away before anything is parsed; GraphiQL's page and preflights are for everybody. */
export function useAuthentication(authenticate: Authenticate, isPage: (request: Request) => boolean): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      if (request.method === 'OPTIONS' || isPage(request)) return
      if (authenticate(request.headers.get('authorization')) !== null) return
      // One body for absent, malformed and wrong keys.
      const error = { message: 'A valid API key is required.', extensions: { code: 'UNAUTHENTICATED' } }
      const headers = { 'content-type': 'application/json', 'www-authenticate': 'Bearer' }
      endResponse(new fetchAPI.Response(JSON.stringify({ errors: [error] }), { status: 401, headers }))
    },
  }
}
