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

/**
 * Limits the GraphQL requests that are answered at the same time, so that accepted ones stay fast under overload. A
 * refusal costs little: it is sent before the request is authenticated and read.
 */
export function createAdmission(maxInFlight: number, corsOrigins: readonly string[]): Admission {
  let inFlight = 0
  const releases = new WeakMap<ServerResponse, () => void>()
  return {
    admit(request, response) {
      if (request.method === 'OPTIONS') return true
      if (inFlight >= maxInFlight) {
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
