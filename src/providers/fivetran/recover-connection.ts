import type { RequestContext } from '../../http/http-types.ts'
import { parseDate } from '../parse-date.ts'
import { type FivetranDeps, findBySchema } from './api.ts'
import type { ConnectionResponse } from './connection.ts'
import { destinationName, type FivetranRequest, groupOf } from './new-connection.ts'

/**
 * Finds the connection that an earlier attempt for this link has created at Fivetran. Never returns a
 * connection of another link.
 */
export async function recoverConnection(
  { http, group, toGatewayTime }: FivetranDeps,
  request: FivetranRequest,
  call: RequestContext,
): Promise<ConnectionResponse | undefined> {
  const { name, isUnique } = destinationName(request)
  const connection = await findBySchema(http, { group: groupOf(request, group), schema: name }, call)
  if (connection === undefined || !mayBelongTo(connection, request)) return undefined
  if (!isUnique && !isCreatedSince(connection, request.attempt.since, toGatewayTime)) return undefined
  return (await request.attempt.isClaimed(connection.id)) ? undefined : connection
}

/** No end user has received the connection's card, so it cannot be connected yet. */
const mayBelongTo = ({ service, status }: ConnectionResponse, { connectorKey }: FivetranRequest) =>
  service === connectorKey && status?.setup_state === 'incomplete'

/**
 * A name set by the caller may belong to any connection: one created before the first attempt is not this link's. A time
 * that cannot be compared is no evidence.
 */
function isCreatedSince(
  { created_at }: ConnectionResponse,
  since: Date,
  toGatewayTime: FivetranDeps['toGatewayTime'],
): boolean {
  const createdAt = parseDate(created_at)
  const at = createdAt && toGatewayTime(createdAt)
  return at !== null && at.latest >= since
}
