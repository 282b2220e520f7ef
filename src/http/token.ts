import { z } from 'zod'
import { type Authorization, detached, type HttpClient } from './http-types.ts'

export interface TokenSource {
  /** A client whose own requests need no token. */
  readonly http: HttpClient
  readonly path: string
  readonly credentials: Readonly<Record<string, string>>
  readonly now: () => Date
  readonly headers?: Readonly<Record<string, string>>
}

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

const earlySeconds = 120

/**
 * OAuth client credentials: the token is fetched once however many calls wait for it, kept until two minutes
 * before its end, and fetched again after a 401.
 */
export function clientCredentials(source: TokenSource): Authorization {
  let held: { readonly token: string; readonly refreshAt: number } | undefined
  let fetching: Promise<string> | undefined

  async function fetchToken(): Promise<string> {
    // No caller's signal: when the first of fifty waiting callers leaves, the others still want the token.
    const call = detached()
    const body = { grant_type: 'client_credentials', ...source.credentials }
    const answer = await source.http.send(
      {
        method: 'POST',
        path: source.path,
        body,
        responseSchema: tokenAnswer,
        purpose: 'get an access token',
        safeToRepeat: true,
      },
      call,
    )
    const lifeMs = answer.expires_in * 1000
    const refreshAt = source.now().getTime() + Math.max(lifeMs - earlySeconds * 1000, lifeMs / 2)
    held = { token: answer.access_token, refreshAt }
    return answer.access_token
  }

  async function token(): Promise<string> {
    if (held !== undefined && source.now().getTime() < held.refreshAt) return held.token
    // A failed fetch is not kept: the next caller tries anew.
    fetching ??= fetchToken().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  return {
    headers: async () => ({ ...source.headers, authorization: `Bearer ${await token()}` }),
    renew(rejected) {
      // Only the present token is dropped: fifty 401s at once lead to one new token.
      if (held !== undefined && rejected.authorization === `Bearer ${held.token}`) held = undefined
    },
  }
}
