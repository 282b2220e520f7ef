import type { RequestContext } from '../../http/http-types.ts'
import type { LinkOutcome, LinkRequest, RemoteConnection } from '../adapter.ts'
import { mayHaveActed, rethrowIndeterminate } from '../indeterminate.ts'
import { assertTrustedUrl, type TrustedHosts } from '../trusted-url.ts'
import { connectionsOf, toConnection } from './catalogue.ts'
import type { Connectors } from './connectors.ts'
import { type LinkOptions, newConnection, toOpenedLink, uniqueName } from './new-connection.ts'

/** What links are made with. */
interface Tools {
  readonly connectors: Connectors
  readonly hosts: TrustedHosts
}

type Request = LinkRequest<LinkOptions>

/** Connects with the credentials that were given, else answers the connector's page. */
export async function createLink(deps: Tools, request: Request, call: RequestContext): Promise<LinkOutcome> {
  const { connectorKey, options, attempt } = request
  const isPage = options.security == null
  // With credentials the connection is there at once, and nothing has to be told apart later.
  const before = isPage || attempt.isRetry ? await present(deps, request, call) : []
  const left = attempt.isRetry ? await ownAmong(before, request) : undefined
  if (left) return { kind: 'connected', connection: left }
  const name = uniqueName(request)
  const answer = await connectOrFind(deps, request, call)
  if (answer.kind === 'connected') return answer
  if (answer.kind === 'made') {
    const connection = toConnection({ ...answer, name: answer.name ?? name }, connectorKey)
    return { kind: 'connected', connection }
  }
  const baseline = isPage ? before.map(({ remoteId }) => remoteId) : null
  return {
    ...toOpenedLink(answer, { baseline, name, pendingId: answer.id ?? null }),
    url: assertTrustedUrl(answer.connector_page_url, deps.hosts),
  }
}

/** Never a second one: when the answer is lost, the connection may be there all the same. */
async function connectOrFind(deps: Tools, request: Request, call: RequestContext) {
  // Caught to look for what the call may have made, then thrown on.
  try {
    return await deps.connectors.connect(request.connectorKey, newConnection(request), call)
  } catch (error) {
    if (!mayHaveActed(error)) throw error
    const made = await present(deps, request, call)
      .then((connections) => ownAmong(connections, request))
      .catch(() => undefined)
    if (made === undefined) throw error
    return { kind: 'connected' as const, connection: made }
  }
}

async function present(
  { connectors }: Tools,
  request: Request,
  call: RequestContext,
): Promise<RemoteConnection[]> {
  const { connectorKey, connectorName, attempt } = request
  const found = connectors.find(connectorKey, connectorName, call)
  return connectionsOf(await (attempt.isRetry ? found.catch(rethrowIndeterminate) : found))
}

/** The connection under the name that only this link asks for. */
async function ownAmong(
  connections: readonly RemoteConnection[],
  request: Request,
): Promise<RemoteConnection | undefined> {
  const name = uniqueName(request)
  const named = connections.find((connection) => connection.name === name)
  return named && !(await request.attempt.isClaimed(named.remoteId)) ? named : undefined
}
