import type { Plugin } from 'graphql-yoga'
import { recordAudit } from '../connect/audit/record-audit.ts'
import type { ConnectContext } from '../connect/context.ts'
import { ServiceUnavailableError } from '../domain/errors.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Authenticate, NodeContext } from './auth.ts'
import { createAuthFailures } from './auth-failures.ts'
import type { Client, ClientOf } from './client-address.ts'

/** How a request without valid credentials is answered: a GraphQL error, and the HTTP response that carries it. */
export interface CallerRefusal {
  readonly status: 401 | 429 | 503
  readonly error: object
  readonly headers: Readonly<Record<string, string>>
}

export type CallerCheck = Viewer | CallerRefusal

/**
 * The caller of an `Authorization` header, or the refusal, which is delayed for addresses with many failures. 503 if the
 * store cannot be read.
 */
export type CheckCaller = (authorization: string | null, client: Client) => Promise<CallerCheck>

export const isRefusal = (check: CallerCheck): check is CallerRefusal => 'status' in check

/** The same for missing, malformed, wrong and expired credentials, so that it reveals nothing. */
const unauthenticated: CallerRefusal = {
  status: 401,
  error: {
    message: 'A valid API key or session token is required.',
    extensions: { code: 'UNAUTHENTICATED' },
  },
  headers: { 'www-authenticate': 'Bearer' },
}

const tooManyFailures: CallerRefusal = {
  status: 429,
  error: {
    message: 'Too many requests without valid credentials. Try again in 5 s.',
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 },
  },
  headers: { 'retry-after': '5' },
}

const unavailable: CallerRefusal = {
  status: 503,
  error: {
    message: 'Credentials cannot be verified at the moment.',
    extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 },
  },
  headers: { 'retry-after': '5' },
}

export function createCheckCaller(connect: ConnectContext, authenticate: Authenticate): CheckCaller {
  const { log, now } = connect
  const failures = createAuthFailures({ log, now, onRepeated: (client) => recordFailure(connect, client) })
  return async (authorization, client) => {
    const viewer = await authenticate(authorization).catch((err: unknown) => {
      if (err instanceof ServiceUnavailableError) log.warn({ cause: err.reason }, 'service unavailable')
      else log.error({ err }, 'credentials cannot be verified')
      return unavailable
    })
    if (viewer !== null) return viewer
    return (await failures.delay(client)) ? unauthenticated : tooManyFailures
  }
}

const recordFailure = (connect: ConnectContext, client: Client) =>
  connect.background(
    'record failed authentication',
    recordAudit(
      connect,
      { operation: 'authenticate', outcome: 'DENIED', errorCode: 'UNAUTHENTICATED' },
      { ...client, actor: { kind: 'ANONYMOUS', id: null, name: null } },
    ),
  )

export interface AuthenticationOptions {
  readonly checkCaller: CheckCaller
  /** Receives the caller of each request, so that it is authenticated only once. */
  readonly viewers: WeakMap<Request, Viewer>
  readonly clientOf: ClientOf
}

/** Refuses requests without valid credentials before anything is parsed. CORS preflights need no authentication. */
export function useAuthentication({ checkCaller, viewers, clientOf }: AuthenticationOptions): Plugin {
  return {
    async onRequest({ request, serverContext, fetchAPI, endResponse }) {
      if (request.method === 'OPTIONS') return
      const { req } = serverContext as Partial<NodeContext>
      const client = req ? clientOf(req) : { address: '', userAgent: null }
      const caller = await checkCaller(request.headers.get('authorization'), client)
      if (!isRefusal(caller)) {
        viewers.set(request, caller)
        return
      }
      const { status, error, headers } = caller
      endResponse(
        new fetchAPI.Response(JSON.stringify({ errors: [error] }), {
          status,
          headers: { 'content-type': 'application/json', ...headers },
        }),
      )
    },
  }
}
