import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress, RemoteLink, RemoteReference } from '../adapter.ts'
import { connectionDeleted } from '../link-failure.ts'
import { connectionMissing, type FivetranDeps, getConnection } from './api.ts'
import { type ConnectionResponse, failedSetupTest, isConnected, toConnection } from './connection.ts'
import { createConnectCard, toRemoteLink } from './link.ts'
import type { FivetranRequest } from './new-connection.ts'

/** The `providerState` of a reconnect link. */
const reconnectState = z.object({
  remoteId: z.string(),
  /** Whether the connection needed reauthorization. If it did not, its state does not show that it was reauthorized. */
  wasInNeed: z.boolean(),
  /** A reconnect does not resume a paused connection. */
  startSync: z.literal(false),
})

/** Creates a new card for an existing connection. */
export async function createReconnectLink(
  deps: FivetranDeps,
  { remoteId, request }: Pick<RemoteReference, 'remoteId'> & { readonly request: FivetranRequest },
  call: RequestContext,
): Promise<RemoteLink> {
  const connection = await getConnection(deps.http, remoteId, call)
  if (connection === null) throw connectionMissing(remoteId)
  const providerState: z.output<typeof reconnectState> = {
    remoteId,
    wasInNeed: needsReauth(connection),
    startSync: false,
  }
  const card = await createConnectCard(deps, { id: remoteId, request }, call)
  return {
    ...toRemoteLink(card),
    remoteGroup: connection.group_id ?? null,
    pendingConnection: null,
    providerState,
  }
}

/** The progress of a link, from the connection that was created for it or that it reauthorizes. */
export async function checkLink(
  { http, toGatewayTime }: FivetranDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const reconnect = link.purpose === 'RECONNECT' ? reconnectState.parse(link.providerState) : null
  const remoteId = reconnect?.remoteId ?? link.remoteConnectionId ?? ''
  const connection = await getConnection(http, remoteId, call)
  if (connection === null) return connectionDeleted
  const isDone = reconnect
    ? !needsReauth(connection) &&
      // SEEN (docs of the Connect Card): the card redirects only after a success.
      (reconnect.wasInNeed || link.returnedAt !== null || isReportedSince(link, { remoteId, toGatewayTime }))
    : isConnected(connection)
  if (isDone) return { kind: 'completed', connection: toConnection(connection) }
  // A new connection has no test results before the first attempt; those of an older one may be of any age.
  const failedTest = link.purpose === 'CONNECT' ? failedSetupTest(connection) : null
  const failedAttempt = failedTest ?? (link.event?.kind === 'FAILED' ? unknownTest : null)
  return failedAttempt ? { kind: 'open', failedAttempt } : { kind: 'open' }
}

const unknownTest = { code: 'SETUP_TEST_FAILED', message: null } as const

const needsReauth = (connection: ConnectionResponse) =>
  !isConnected(connection) || toConnection(connection).health === 'NEEDS_REAUTH'

/**
 * Whether the event reports a success after the link was created. Without a time that can be compared, it may be a late
 * delivery of an old one.
 */
function isReportedSince(
  { event, createdAt }: AdapterLink,
  { remoteId, toGatewayTime }: Pick<RemoteReference, 'remoteId'> & Pick<FivetranDeps, 'toGatewayTime'>,
): boolean {
  if (event?.kind !== 'CONNECTED' || event.remoteId !== remoteId || event.at === null) return false
  const at = toGatewayTime(event.at)
  return at !== null && at.latest >= createdAt
}
