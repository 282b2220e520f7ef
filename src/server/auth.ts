import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import { authenticateApiKey } from '../connect/api-keys/authenticate-key.ts'
import { hasApiKeyPrefix } from '../connect/api-keys/key-format.ts'
import type { ConnectContext } from '../connect/context.ts'
import { ServiceUnavailableError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
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
 * Accepts GATEWAY_API_KEY, which has all permissions, the API keys of the store and session tokens. Compares hashes in
 * constant time, so that timing reveals neither length nor content of the key.
 */
export function createAuthenticate(
  apiKey: string,
  connect: Pick<ConnectContext, 'apiKeys' | 'background' | 'db' | 'now' | 'sessions'>,
): Authenticate {
  const expected = digest(apiKey)
  const apiKeyViewer: Viewer = {
    kind: 'API_KEY',
    id: 'GATEWAY_API_KEY',
    name: 'GATEWAY_API_KEY',
    scopes: permissions,
    endUser: null,
    organizationAccess: null,
    limits: null,
    expiresAt: null,
  }
  return async (authorization) => {
    const credentials = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? ''
    if (timingSafeEqual(digest(credentials), expected)) return apiKeyViewer
    return hasApiKeyPrefix(credentials)
      ? authenticateApiKey(connect, credentials)
      : connect.sessions.verify(credentials)
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

export interface AuthenticationOptions {
  readonly authenticate: Authenticate
  /** Receives the caller of each request, so that it is authenticated only once. */
  readonly viewers: WeakMap<Request, Viewer>
  readonly failures: AuthFailures
  readonly clientOf: ClientOf
  readonly log: Log
}

/** The same for missing, malformed, wrong and expired credentials, so that it reveals nothing. */
const unauthenticated = {
  message: 'A valid API key or session token is required.',
  extensions: { code: 'UNAUTHENTICATED' },
}

const tooManyFailures = {
  message: 'Too many requests without valid credentials. Try again in 5 s.',
  extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 },
}

const unavailable = {
  message: 'Credentials cannot be verified at the moment.',
  extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 },
}

/**
 * Answers 401 to unauthenticated requests before anything is parsed, and 503 if the store cannot be read. CORS preflights
 * need no authentication.
 */
export function useAuthentication({
  authenticate,
  viewers,
  failures,
  clientOf,
  log,
}: AuthenticationOptions): Plugin {
  return {
    async onRequest({ request, serverContext, fetchAPI, endResponse }) {
      if (request.method === 'OPTIONS') return
      const answer = (status: number, error: object, headers: Record<string, string> = {}) =>
        endResponse(
          new fetchAPI.Response(JSON.stringify({ errors: [error] }), {
            status,
            headers: { 'content-type': 'application/json', ...headers },
          }),
        )
      const viewer = await authenticate(request.headers.get('authorization')).catch((err: unknown) => {
        if (err instanceof ServiceUnavailableError) log.warn({ cause: err.reason }, 'service unavailable')
        else log.error({ err }, 'credentials cannot be verified')
        return 'UNKNOWN' as const
      })
      if (viewer === 'UNKNOWN') return answer(503, unavailable, { 'retry-after': '5' })
      if (viewer !== null) {
        viewers.set(request, viewer)
        return
      }
      const { req } = serverContext as Partial<NodeContext>
      const isDelayed = await failures.delay(req ? clientOf(req) : { address: '', userAgent: null })
      if (isDelayed) answer(401, unauthenticated, { 'www-authenticate': 'Bearer' })
      else answer(429, tooManyFailures, { 'retry-after': '5' })
    },
  }
}
