import type { RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress } from '../adapter.ts'
import { connectionDeleted, failureFromText } from '../link-failure.ts'
import { type Environment, findByLink, findListed } from './api.ts'
import { toConnection } from './connection.ts'

/**
 * The progress of a link. A connection has the ID of the link that has made, or last renewed, it as a tag, which Nango sets
 * with the authorization. Webhook events are hints: the result is based on connections read afterwards.
 */
export async function checkLink(
  environment: Environment,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const progress = link.purpose === 'RECONNECT' ? checkReconnect : checkConnect
  return (await progress(environment, link, call)) ?? openAfter(link)
}

/** A session can be used more than once, as long as it is not deleted: the first connection is that of the link. */
async function checkConnect(
  environment: Environment,
  { linkId }: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress | null> {
  const [made] = await findByLink(environment, linkId, call)
  return made ? { kind: 'completed', connection: toConnection(made) } : null
}

async function checkReconnect(
  environment: Environment,
  { linkId, remoteConnectionId, connectorKey, direction }: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress | null> {
  const reference = { remoteId: remoteConnectionId ?? '', connectorKey, direction }
  const connection = await findListed(environment, reference, call)
  if (connection === null) return connectionDeleted
  const isRenewed = connection.tags?.connect_link_id === linkId
  return isRenewed ? { kind: 'completed', connection: toConnection(connection) } : null
}

// SEEN: after a failure the same session can succeed.
const openAfter = ({ event }: AdapterLink): LinkProgress =>
  event?.kind === 'FAILED'
    ? { kind: 'open', failedAttempt: event.failure ?? failureFromText(null) }
    : { kind: 'open' }
