import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import type { NodeContext } from './auth.ts'
import { sendJson } from './send-json.ts'

const retryAfterSeconds = 1

const overloaded = {
  message: 'The gateway is answering too many requests at the moment. Try again.',
  extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds },
}

export interface Admission {
  /** `false`: above the limit; 503 with Retry-After has been sent. */
  admit(request: IncomingMessage, response: ServerResponse): boolean
  /** An event stream counts only until it has started, because other limits apply to open streams. */
  readonly plugin: Plugin
}

export interface AdmissionOptions {
  /** GraphQL requests that are answered at the same time. */
  readonly maxInFlight: number
  /** How long the requests that one turn of the event loop has received may take it; 2 s by default. */
  readonly maxTurnMs?: number | undefined
  readonly corsOrigins: readonly string[]
}

const defaultMaxTurnMs = 2_000

/**
 * Limits the GraphQL requests that are answered at the same time, so that accepted ones stay fast under overload. A
 * refusal costs little: it is sent before the request is authenticated and read.
 *
 * Requests that wait for nothing but the processor, as with the embedded database, are answered one after the other in
 * one turn of the event loop, and are never in flight together. The duration of the turn limits these: what has not been
 * answered by then is refused, and the health checks that wait behind it are answered.
 */
export function createAdmission({
  maxInFlight,
  maxTurnMs = defaultMaxTurnMs,
  corsOrigins,
}: AdmissionOptions): Admission {
  let inFlight = 0
  let turnStartedAt: number | null = null

  function isTurnOver(): boolean {
    if (turnStartedAt === null) {
      turnStartedAt = performance.now()
      setImmediate(() => {
        turnStartedAt = null
      })
    }
    return performance.now() - turnStartedAt > maxTurnMs
  }

  const releases = new WeakMap<ServerResponse, () => void>()
  return {
    admit(request, response) {
      if (request.method === 'OPTIONS') return true
      if (inFlight >= maxInFlight || isTurnOver()) {
        const { origin } = request.headers
        if (origin !== undefined && corsOrigins.includes(origin))
          response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'Origin')
        response.setHeader('retry-after', retryAfterSeconds)
        sendJson(response, 503, { errors: [overloaded] })
        return false
      }
      inFlight += 1
      const release = () => {
        if (releases.delete(response)) inFlight -= 1
      }
      releases.set(response, release)
      response.once('close', release)
      return true
    },
    plugin: {
      onSubscribe({ args }) {
        const { res } = args.contextValue as unknown as Partial<NodeContext>
        if (res) releases.get(res)?.()
      },
    },
  }
}
