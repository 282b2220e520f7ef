import type { TransitionSource } from '../../domain/statuses.ts'
import { toPlainText } from '../../domain/valid-text.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { Database } from '../../store/database.ts'
import { updateHandOver } from '../../store/hand-overs.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { changeOpenLink, type OpenLinkState } from './change-open-link.ts'
import { getLinkOrThrow } from './get-link.ts'
import { maxMessageLength } from './hand-over.ts'
import { isActive } from './hand-over-state.ts'
import { recordEntry, recordFailure } from './transition-link.ts'

/** Takes a link back for the caller of the API; changes nothing if it is not handed over, or has ended. Throws NotFoundError or InvalidInputError. */
export async function takeBackConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  id: string,
): Promise<ConnectLinkRow> {
  const link = await getLinkOrThrow(context, viewer, id)
  requireWithinLimits(viewer, context, link)
  await takeBack(context, id, 'API_CALL')
  return getLinkOrThrow(context, viewer, id)
}

/** Ends the colleague's address: the end user's own works again. `false`: it was not handed over, or the link has ended or is held. */
export function takeBack(
  context: ConnectContext,
  linkId: string,
  source: Extract<TransitionSource, 'API_CALL' | 'HOSTED_PAGE'>,
): Promise<boolean> {
  return changeActive(context, { linkId }, async (transaction, { link, handOver, at }) => {
    await updateHandOver(transaction, handOver, { endedAt: at, endReason: 'TAKEN_BACK' })
    await recordEntry(transaction, link, { at, source, reason: 'TAKEN_BACK' })
  })
}

/**
 * Ends a hand-over in which the colleague declines; the reason becomes the message of the failed attempt. `false`: it was
 * over already, or the link has ended or is held.
 */
export function decline(
  context: ConnectContext,
  declined: Pick<LinkHandOverRow, 'linkId' | 'number'>,
  reason: string | null,
): Promise<boolean> {
  const declineReason = toPlainText(reason ?? '', maxMessageLength)
  return changeActive(context, declined, async (transaction, { link, handOver, at }) => {
    await updateHandOver(transaction, handOver, { endedAt: at, endReason: 'DECLINED', declineReason })
    const failure = { code: 'DECLINED', message: declineReason } as const
    await recordFailure(transaction, link, { at, source: 'COLLEAGUE', failure })
  })
}

/** Records that the colleague has seen the page; later visits change nothing. */
export function markSeen(
  context: ConnectContext,
  seen: Pick<LinkHandOverRow, 'linkId' | 'number'>,
): Promise<boolean> {
  return changeActive(context, seen, async (transaction, { link, handOver, at }) => {
    if (handOver.openedAt !== null) return
    await updateHandOver(transaction, handOver, { openedAt: at })
    await recordEntry(transaction, link, { at, source: 'COLLEAGUE', reason: 'OPENED_BY_COLLEAGUE' })
  })
}

type Active = OpenLinkState & { readonly handOver: LinkHandOverRow }

/** Changes the active hand-over of an open link, while the link is locked. `false`: that one is not active any more. */
function changeActive(
  context: ConnectContext,
  { linkId, number }: { readonly linkId: string; readonly number?: number },
  change: (transaction: Database, active: Active) => Promise<void>,
): Promise<boolean> {
  return changeOpenLink(context, linkId, async (transaction, { handOver, ...state }) => {
    if (handOver === undefined || !isActive(handOver, state.at)) return false
    if (number !== undefined && handOver.number !== number) return false
    await change(transaction, { ...state, handOver })
    return true
  })
}
