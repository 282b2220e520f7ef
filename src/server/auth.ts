import { createHash, timingSafeEqual } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import type { SessionTokens } from '../connect/sessions/session-tokens.ts'
import { permissions } from '../domain/permissions.ts'
import type { Viewer } from '../domain/viewer.ts'

/** Who the bearer of that header is; `null`: nobody. */
export type Authenticate = (authorization: string | null) => Promise<Viewer | null>

/**
 * Knows one API key, and sessions. Hashes of keys are compared, so that neither the length nor the content of a guess
 * shows in time.
 */
export function authentication(apiKey: string, sessions: Pick<SessionTokens, 'verify'>): Authenticate {
  const expected = digest(apiKey)
  const server: Viewer = {
    kind: 'API_KEY',
    name: 'GATEWAY_API_KEY',
    scopes: permissions,
    endUser: null,
    limits: null,
    expiresAt: null,
  }
  return async (authorization) => {
    const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? ''
    return timingSafeEqual(digest(given), expected) ? server : sessions.verify(given)
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

export interface AuthenticationOptions {
  readonly authenticate: Authenticate
  /** GraphiQL's page, which is for everybody. */
  readonly isPage: (request: Request) => boolean
  /** Who was let in, for the rest of each request: nobody is asked twice. */
  readonly viewers: WeakMap<Request, Viewer>
}

/** Turns everyone else away before anything is parsed; preflights are for everybody. */
export function useAuthentication({ authenticate, isPage, viewers }: AuthenticationOptions): Plugin {
  return {
    async onRequest({ request, fetchAPI, endResponse }) {
      if (request.method === 'OPTIONS' || isPage(request)) return
      const viewer = await authenticate(request.headers.get('authorization'))
      if (viewer !== null) {
        viewers.set(request, viewer)
        return
      }
      // One body for absent, malformed, wrong and expired keys and tokens.
      const error = {
        message: 'A valid API key or session token is required.',
        extensions: { code: 'UNAUTHENTICATED' },
      }
      const headers = { 'content-type': 'application/json', 'www-authenticate': 'Bearer' }
      endResponse(new fetchAPI.Response(JSON.stringify({ errors: [error] }), { status: 401, headers }))
    },
  }
}
