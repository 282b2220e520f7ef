import type { RequestContext } from '../../http/http-types.ts'
import type { LinkOutcome, LinkRequest, RemoteConnection } from '../adapter.ts'
import { mayHaveActed, rethrowIndeterminate } from '../indeterminate.ts'
import { assertTrustedUrl, type TrustedHosts } from '../trusted-url.ts'
import { connectionsOf, toConnection } from './catalogue.ts'
import type { Connectors } from './connectors.ts'
import { connectBody, type LinkOptions, toRemoteLink, uniqueName } from './new-connection.ts'

/** Dependencies of the functions that create links. */
interface XpanderDeps {
  readonly connectors: Connectors
  readonly hosts: TrustedHosts
}

type Request = LinkRequest<LinkOptions>

/**
 * Connects immediately with the credentials of the request or if the connector needs none; otherwise returns a
 * link to the connector's page.
 */
export async function createLink(
  deps: XpanderDeps,
  request: Request,
  call: RequestContext,
): Promise<LinkOutcome> {
  const { connectorKey, options, attempt } = request
  const isPage = options.security == null
  // With credentials the connection is created immediately: no baseline is needed for a later comparison.
  const before = isPage || attempt.isRetry ? await listConnections(deps, request, call) : []
  const recovered = attempt.isRetry ? await findOwn(before, request) : undefined
  if (recovered) return { kind: 'connected', connection: recovered }
  const name = uniqueName(request)
  const result = await connectOrFind(deps, request, call)
  if (result.kind === 'connected') return result
  if (result.kind === 'created') {
    const connection = toConnection({ ...result, name: result.name ?? name }, connectorKey)
    return { kind: 'connected', connection }
  }
  const baseline = isPage ? before.map(({ remoteId }) => remoteId) : null
  return {
    ...toRemoteLink(result, { baseline, name, pendingId: result.id ?? null }),
    url: assertTrustedUrl(result.connector_page_url, deps.hosts),
  }
}

/** Avoids duplicates: if the response is lost, the connection may have been created anyway. */
async function connectOrFind(deps: XpanderDeps, request: Request, call: RequestContext) {
  // Caught to look for a connection that the failed call may have created; rethrown otherwise.
  try {
    return await deps.connectors.connect(request.connectorKey, connectBody(request), call)
  } catch (error) {
    if (!mayHaveActed(error)) throw error
    const created = await listConnections(deps, request, call)
      .then((connections) => findOwn(connections, request))
      .catch(() => undefined)
    if (created === undefined) throw error
    return { kind: 'connected' as const, connection: created }
  }
}

/** The connections of the request's connector. */
async function listConnections(
  { connectors }: XpanderDeps,
  request: Request,
  call: RequestContext,
): Promise<RemoteConnection[]> {
  const { connectorKey, connectorName, attempt } = request
  const connector = connectors.find(connectorKey, connectorName, call)
  return connectionsOf(await (attempt.isRetry ? connector.catch(rethrowIndeterminate) : connector))
}

/** The connection with the name that only this link uses, unless another link owns it. */
async function findOwn(
  connections: readonly RemoteConnection[],
  request: Request,
): Promise<RemoteConnection | undefined> {
  const name = uniqueName(request)
  const match = connections.find((connection) => connection.name === name)
  return match && !(await request.attempt.isClaimed(match.remoteId)) ? match : undefined
}
