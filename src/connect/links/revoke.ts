import { ConflictError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { updateLink } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { endLink } from './end-link.ts'
import { getLinkOrThrow } from './get-link.ts'
import { revokeAtProvider } from './revoke-at-provider.ts'

export interface RevokedLink {
  readonly connectLink: ConnectLinkRow
  /** `false`: the provider cannot revoke links, or no longer had this one. */
  readonly revokedAtProvider: boolean
}

/**
 * Ends a link at the gateway, then revokes it at its provider where that is possible. If the provider cannot be
 * reached, the call fails but the link stays REVOKED, and a repeated call retries at the provider.
 */
export async function revokeConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  id: string,
): Promise<RevokedLink> {
  const link = await getLinkOrThrow(context, viewer, id)
  requireWithinLimits(viewer, context, link)
  await endLink(context, link, { toStatus: 'REVOKED', source: 'API_CALL', reason: null })
  const ended = await getLinkOrThrow(context, viewer, id)
  if (ended.status !== 'REVOKED') {
    throw new ConflictError('INVALID_STATE', `The link is ${ended.status} already.`)
  }
  const revocation = ended.revokedAtProvider === null ? revokeAtProvider(context, ended) : undefined
  const revokedAtProvider =
    ended.revokedAtProvider ?? (revocation ? await context.waitUntil(revocation) : false)
  await updateLink(context.db, id, { revokedAtProvider })
  return { connectLink: await getLinkOrThrow(context, viewer, id), revokedAtProvider }
}
