import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Route } from '../../router.ts'
import type { SandboxContext } from '../../vendor.ts'

export interface Issue {
  readonly code: string
  readonly message: string
  readonly path: readonly (string | number)[]
}

export const ok = (body: object): SandboxResponse => ({ status: 200, body })

export const errorResponse = (status: number, code: string, message?: string): SandboxResponse => ({
  status,
  body: { error: { code, ...(message !== undefined && { message }) } },
})

/** Status 400 with the fields of the body that are invalid. */
export const invalidBody = (errors: readonly Issue[]): SandboxResponse => ({
  status: 400,
  body: { error: { code: 'invalid_body', errors } },
})

export const bearerOf = ({ headers }: SandboxRequest): string =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''

/** The key of the account, which may do everything. It also signs the webhooks. */
export const keyOf = ({ suffix }: Pick<SandboxContext, 'suffix'>) => `sandbox-key${suffix}`

/** A key of the same account without the scopes to read credentials, to list integrations and to make sessions. */
const limitedKeyOf = ({ suffix }: Pick<SandboxContext, 'suffix'>) => `sandbox-limited${suffix}`
const limitedScopes: ReadonlySet<string> = new Set([
  'environment:connections:list',
  'environment:connections:read',
])

export type Scope = `environment:${string}`

/** Authenticates the request; status 401 for another key, 403 for one without the scope. `null`: any key may do it. */
export const withScope =
  (context: SandboxContext, scope: Scope | null, run: Route): Route =>
  (request, ...captured) => {
    const key = bearerOf(request)
    if (key === keyOf(context)) return run(request, ...captured)
    if (key !== limitedKeyOf(context))
      return errorResponse(401, 'unknown_account', 'The provided secret key does not belong to an account.')
    return scope === null || limitedScopes.has(scope)
      ? run(request, ...captured)
      : errorResponse(403, 'forbidden', `Insufficient scope. Required: ${scope}`)
  }

/** Whether the key of the request may read credentials. */
export const readsCredentials = (context: SandboxContext, request: SandboxRequest): boolean =>
  bearerOf(request) === keyOf(context)

/** Times of connections have an offset, unlike those of sessions and integrations. */
export const withOffset = (time: string): string => time.replace(/Z$/, '+00:00')

// Sent, but not enforced: inject a fault to get a 429.
export const rateHeaders = ({ now }: SandboxRequest): Record<string, string> => ({
  'x-ratelimit-limit': '200',
  'x-ratelimit-remaining': '199',
  'x-ratelimit-reset': String(Math.ceil(now.getTime() / 60_000) * 60),
})
