import type { RequestContext } from '../../http/http-types.ts'
import type { LinkOutcome, LinkRequest, RemoteConnection } from '../adapter.ts'
import { mayHaveActed, rethrowIndeterminate } from '../indeterminate.ts'
import { connectionsOf, toConnection } from './catalogue.ts'
import { connectBody, type LinkOptions, toRemoteLink, uniqueName } from './new-connection.ts'
import { createPageLink, type LinkDeps, missingCredentials, trustedPage } from './page-link.ts'

type Request = LinkRequest<LinkOptions>

/** Connects at once with the credentials of the request, if it has any; otherwise returns a link to a page. */
export const createLink = (deps: LinkDeps, request: Request, call: RequestContext): Promise<LinkOutcome> =>
  request.options.security == null && request.options.headers == null
    ? createPageLink(deps, request, call)
    : connectNow(deps, request, call)

/**
 * Creates the connection. `security: {}` states that the connector needs no credentials; it is refused if the provider's
 * hint says otherwise, because a connection without credentials could not be used.
 */
async function connectNow(deps: LinkDeps, request: Request, call: RequestContext): Promise<LinkOutcome> {
  const { connectorKey, connectionHint, options, attempt } = request
  const isEmpty = Object.keys({ ...options.security, ...options.headers }).length === 0
  if (isEmpty && connectionHint !== null) throw missingCredentials(connectionHint)
  if (attempt.isRetry) {
    const recovered = await findOwn(deps, request, call).catch(rethrowIndeterminate)
    if (recovered) return { kind: 'connected', connection: recovered }
  }
  const name = uniqueName(request)
  const result = await connectOrFind(deps, request, call)
  if (result.kind === 'connected') return result
  if (result.kind === 'created') {
    const connection = toConnection({ ...result, name: result.name ?? name }, connectorKey)
    return { kind: 'connected', connection }
  }
  return toRemoteLink(request, {
    url: trustedPage(deps, result.connector_page_url),
    text: result.message,
    providerState: { baseline: null, name, pendingId: result.id ?? null },
  })
}

/** Avoids duplicates: if the response is lost, the connection may have been created anyway. */
async function connectOrFind(deps: LinkDeps, request: Request, call: RequestContext) {
  const { connectorKey: key, connectorName: name } = request
  // Caught to look for a connection that the failed call may have created; rethrown otherwise.
  try {
    return await deps.connectors.connect({ key, name }, connectBody(request), call)
  } catch (error) {
    if (!mayHaveActed(error)) throw error
    const created = await findOwn(deps, request, call).catch(() => undefined)
    if (created === undefined) throw error
    return { kind: 'connected' as const, connection: created }
  }
}

/** The connection with the name that only this link uses, unless another link owns it. */
async function findOwn(
  { connectors }: LinkDeps,
  request: Request,
  call: RequestContext,
): Promise<RemoteConnection | undefined> {
  const name = uniqueName(request)
  const connector = await connectors.find(request.connectorKey, request.connectorName, call)
  const match = connectionsOf(connector).find((connection) => connection.name === name)
  return match && !(await request.attempt.isClaimed(match.remoteId)) ? match : undefined
}
