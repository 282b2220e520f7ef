import type { RequestContext } from '../../http/http-types.ts'
import { parseDate } from '../parse-date.ts'
import { type FivetranDeps, findBySchema } from './api.ts'
import type { ConnectionAnswer } from './connection.ts'
import { destinationName, type FivetranRequest, groupOf } from './new-connection.ts'

/** The connection that an earlier try at this link has left at Fivetran, if there is one: never somebody else's. */
export async function recoverConnection(
  { http, group }: FivetranDeps,
  request: FivetranRequest,
  call: RequestContext,
): Promise<ConnectionAnswer | undefined> {
  const { name, isUnique } = destinationName(request)
  const found = await findBySchema(http, { group: groupOf(request, group), schema: name }, call)
  if (found === undefined || !isOfThisLink(found, request)) return undefined
  if (!isUnique && !isMadeSince(found, request.attempt.since)) return undefined
  return (await request.attempt.isClaimed(found.id)) ? undefined : found
}

/** Nobody has ever got its card, so it cannot be connected yet. */
const isOfThisLink = ({ service, status }: ConnectionAnswer, { connectorKey }: FivetranRequest) =>
  service === connectorKey && status?.setup_state === 'incomplete'

/** A name that the caller chose may be anybody's: what was there before the first attempt is not ours. */
function isMadeSince({ created_at }: ConnectionAnswer, since: Date): boolean {
  const createdAt = parseDate(created_at)
  // Some published times have no fraction of a second.
  const wholeSecond = Math.floor(since.getTime() / 1000) * 1000
  return createdAt !== null && createdAt.getTime() >= wholeSecond
}
