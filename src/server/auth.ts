import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plugin } from 'graphql-yoga'
import type { SessionTokens } from '../connect/sessions/session-tokens.ts'
import { permissions } from '../domain/permissions.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { AuthFailures } from './auth-failures.ts'
import type { ClientOf } from './client-address.ts'

/** The server context of Yoga's Node adapter. */
export interface NodeContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** Returns the caller that an `Authorization` header identifies; `null` without valid credentials. */
export type Authenticate = (authorization: string | null) => Promise<Viewer | null>

/**
 * Accepts the API key and session tokens. Compares hashes in constant time, so that timing reveals neither length nor
 * content of the key.
 */
export function createAuthenticate(apiKey: string, sessions: Pick<SessionTokens, 'verify'>): Authenticate {
  const expected = digest(apiKey)
  const apiKeyViewer: Viewer = {
    kind: 'API_KEY',
    id: 'GATEWAY_API_KEY',
    name: 'GATEWAY_API_KEY',
    scopes: permissions,
    endUser: null,
    limits: null,
    expiresAt: null,
  }
  return async (authorization) => {
    const credentials = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? ''
    return timingSafeEqual(digest(credentials), expected) ? apiKeyViewer : sessions.verify(credentials)
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

export interface AuthenticationOptions {
  readonly authenticate: Authenticate
  /** Whether GraphiQL's page is requested, which needs no authentication. */
  readonly isPage: (request: Request) => boolean
  /** Receives the caller of each request, so that it is authenticated only once. */
  readonly viewers: WeakMap<Request, Viewer>
  readonly failures: AuthFailures
  readonly clientOf: ClientOf
}

/** Answers 401 to unauthenticated requests before anything is parsed; CORS preflights need no authentication. */
export function useAuthentication({
  authenticate,
  isPage,
  viewers,
  failures,
  clientOf,
}: AuthenticationOptions): Plugin {
  return {
    async onRequest({ request, serverContext, fetchAPI, endResponse }) {
      if (request.method === 'OPTIONS' || isPage(request)) return
      const viewer = await authenticate(request.headers.get('authorization'))
      if (viewer !== null) {
        viewers.set(request, viewer)
        return
      }
      const { req } = serverContext as Partial<NodeContext>
      await sleep(failures.record(req ? clientOf(req).address : ''))
      // The same body for missing, malformed, wrong and expired credentials, so that it reveals nothing.
      const error = {
        message: 'A valid API key or session token is required.',
        extensions: { code: 'UNAUTHENTICATED' },
      }
      const headers = { 'content-type': 'application/json', 'www-authenticate': 'Bearer' }
      endResponse(new fetchAPI.Response(JSON.stringify({ errors: [error] }), { status: 401, headers }))
    },
  }
}
