import type { TransitionSource } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findLastTransition } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { changeOpenLink } from './change-open-link.ts'
import { getLinkOrThrow } from './get-link.ts'
import { isActive } from './hand-over-state.ts'
import { recordFailure } from './transition-link.ts'

/** Cancels the attempt for the caller of the API. Returns the link. Throws NotFoundError or InvalidInputError. */
export async function cancelConnectLinkAttempt(
  context: ConnectContext,
  viewer: Viewer,
  id: string,
): Promise<ConnectLinkRow> {
  const link = await getLinkOrThrow(context, viewer, id)
  requireWithinLimits(viewer, context, link)
  await cancelAttempt(context, id, 'API_CALL')
  return getLinkOrThrow(context, viewer, id)
}

/**
 * Records that the end user gave the attempt up; the link stays usable. `false`: there is nothing to give up. The link has
 * ended, is held or is a colleague's by now, or the last attempt has failed already, for a reason that says more.
 */
export function cancelAttempt(
  context: ConnectContext,
  linkId: string,
  source: Extract<TransitionSource, 'API_CALL' | 'HOSTED_PAGE'>,
): Promise<boolean> {
  return changeOpenLink(context, linkId, async (transaction, { link, handOver, at }) => {
    if (handOver !== undefined && isActive(handOver, at)) return false
    const last = await findLastTransition(transaction, linkId)
    if (last === undefined || last.failureCode !== null) return false
    await recordFailure(transaction, link, { at, source, failure: { code: 'CANCELLED', message: null } })
    return true
  })
}
