import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress, RemoteLink, RemoteReference } from '../adapter.ts'
import { connectionMissing, type FivetranDeps, getConnection } from './api.ts'
import { type ConnectionAnswer, isConnected, toConnection } from './connection.ts'
import { newCard, openedCard } from './link.ts'
import type { FivetranRequest } from './new-connection.ts'

/** What a reconnect link remembers: a connection that already works gives no sign of being authorised anew. */
const reconnectState = z.object({
  remoteId: z.string(),
  wasInNeed: z.boolean(),
  /** Whoever paused the connection did not ask for it to start. */
  startSync: z.literal(false),
})

/** A new card for the connection that is there. */
export async function createReconnectLink(
  deps: FivetranDeps,
  { remoteId, request }: Pick<RemoteReference, 'remoteId'> & { readonly request: FivetranRequest },
  call: RequestContext,
): Promise<RemoteLink> {
  const present = await getConnection(deps.http, remoteId, call)
  if (present === null) throw connectionMissing(remoteId)
  const providerState: z.output<typeof reconnectState> = {
    remoteId,
    wasInNeed: isInNeed(present),
    startSync: false,
  }
  const card = await newCard(deps, { id: remoteId, request }, call)
  return {
    ...openedCard(card),
    remoteGroup: present.group_id ?? null,
    pendingConnection: null,
    providerState,
  }
}

/** What became of a link: of the connection made for it, or of the one to be authorised anew. */
export async function checkLink(
  { http }: FivetranDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const renewed = link.purpose === 'RECONNECT' ? reconnectState.parse(link.providerState) : null
  const remoteId = renewed?.remoteId ?? link.remoteConnectionId ?? ''
  const present = await getConnection(http, remoteId, call)
  if (present === null) return { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
  const isDone = renewed
    ? !isInNeed(present) && (renewed.wasInNeed || isReportedSince(link, remoteId))
    : isConnected(present)
  if (isDone) return { kind: 'completed', connection: toConnection(present) }
  return link.event?.kind === 'FAILED' ? { kind: 'open', setback: 'SETUP_TESTS_FAILED' } : { kind: 'open' }
}

const isInNeed = (connection: ConnectionAnswer) =>
  !isConnected(connection) || toConnection(connection).health === 'NEEDS_REAUTH'

/** A report without a time may be about a success of long ago, delivered late. */
function isReportedSince({ event, createdAt }: AdapterLink, remoteId: string): boolean {
  if (event?.kind !== 'CONNECTED' || event.remoteId !== remoteId || event.at === null) return false
  return event.at >= createdAt
}
