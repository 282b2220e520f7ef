import { ConflictError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { updateLink } from '../../store/connect-links.ts'
import { hashToken, newToken } from '../../store/encryption.ts'
import { recordBrowser } from '../../store/link-browsers.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { getLinkOrThrow } from './get-link.ts'
import { isEnded } from './status.ts'

/** Long enough to render a page with the claim and to press its button. */
const claimMs = 300_000

export interface LinkClaim {
  readonly connectLink: ConnectLinkRow
  /** One-time code that the browser posts to the URL of the link. */
  readonly claim: string
  readonly expiresAt: Date
}

/**
 * Creates the code with which the caller's browser claims the link; an earlier code that was not used becomes invalid.
 * Throws NotFoundError, InvalidInputError outside the limits of the session, or ConflictError if the link has ended, is held or has another guard.
 */
export async function claimConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  linkId: string,
): Promise<LinkClaim> {
  const link = await getLinkOrThrow(context, viewer, linkId)
  requireWithinLimits(viewer, context, link)
  if (link.guard !== 'SAME_BROWSER')
    throw new ConflictError('INVALID_STATE', `A link with the guard ${link.guard} cannot be claimed.`)
  if (isEnded(link.status) || link.heldUntil !== null)
    throw new ConflictError('INVALID_STATE', 'The link cannot be opened any more.')
  const claim = newToken()
  const expiresAt = new Date(context.now().getTime() + claimMs)
  await updateLink(context.db, link.id, { claimHash: hashToken(claim), claimExpiresAt: expiresAt })
  return { connectLink: link, claim, expiresAt }
}

/** Uses up a claim: the browser is one of the end user's. `false`: the claim is unknown, used or expired. */
export function redeemClaim(
  { db, now }: ConnectContext,
  linkId: string,
  { claim, browserToken }: { readonly claim: string; readonly browserToken: string },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const link = await lockLink(transaction, linkId)
    if (link?.claimHash !== hashToken(claim)) return false
    if (link.claimExpiresAt === null || link.claimExpiresAt <= now()) return false
    await updateLink(transaction, linkId, { claimHash: null, claimExpiresAt: null })
    await recordBrowser(transaction, { linkId, browserHash: hashToken(browserToken), claimed: true })
    return true
  })
}
