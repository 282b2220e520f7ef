import { ConflictError, NotFoundError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findLinks, updateLink } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { canAccess } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { endLink } from './end-link.ts'
import { revokeAtProvider } from './revoke-at-provider.ts'

export interface RevokedLink {
  readonly connectLink: ConnectLinkRow
  /** `false`: the provider cannot take links back, or no longer had this one. */
  readonly revokedAtProvider: boolean
}

/**
 * Closes a link's door at once, then takes the link back at its provider where that is possible. If the provider cannot be
 * reached the door is closed all the same, and a repetition tries again there.
 */
export async function revokeConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  id: string,
): Promise<RevokedLink> {
  const link = await demandLink(context, viewer, id)
  await endLink(context, link, { toStatus: 'REVOKED', source: 'API_CALL', reason: null })
  const ended = await demandLink(context, viewer, id)
  if (ended.status !== 'REVOKED') {
    throw new ConflictError('INVALID_STATE', `The link is ${ended.status} already.`)
  }
  const asked = ended.revokedAtProvider === null ? revokeAtProvider(context, ended) : undefined
  const revokedAtProvider = ended.revokedAtProvider ?? (asked ? await context.waitUntil(asked) : false)
  await updateLink(context.db, id, { revokedAtProvider })
  return { connectLink: await demandLink(context, viewer, id), revokedAtProvider }
}

async function demandLink({ db }: ConnectContext, viewer: Viewer, id: string): Promise<ConnectLinkRow> {
  const [link] = await findLinks(db, [id])
  if (link === undefined || !canAccess(viewer, link.endUserId))
    throw new NotFoundError('There is no such link.')
  return link
}
