import { codeOf } from '../../domain/errors.ts'
import { uncancelled } from '../../http/http-types.ts'
import { updateLink } from '../../store/connect-links.ts'
import { forgetConnection, listHalfMade } from '../../store/connections.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { takeBackAtProvider } from './revoke-at-provider.ts'
import { type Move, moveLink } from './transition-link.ts'

export type End = Omit<Move, 'at' | 'connection_id'>

/** Ends a link that is still open without a connection; what was half made for it must not stay behind unseen. `false`: it had ended. */
export async function endLink(context: ConnectContext, link: ConnectLinkRow, end: End): Promise<boolean> {
  const before = await context.db.transaction().execute(async (transaction) => {
    const moved = await moveLink(transaction, link.id, { ...end, at: context.now() })
    if (moved && halfMadeOf(moved) !== null)
      await listHalfMade(transaction, moved.scope, moved.remote_connection_id ?? '')
    return moved
  })
  if (before !== undefined) await removeHalfMade(context, before)
  return before !== undefined
}

/** Only after the provider was asked once more: what was finished in the last second counts. */
export async function expireIfDue(
  context: ConnectContext,
  link: ConnectLinkRow,
  end: End = { to_status: 'EXPIRED', source: 'GATEWAY_CLOCK', reason: null },
): Promise<void> {
  // What the provider said before the end is not its last word.
  const askedAt = link.checked_at ?? context.now()
  if (link.expires_at === null || link.expires_at > askedAt) return
  const outlivesOurs = link.watch_until !== null && link.watch_until > context.now()
  if ((await endLink(context, link, end)) && outlivesOurs) takeBackAtProvider(context, [link])
}

/** What an ended link may have left at its provider, because that could not be reached: what was half made, and the link itself. */
export async function clearAway(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  if (link.revoked_at_provider === null) takeBackAtProvider(context, [link])
  await removeHalfMade(context, link)
}

/** What the provider made for this link before anybody had authorised it. A connection that is only renewed is never touched. */
const halfMadeOf = ({ purpose, remote_connection_id: remoteId }: ConnectLinkRow) =>
  purpose === 'CONNECT' ? remoteId : null

/**
 * Removes it at the provider, after seeing that it was never finished: the end user may have come later than anybody
 * read the link. Where that fails it stays in the list, for everybody to see, and the next look at the link tries again.
 */
async function removeHalfMade(context: ConnectContext, link: ConnectLinkRow): Promise<void> {
  const { db, providers, log, now } = context
  const { scope, direction, connector_key: connectorKey } = link
  const remoteId = halfMadeOf(link)
  const provider = providers.ofScope(scope)
  if (remoteId === null || provider?.adapter.disconnect === undefined) return
  // Not a reader's signal: it may leave, and the connection would stay.
  const call = uncancelled()
  const reference = { remoteId, direction, connectorKey }
  // Caught, because the link has ended whether or not its provider can be reached.
  try {
    const present = await provider.adapter.getConnection(reference, call)
    // It has been finished all the same: asked about once more, the link keeps its status and its connection is noted.
    if (present !== null && present.status !== 'PENDING')
      return updateLink(db, link.id, { next_check_at: now() })
    if (present !== null) await provider.adapter.disconnect(reference, call)
    await forgetConnection(db, scope, remoteId)
    await updateLink(db, link.id, { next_check_at: null })
  } catch (error) {
    log.warn(
      { provider: provider.key, linkId: link.id, code: codeOf(error) },
      'a half-made connection could not be removed',
    )
  }
}
