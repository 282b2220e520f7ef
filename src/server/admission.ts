import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import type { NodeContext } from './auth.ts'
import type { AllowsOrigin } from './cors.ts'
import { graphqlHeaders } from './graphql-headers.ts'
import { sendJson } from './send-json.ts'

const retryAfterSeconds = 1

const overloaded = {
  message: 'The gateway is answering too many requests at the moment. Try again.',
  extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds },
}

export interface Admission {
  /** Calls `handle` now or in a later turn of the event loop; above the limit sends 503 with Retry-After instead. */
  run(request: IncomingMessage, response: ServerResponse, handle: () => void): void
  /** An event stream counts only until it has started, because other limits apply to open streams. */
  readonly plugin: Plugin
}

export interface AdmissionOptions {
  /** GraphQL requests that are answered at the same time or wait for their turn. */
  readonly maxInFlight: number
  /** How long the requests that one turn of the event loop has received may take it; 10 ms by default. */
  readonly maxTurnMs?: number | undefined
  readonly allowsOrigin: AllowsOrigin
}

const defaultMaxTurnMs = 10

/**
 * Limits the GraphQL requests that are answered at the same time, so that accepted ones stay fast under overload. A
 * refusal costs little: it is sent before the request is authenticated and read.
 *
 * Requests that wait for nothing but the processor, as with the embedded database, would be answered one after the other
 * in one turn of the event loop: never in flight together, and the only turn in which a new connection is accepted. What
 * is left after `maxTurnMs` waits for later turns, one request in each.
 */
export function createAdmission({
  maxInFlight,
  maxTurnMs = defaultMaxTurnMs,
  allowsOrigin,
}: AdmissionOptions): Admission {
  let inFlight = 0
  let turnStartedAt: number | null = null
  const waiting: (() => void)[] = []
  const releases = new WeakMap<ServerResponse, () => void>()

  function isTurnOver(): boolean {
    if (turnStartedAt === null) {
      turnStartedAt = performance.now()
      setImmediate(() => {
        turnStartedAt = null
      })
    }
    return performance.now() - turnStartedAt > maxTurnMs
  }

  function startNext(): void {
    const start = waiting.shift()
    if (waiting.length > 0) setImmediate(startNext)
    start?.()
  }

  function refuse({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('vary', 'Origin')
    if (origin !== undefined && allowsOrigin(origin))
      response.setHeader('access-control-allow-origin', origin)
    response.setHeaders(new Map(Object.entries(graphqlHeaders))).setHeader('retry-after', retryAfterSeconds)
    sendJson(response, 503, { errors: [overloaded] })
  }

  return {
    run(request, response, handle) {
      if (request.method === 'OPTIONS') return handle()
      if (inFlight >= maxInFlight) return refuse(request, response)
      inFlight += 1
      const release = () => {
        if (releases.delete(response)) inFlight -= 1
      }
      releases.set(response, release)
      response.once('close', release)
      if (waiting.length === 0 && !isTurnOver()) return handle()
      waiting.push(() => {
        if (!response.destroyed) handle()
      })
      if (waiting.length === 1) setImmediate(startNext)
    },
    plugin: {
      onSubscribe({ args }) {
        const { res } = args.contextValue as unknown as Partial<NodeContext>
        if (res) releases.get(res)?.()
      },
    },
  }
}
