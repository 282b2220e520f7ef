import { errorCodeOf } from '../../domain/errors.ts'
import { detached } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import { deletePendingConnection, showPendingConnection } from '../../store/connections.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { revokeAtProviderInBackground } from './revoke-at-provider.ts'
import { type TransitionRequest, transitionLink } from './transition-link.ts'

export type EndTransition = Omit<TransitionRequest, 'at' | 'connectionId'>

/** Ends a link that is still open without a connection; what was half made for it must not stay behind unseen. `false`: it had ended. */
export async function endLink(
  context: ConnectContext,
  link: ConnectLinkRow,
  end: EndTransition,
): Promise<boolean> {
  const before = await context.db.transaction().execute(async (transaction) => {
    const moved = await transitionLink(transaction, link.id, { ...end, at: context.now() })
    if (moved && pendingConnectionId(moved) !== null)
      await showPendingConnection(transaction, moved.accountKey, moved.remoteConnectionId ?? '')
    return moved
  })
  if (before !== undefined) await removePendingConnection(context, before)
  return before !== undefined
}

/** Only after the provider was asked once more: what was finished in the last second counts. */
export async function expireIfDue(
  context: ConnectContext,
  link: ConnectLinkRow,
  end: EndTransition = { toStatus: 'EXPIRED', source: 'TIMEOUT', reason: null },
): Promise<void> {
  // What the provider said before the end is not its last word.
  const askedAt = link.checkedAt ?? context.now()
  if (link.expiresAt === null || link.expiresAt > askedAt) return
  const outlivesOurs = link.watchUntil !== null && link.watchUntil > context.now()
  if ((await endLink(context, link, end)) && outlivesOurs) revokeAtProviderInBackground(context, [link])
}

/** What an ended link may have left at its provider, because that could not be reached: what was half made, and the link itself. */
export async function cleanUpEndedLink(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  if (link.revokedAtProvider === null) revokeAtProviderInBackground(context, [link])
  await removePendingConnection(context, link)
}

/** What the provider made for this link before anybody had authorised it. A connection that is only renewed is never touched. */
const pendingConnectionId = ({ purpose, remoteConnectionId: remoteId }: ConnectLinkRow) =>
  purpose === 'CONNECT' ? remoteId : null

/**
 * Removes it at the provider, after seeing that it was never finished: the end user may have come later than anybody
 * read the link. Where that fails it stays in the list, for everybody to see, and the next look at the link tries again.
 */
async function removePendingConnection(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  const { db, providers, log, now } = context
  const { accountKey, direction, connectorKey } = link
  const remoteId = pendingConnectionId(link)
  const provider = providers.byAccountKey(accountKey)
  if (remoteId === null || provider?.adapter.disconnect === undefined) return
  // Not a reader's signal: it may leave, and the connection would stay.
  const call = detached()
  const reference = { remoteId, direction, connectorKey }
  // Caught, because the link has ended whether or not its provider can be reached.
  try {
    const present = await provider.adapter.getConnection(reference, call)
    // It has been finished all the same: asked about once more, the link keeps its status and its connection is noted.
    if (present !== null && present.status !== 'PENDING')
      return updateLink(db, link.id, { nextCheckAt: now() })
    if (present !== null) await provider.adapter.disconnect(reference, call)
    await deletePendingConnection(db, accountKey, remoteId)
    await updateLink(db, link.id, { nextCheckAt: null })
  } catch (error) {
    log.warn(
      { provider: provider.key, linkId: link.id, code: errorCodeOf(error) },
      'a half-made connection could not be removed',
    )
  }
}
