import type { Answer, SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Route } from '../../router.ts'
import type { ConnectToken, Environment, PipedreamStore } from './state.ts'

export const projectId = 'proj_sandbox'

/** Who asks: the workspace's OAuth client, or a browser that holds a connect token. */
export type Caller =
  | { readonly kind: 'oauth'; readonly environment: Environment }
  | { readonly kind: 'connectToken'; readonly environment: Environment; readonly token: ConnectToken }

/** A route whose caller is known; a connect token sees its own end user and environment alone. */
export type CallerRoute = (caller: Caller, request: SandboxRequest, ...captured: string[]) => Answer

const unauthorized: SandboxResponse = { status: 401, body: { error: 'Unauthorized' } }

/** Lets these kinds of callers in. */
export function allowCallers(
  store: PipedreamStore,
  kinds: readonly Caller['kind'][],
  run: CallerRoute,
): Route {
  return (request, ...captured) => {
    const caller = identify(store, request)
    if ('status' in caller) return caller
    return kinds.includes(caller.kind) ? run(caller, request, ...captured) : unauthorized
  }
}

/** The same for paths that begin with a project, which must be the sandbox's. */
export function inProject(store: PipedreamStore, kinds: readonly Caller['kind'][], run: CallerRoute): Route {
  return allowCallers(store, kinds, (caller, request, project, ...captured) =>
    project === projectId
      ? run(caller, request, ...captured)
      : { status: 404, body: { error: 'record not found' } },
  )
}

function identify(store: PipedreamStore, request: SandboxRequest): Caller | SandboxResponse {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const token = store.token(bearer)
  if (token !== undefined) {
    const live = !token.used && new Date(token.expiresAt) > request.now
    return live ? { kind: 'connectToken', environment: token.environment, token } : unauthorized
  }
  if (!store.hasAccess(bearer, request.now)) return unauthorized
  // Absent: production, as older documentation said; what the real one does today is not published.
  const environment = request.headers['x-pd-environment'] ?? 'production'
  if (environment !== 'development' && environment !== 'production') {
    return { status: 400, body: { error: 'x-pd-environment must be development or production' } }
  }
  return { kind: 'oauth', environment }
}
