import { z } from 'zod'
import type { Call } from '../../http/http-types.ts'
import type { LinkProgress, OpenedLink, OpenLink, RemoteReference } from '../adapter.ts'
import { connectionMissing, getConnection, type Tools } from './api.ts'
import { type ConnectionAnswer, isConnected, toConnection } from './connection.ts'
import { newCard, openedCard } from './link.ts'
import type { FivetranRequest } from './new-connection.ts'

/** What a reconnect link remembers: a connection that already works gives no sign of being authorised anew. */
const reconnectMemo = z.object({
  remoteId: z.string(),
  wasInNeed: z.boolean(),
  /** Whoever paused the connection did not ask for it to start. */
  startSync: z.literal(false),
})

/** A new card for the connection that is there. */
export async function createReconnectLink(
  tools: Tools,
  { remoteId, request }: Pick<RemoteReference, 'remoteId'> & { readonly request: FivetranRequest },
  call: Call,
): Promise<OpenedLink> {
  const present = await getConnection(tools.http, remoteId, call)
  if (present === null) throw connectionMissing(remoteId)
  const memo: z.output<typeof reconnectMemo> = { remoteId, wasInNeed: isInNeed(present), startSync: false }
  const card = await newCard(tools, { id: remoteId, request }, call)
  return { ...openedCard(card), remoteGroup: present.group_id ?? null, halfMade: null, memo }
}

/** What became of a link: of the connection made for it, or of the one to be authorised anew. */
export async function checkLink({ http }: Tools, link: OpenLink, call: Call): Promise<LinkProgress> {
  const renewed = link.purpose === 'RECONNECT' ? reconnectMemo.parse(link.memo) : null
  const remoteId = renewed?.remoteId ?? link.remoteConnectionId ?? ''
  const present = await getConnection(http, remoteId, call)
  if (present === null) return { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
  const isDone = renewed
    ? !isInNeed(present) && (renewed.wasInNeed || isReportedSince(link, remoteId))
    : isConnected(present)
  if (isDone) return { kind: 'completed', connection: toConnection(present) }
  return link.news?.kind === 'FAILED' ? { kind: 'open', setback: 'SETUP_TESTS_FAILED' } : { kind: 'open' }
}

const isInNeed = (connection: ConnectionAnswer) =>
  !isConnected(connection) || toConnection(connection).health === 'NEEDS_REAUTH'

/** A report without a time may be about a success of long ago, delivered late. */
function isReportedSince({ news, createdAt }: OpenLink, remoteId: string): boolean {
  if (news?.kind !== 'CONNECTED' || news.remoteId !== remoteId || news.at === null) return false
  return news.at >= createdAt
}
