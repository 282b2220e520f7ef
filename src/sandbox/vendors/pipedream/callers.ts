import type { RouteResult, SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Route } from '../../router.ts'
import type { SandboxContext } from '../../vendor.ts'
import type { PipedreamState } from './state.ts'
import type { ConnectToken, Environment } from './types.ts'

export const projectOf = ({ suffix }: Pick<SandboxContext, 'suffix'>) => `proj_sandbox${suffix}`

/** The authenticated caller: the workspace's OAuth client, or a browser with a connect token. */
export type Caller =
  | { readonly kind: 'oauth'; readonly environment: Environment }
  | { readonly kind: 'connectToken'; readonly environment: Environment; readonly token: ConnectToken }

/** A route handler that receives the caller. A connect token has access to its own end user and environment only. */
export type CallerRoute = (caller: Caller, request: SandboxRequest, ...captured: string[]) => RouteResult

const unauthorized: SandboxResponse = { status: 401, body: { error: 'Unauthorized' } }

/** Authenticates the request; status 401 unless the caller is of one of these kinds. */
export function allowCallers(
  state: PipedreamState,
  kinds: readonly Caller['kind'][],
  run: CallerRoute,
): Route {
  return (request, ...captured) => {
    const caller = authenticate(state, request)
    if ('status' in caller) return caller
    return kinds.includes(caller.kind) ? run(caller, request, ...captured) : unauthorized
  }
}

/** As `allowCallers`, for paths that start with a project: status 404 unless it is the sandbox's project. */
export function inProject(state: PipedreamState, kinds: readonly Caller['kind'][], run: CallerRoute): Route {
  return allowCallers(state, kinds, (caller, request, project, ...captured) =>
    project === projectOf(state.context)
      ? run(caller, request, ...captured)
      : { status: 404, body: { error: 'record not found' } },
  )
}

function authenticate(state: PipedreamState, request: SandboxRequest): Caller | SandboxResponse {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const token = state.connectToken(bearer)
  if (token !== undefined) {
    const isValid = !token.used && new Date(token.expiresAt) > request.now
    return isValid ? { kind: 'connectToken', environment: token.environment, token } : unauthorized
  }
  if (!state.isAccessTokenValid(bearer, request.now)) return unauthorized
  // Default `production`, according to older documentation; the current behaviour of Pipedream is not published.
  const environment = request.headers['x-pd-environment'] ?? 'production'
  if (environment !== 'development' && environment !== 'production') {
    return { status: 400, body: { error: 'x-pd-environment must be development or production' } }
  }
  return { kind: 'oauth', environment }
}
