import { z } from 'zod'
import { type Authorization, type HttpClient, operation } from './http-types.ts'
import { createSingleFlight } from './single-flight.ts'

export interface TokenSource {
  /** A client that sends no token itself. */
  readonly http: HttpClient
  readonly path: string
  readonly credentials: Readonly<Record<string, string>>
  readonly now: () => Date
  readonly headers?: Readonly<Record<string, string>>
}

/** RFC 6749, section 5.1, recommends `expires_in` only. A token that is used for too long is renewed after a 401. */
const defaultLifetimeSeconds = 600

const tokenResponse = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().catch(defaultLifetimeSeconds),
})

const refreshBeforeExpirySeconds = 120

/**
 * OAuth 2.0 client credentials (RFC 6749, section 4.4). Fetching is single-flight. A token is cached until two minutes
 * before it expires, or for half of its lifetime if that is longer, and fetched again after a 401.
 */
export function clientCredentials(source: TokenSource): Authorization {
  let cached: { readonly token: string; readonly refreshAt: number } | undefined
  const fetching = createSingleFlight<string>()

  async function fetchToken(): Promise<string> {
    // Neither a caller's signal nor its deadline: the other waiting callers still need the token.
    const call = operation()
    const body = { grant_type: 'client_credentials', ...source.credentials }
    const response = await source.http.send(
      {
        method: 'POST',
        path: source.path,
        body,
        responseSchema: tokenResponse,
        purpose: 'get an access token',
        safeToRepeat: true,
      },
      call,
    )
    const lifetimeMs = response.expires_in * 1000
    const cachedForMs = Math.max(lifetimeMs - refreshBeforeExpirySeconds * 1000, lifetimeMs / 2)
    cached = { token: response.access_token, refreshAt: source.now().getTime() + cachedForMs }
    return response.access_token
  }

  async function token(): Promise<string> {
    if (cached !== undefined && source.now().getTime() < cached.refreshAt) return cached.token
    // A failed fetch is not cached: the next caller tries again.
    return fetching.run('token', fetchToken)
  }

  return {
    headers: async () => ({ ...source.headers, authorization: `Bearer ${await token()}` }),
    renew(rejected) {
      // Only the current token is dropped: many concurrent 401s for one token lead to one fetch.
      if (cached !== undefined && rejected.authorization === `Bearer ${cached.token}`) cached = undefined
    },
  }
}
